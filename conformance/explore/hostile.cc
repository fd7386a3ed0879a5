#include "conformance/explore/hostile.h"

#include "conformance/explore/numbers.h"

namespace cmb::conformance::explore {
namespace {

using scenario::Node;

// The value of one field, by what kind it is.
enum class Kind { kText, kAny64, kAny32, kSmall, kBool, kModules, kNumbers };

struct Path {
  const char* path;
  Kind kind;
};

constexpr Path kHeader[] = {{"schema_version", Kind::kSmall},
                            {"msg_type", Kind::kSmall},
                            {"message_id", Kind::kText},
                            {"correlation_id", Kind::kText},
                            {"source", Kind::kText},
                            {"targets", Kind::kModules},
                            {"channel", Kind::kText},
                            {"stream_id", Kind::kText},
                            {"sequence", Kind::kAny64},
                            {"idempotency_key", Kind::kText},
                            {"attempt", Kind::kAny32},
                            {"ttl_ms", Kind::kAny64},
                            {"traceparent", Kind::kText},
                            {"tracestate", Kind::kText},
                            {"created_wall_ms", Kind::kAny64},
                            {"critical", Kind::kNumbers},
                            {"policy", Kind::kBool},
                            {"redrive_of", Kind::kText},
                            {"policy.delivery_ack_ms", Kind::kAny64},
                            {"policy.backoff_first_ms", Kind::kAny64},
                            {"policy.backoff_max_ms", Kind::kAny64}};

constexpr Path kAck[] = {{"ack.ack_type", Kind::kSmall},
                         {"ack.status", Kind::kSmall},
                         {"ack.correlation_id", Kind::kText},
                         {"ack.attempt", Kind::kAny32},
                         {"ack.error_code", Kind::kSmall},
                         {"ack.note", Kind::kText},
                         {"ack.processing_time_ms", Kind::kAny64},
                         {"ack.retryable", Kind::kBool},
                         {"ack.progress_number", Kind::kAny64},
                         {"ack.percent", Kind::kAny32},
                         {"ack.eta_ms", Kind::kAny64},
                         {"ack.hold_ms", Kind::kAny64},
                         {"ack.started", Kind::kBool},
                         {"ack.memory_ms", Kind::kAny64},
                         {"ack.never_forwarded", Kind::kBool},
                         {"ack.truncated", Kind::kBool}};

std::string DrawText() {
  static const std::vector<std::size_t> kLengths{1, 2, 254, 255, 256, 4'097};
  static const std::vector<std::string> kTexts{"sender", "router", "target", "other", "@router",
                                               "@asked", "main",   "talk",   "job"};
  return OneIn(3) ? std::string(OneOf(kLengths), 'x') : OneOf(kTexts);
}

Node DrawModules() {
  static const std::vector<std::vector<std::string>> kLists{
      {"other"}, {"target"}, {"sender"}, {"@router"}, {"target", "other"}, {"target", "target"}};
  return List(OneOf(kLists));
}

Node ValueOf(const Path& path) {
  static const std::vector<std::string> kSmall{"0", "1", "2", "3", "4", "5", "6", "7", "8", "99"};
  if (OneIn(4)) {
    return Text("absent");
  }
  switch (path.kind) {
    case Kind::kText:
      return Text(DrawText());
    case Kind::kAny64:
      return Text(std::to_string(DrawAny64()));
    case Kind::kAny32:
      return Text(std::to_string(DrawAny32()));
    case Kind::kSmall:
      return Text(OneOf(kSmall));
    case Kind::kBool:
      return Text(std::string(path.path) == "policy" ? "absent" : "true");
    case Kind::kModules:
      return DrawModules();
    case Kind::kNumbers:
      return List({OneOf(kSmall)});
  }
  return Text("absent");
}

template <std::size_t kSize>
void PutOne(Fields& set, const Path (&paths)[kSize]) {
  const Path& path = paths[Below(kSize)];
  set.Put(path.path, ValueOf(path));
}

void PutSet(Fields& act, bool ack, bool in_batch) {
  Fields set;
  if (ack && (in_batch || !OneIn(3))) {
    PutOne(set, kAck);
  } else {
    PutOne(set, kHeader);
  }
  if (ack && OneIn(4)) {
    PutOne(set, kAck);
  }
  if (!in_batch && OneIn(12)) {
    set.Put("unknown.4711", "68656c6c6f");
  }
  act.Put("set", set.node());
}

}  // namespace

const std::string& DrawCorruption() {
  static const std::vector<std::string> kHarms{
      "no_header",        "no_payload",   "extra_frame",     "empty_header",
      "truncated_header", "not_protobuf", "wrong_wire_type", "bad_utf8",
      "group_header",     "zero_tag",     "length_overrun"};
  return OneOf(kHarms);
}

void PutHarm(Fields& act, bool ack, bool in_batch) {
  if (OneIn(in_batch ? 6 : 7)) {
    PutSet(act, ack, in_batch);
  } else if (!in_batch && OneIn(15)) {
    act.Put("corrupt", DrawCorruption());
  }
}

Node RawStep(const std::string& by) {
  static const std::vector<std::vector<std::string>> kFrames{
      {"00"}, {"", ""}, {"08", "00"}, {"ffff", ""}, {"0801", "", "00"}, {"0801"}};
  static const std::vector<std::string> kSockets{"main", "ack_ingress", "ack_egress"};
  Fields step;
  step.Put("raw", List(OneOf(kFrames))).Put("by", by).Put("on", OneOf(kSockets));
  return step.node();
}

}  // namespace cmb::conformance::explore
