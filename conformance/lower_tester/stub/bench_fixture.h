// What the bench's tests share: a bench on the stub IUT in one mood, and short words for cases and
// results.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conformance/lower_tester/lock_step_bench.h"
#include "proto/wire/frame_codec.h"

namespace cmb::conformance::stub {

inline LockStepOptions Mood(const std::string& mood) {
  return {.command = {CMB_BIN_DIR "/cmb-stub-iut", mood},
          .guards = {.hello = kHelloGuard, .reply = kReplyGuard}};
}

inline CaseSettings SenderCase(const std::string& id_prefix = "a-") {
  CaseSettings settings;
  settings.role = ack::v1::ROLE_SENDER;
  settings.module_id = "sender";
  settings.connected = {"target"};
  settings.absent = {"ghost"};
  settings.settings.set_id_prefix(id_prefix);
  return settings;
}

inline CaseSettings RouterCase(std::vector<std::string> connected = {"sender", "target"}) {
  CaseSettings settings;
  settings.role = ack::v1::ROLE_ROUTER;
  settings.module_id = kRouterId;
  settings.connected = std::move(connected);
  return settings;
}

inline control::v1::Request SendRequest() {
  control::v1::Request request;
  request.mutable_send()->set_channel("main");
  request.mutable_send()->set_target("target");
  request.mutable_send()->set_ttl_ms(1000);
  return request;
}

inline ack::v1::CognitiveMessage HeaderOf(const WireMessage& message) {
  const auto decoded = wire::Decode(message.frames);
  const auto* value = std::get_if<wire::Decoded>(&decoded);
  return value == nullptr ? ack::v1::CognitiveMessage{} : value->header;
}

// A MESSAGE, or anything that a test needs to recognise, named `id`.
inline Frames Named(const std::string& id, const std::string& target = "sender") {
  ack::v1::CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(ack::v1::MSG_TYPE_MESSAGE);
  header.set_message_id(id);
  header.set_source("target");
  header.add_targets(target);
  return wire::Encode(header, "");
}

// The notes of the stub's events in all exchanges: "socket peer id".
inline std::vector<std::string> NotesOf(const StepResult& step) {
  std::vector<std::string> notes;
  for (const Exchange& exchange : step.exchanges) {
    for (const ack::v1::Event& event : exchange.reply.events()) {
      notes.push_back(event.anomaly().note());
    }
  }
  return notes;
}

}  // namespace cmb::conformance::stub
