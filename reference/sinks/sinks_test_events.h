// An event, a place to keep it and a way to read it back, for tests of sinks.
//
// Header only, as its users are tests. Threads: the test's.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "cmb/ack/v1/record.pb.h"
#include "reference/sinks/json_line.h"
#include "reference/testing/fresh_directory.h"

namespace cmb::reference {

inline ack::v1::Event Routed(std::uint64_t number, const std::string& id = "abc-123") {
  ack::v1::Event event;
  event.set_number(number);
  auto& transition = *event.mutable_transition();
  transition.set_message_id(id);
  transition.set_old_state(ack::v1::STATE_SEND_PENDING);
  transition.set_new_state(ack::v1::STATE_ROUTED);
  transition.set_reason(ack::v1::REASON_ROUTER_ACK);
  transition.set_role(ack::v1::ROLE_SENDER);
  return event;
}

inline std::vector<std::string> Lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

inline ack::v1::Event Parsed(const std::string& line) {
  const auto event = FromJsonLine(line);
  EXPECT_TRUE(event) << line;
  return event.value_or(ack::v1::Event());
}

}  // namespace cmb::reference
