// The table of reasons is that of the specification.
#include "conformance/oracle/reasons.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Reason;

Reason OfPhase(const std::string& state) {
  if (state == "SEND_PENDING") {
    return ack::v1::REASON_ROUTER_ACK_TIMEOUT;
  }
  return state == "ROUTED" ? ack::v1::REASON_DELIVERY_ACK_TIMEOUT
                           : ack::v1::REASON_EXECUTION_TIMEOUT;
}

// What the words of the tables stand for: `phase` and `type` are no reasons of their own.
std::vector<Reason> Meant(const std::string& word, const std::string& state) {
  if (word == "phase") {
    return {OfPhase(state)};
  }
  if (word == "type") {
    return {ack::v1::REASON_EXECUTION_ACK, ack::v1::REASON_PROGRESS_ACK, ack::v1::REASON_RECEIPT};
  }
  return {wire::ParseWord<Reason>(word).value()};
}

TEST(Reasons, AreThoseOfTheTablesOfTheSpecification) {
  std::ifstream in(CMB_SOURCE_DIR "/spec/machines.json");
  int changes = 0;
  for (const auto& cell : nlohmann::json::parse(in)) {
    if (cell.at("kind") != "go") {
      continue;
    }
    ++changes;
    const auto text = [&cell](const char* key) { return cell.at(key).get<std::string>(); };
    std::string role = text("machine");
    std::transform(role.begin(), role.end(), role.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const ReasonRow* row = ReasonsOf(wire::ParseWord<ack::v1::Role>(role).value(),
                                     wire::ParseWord<ack::v1::State>(text("state")).value(),
                                     wire::ParseWord<ack::v1::State>(text("new_state")).value());
    ASSERT_NE(row, nullptr) << cell;
    for (const Reason reason : Meant(text("reason"), text("state"))) {
      EXPECT_EQ(std::count(row->reasons.begin(), row->reasons.end(), reason), 1) << cell;
    }
  }
  EXPECT_GT(changes, 50);
}

}  // namespace
}  // namespace cmb::conformance::oracle
