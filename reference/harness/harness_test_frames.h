// Settings, requests and frames that the harness's tests share, and how they
// read what came. Header only, as its users are tests.
#pragma once

#include <string>
#include <vector>

#include "proto/wire/words.h"
#include "reference/harness/harness_test_driver.h"
#include "reference/shell/test_headers.h"
#include "reference/sinks/event_line.h"

namespace cmb::reference {

using control::v1::Reply;
using control::v1::Request;

inline control::v1::Settings Settings(const std::string& id_prefix = "case-") {
  control::v1::Settings settings;
  settings.set_id_prefix(id_prefix);
  settings.add_jitter_factors(1.0);
  settings.set_wall_base_ms(1'000'000);
  return settings;
}

inline Request SendRequest() {
  Request request;
  auto& send = *request.mutable_send();
  send.set_channel("main");
  send.set_target("target");
  send.set_payload("hello");
  send.set_ttl_ms(300'000);
  send.mutable_policy()->set_router_ack_ms(1000);
  send.mutable_policy()->set_max_retries(0);
  return request;
}

inline wire::Frames MessageFrames(const std::string& id, std::uint64_t ttl_ms = 300'000) {
  auto header = MessageHeader(id);
  header.set_ttl_ms(ttl_ms);
  header.mutable_policy()->set_backoff_first_ms(1000);
  return wire::Encode(header, "payload of " + id);
}

inline wire::Frames AckFrames(const std::string& from, const std::string& to, ack::v1::AckType type,
                              ack::v1::Status status, const std::string& id) {
  return wire::Encode(AckHeaderOf(from, to, type, status, id), "");
}

inline std::vector<std::string> Lines(const Reply& reply) {
  std::vector<std::string> lines;
  for (const auto& event : reply.events()) {
    lines.push_back(EventLine(event));
  }
  return lines;
}

inline std::string Ack(const Seen& seen) {
  const auto& ack = seen.header.ack();
  return wire::Word(ack.ack_type()) + "/" + wire::Word(ack.status()) + " " + ack.correlation_id();
}

using Strings = std::vector<std::string>;

}  // namespace cmb::reference
