// MESSAGEs and PINGs at a router (3.5, 5.1, 5.2).
#include <algorithm>
#include <utility>

#include "conformance/oracle/tables/router_machine.h"

namespace cmb::conformance::oracle::tables::router {
namespace {

using ack::v1::CognitiveMessage;
using ack::v1::ErrorCode;

constexpr int kMostMetadata = 32;
constexpr std::uint64_t kTakenPayloadBytes = 1'048'576;

bool HasWrongNames(const CognitiveMessage& header) {
  const bool query = header.msg_type() == ack::v1::MSG_TYPE_QUERY;
  const bool named = header.targets_size() == 1 &&
                     (query ? header.targets(0) == kRouter : IsModuleId(header.targets(0)));
  return header.message_id().size() > kLongestId || header.message_id().starts_with('@') ||
         !named || (header.msg_type() == ack::v1::MSG_TYPE_MESSAGE && header.attempt() == 0);
}

}  // namespace

// Rows 1 to 3 of 5.2.
ErrorCode Machine::RefusalByHeader(const CognitiveMessage& header) const {
  const bool query = header.msg_type() == ack::v1::MSG_TYPE_QUERY && bounds_.IsTracked();
  if (header.schema_version() != 1 || header.critical_size() > 0) {
    return ack::v1::ERROR_CODE_UNSUPPORTED_VERSION;
  }
  if (header.msg_type() != ack::v1::MSG_TYPE_MESSAGE && !query) {
    return ack::v1::ERROR_CODE_UNSUPPORTED_MESSAGE_TYPE;
  }
  return HasWrongNames(header) ? ack::v1::ERROR_CODE_VALIDATION_ERROR
                               : ack::v1::ERROR_CODE_UNSPECIFIED;
}

// The code of the first row of 5.2 that applies.
ErrorCode Machine::RefusalOf(const FrameSeen& frame) {
  const CognitiveMessage& header = *frame.header;
  if (const ErrorCode code = RefusalByHeader(header); code != ack::v1::ERROR_CODE_UNSPECIFIED) {
    return code;
  }
  if (header.ttl_ms() == 0) {
    return ack::v1::ERROR_CODE_TTL_EXPIRED;
  }
  if (header.ttl_ms() > bounds_.max_ttl_ms() || header.metadata_size() > kMostMetadata) {
    return ack::v1::ERROR_CODE_VALIDATION_ERROR;
  }
  if (IsAbove(frame.frame->payload().size, bounds_.payload_bytes(), kTakenPayloadBytes)) {
    return ack::v1::ERROR_CODE_OVERSIZE_PAYLOAD;
  }
  if (header.channel() != frame.frame->socket) {
    return ack::v1::ERROR_CODE_CHANNEL_MISMATCH;
  }
  if (!memory_.HasRoomForMessage(header.source(), header.targets(0))) {
    return ack::v1::ERROR_CODE_BUFFER_FULL;
  }
  return Route(header.targets(0));
}

void Machine::HandleMessage(const FrameSeen& frame) {
  const CognitiveMessage& header = *frame.header;
  if (header.msg_type() == ack::v1::MSG_TYPE_QUERY &&
      RefusalByHeader(header) == ack::v1::ERROR_CODE_UNSPECIFIED) {
    HandleQuery(frame);
    return;
  }
  Step step;
  step.trigger = RouterTrigger::kMessage;
  step.frame = &frame;
  step.header = &header;
  step.attempt = std::max(1U, header.attempt());
  step.key = {header.source(), header.message_id()};
  step.record = memory_.Find(step.key, [&](const Record& record) {
    const bool to_its_target = header.targets_size() == 1 && header.targets(0) == record.target;
    return !to_its_target || step.attempt > record.closed ||
           !memory_.IsMarked(step.key, step.attempt);
  });
  const bool refused = step.state() == ack::v1::STATE_REJECTED;
  if (step.record != nullptr && !refused &&
      (header.targets_size() != 1 || header.targets(0) != step.record->target)) {
    Count(world_.Apply("CMB-RTR-031", "router, MESSAGE to another target than its record's",
                       step.key.second),
          AnomalyOf(ack::v1::ANOMALY_KIND_CHANNEL_MISMATCH, header, nullptr));
    return;
  }
  const bool is_held = step.record != nullptr && !refused;
  const bool is_closed = IsClosed(step);
  if (!is_closed && !is_held) {
    step.refusal = RefusalOf(frame);
  }
  if (std::exchange(refused_in_, world_.exchange) != world_.exchange) {
    if_refused_.clear();
  }
  if_refused_[header.message_id()] = is_closed && !is_held ? "CMB-RTR-018" : IfRefused(step);
  const bool is_restored = IsRestored(step);
  const std::size_t before = world_.expected.items.size();
  Apply(step);
  for (std::size_t i = before; is_restored && i < world_.expected.items.size(); ++i) {
    world_.expected.items[i].fields.emplace_back("missing", "CMB-DUR-003");
  }
  if (step.record != nullptr && step.record->state != ack::v1::STATE_REJECTED) {
    const std::uint64_t life_ms = std::min(header.ttl_ms(), bounds_.max_ttl_ms());
    step.record->copies_end_ms =
        std::max(step.record->copies_end_ms, Later(world_.now_ms, life_ms));
    memory_.ArmExpiry(*step.record);
  }
}

// What a restart has kept, and nothing has changed since.
bool Machine::IsRestored(const Step& step) const {
  if (restarted_in_ == 0 || !bounds_.IsDurable()) {
    return false;
  }
  return step.record != nullptr ? step.record->changed_ms <= counters_.began_ms
                                : memory_.IsMarkedSince(step.key, counters_.began_ms);
}

// What versions it takes it should say, and need not (CMB-VER-007).
void Machine::SendRefusal(const Step& step, const Reason& reason) {
  CognitiveMessage header =
      OwnAck(step.key.first, step.key.second, step.attempt, ack::v1::ACK_TYPE_ROUTER_ACK,
             ack::v1::STATUS_REJECTED, step.refusal);
  if (step.refusal == ack::v1::ERROR_CODE_UNSUPPORTED_VERSION) {
    header.mutable_ack()->add_supported_versions(1);
  }
  SendAck(reason, step.key.first, std::move(header));
  const std::string_view own = OfCheck(step);
  if (!own.empty()) {
    world_.expected.items.back().fields = {{"ack.status", own}, {"ack.error_code", own}};
    if (own == "CMB-VER-013") {
      world_.expected.items.back().fields.emplace_back("missing", own);
    }
  }
}

// The check of 5.2 that has a sentence of its own. Empty: none of these failed.
std::string_view Machine::OfCheck(const Step& step) const {
  switch (step.refusal) {
    case ack::v1::ERROR_CODE_UNSUPPORTED_VERSION:
      return step.header->schema_version() == 1 ? "CMB-VER-013" : "";
    case ack::v1::ERROR_CODE_VALIDATION_ERROR:
      return step.header->metadata_size() > kMostMetadata && !HasWrongNames(*step.header)
                 ? "CMB-SEC-010"
                 : "";
    case ack::v1::ERROR_CODE_BUFFER_FULL: {
      const std::string_view of_room = memory_.OfRoom(step.key.first, step.header->targets(0));
      const bool is_new = step.record == nullptr || step.record->refused.empty();  // CMB-RTR-006.
      return is_new || of_room != "CMB-RTR-006" ? of_room : "";
    }
    default:  // open enum
      return "";
  }
}

void Machine::SendNeverForwarded(const Step& step, const Reason& reason) {
  CognitiveMessage header =
      OwnAck(step.key.first, step.key.second, step.attempt, ack::v1::ACK_TYPE_DELIVERY_ACK,
             ack::v1::STATUS_FAILURE, ack::v1::ERROR_CODE_CANCELLED);
  header.mutable_ack()->set_never_forwarded(true);
  SendAck(reason, step.key.first, std::move(header));
}

// ---------------------------------------------------------------- PING and PONG

namespace {

// The pair of a socket: ACKs leave by another than they come.
const std::string& PairOf(const std::string& socket) {
  static const std::string kEgress = kAckEgress;
  return socket == kAckIngress ? kEgress : socket;
}

}  // namespace

void Machine::HandlePing(const FrameSeen& frame) {
  const CognitiveMessage& header = *frame.header;
  if (header.targets(0) == kRouter) {
    const Reason reason = world_.Apply("CMB-WIRE-011", "router, PING to it", header.message_id());
    ExpectedFrame pong{PairOf(frame.frame->socket),
                       header.source(),
                       AnswerTo(header, ack::v1::MSG_TYPE_PONG),
                       frame.frame->payload(),
                       {}};
    if (bounds_.TakesBatches()) {
      pong.header.add_features(ack::v1::FEATURE_BATCH_ACK);
    }
    if (!Reaches(pong.peer) || pong.header.ByteSizeLong() > kTakenBytes) {  // CMB-WIRE-023
      return Undeliverable(reason, pong.header, pong.peer);
    }
    world_.Expect(reason, std::move(pong)).leeway = {"own frame"};
    return;
  }
  const ErrorCode refusal = Route(header.targets(0));
  if (refusal == ack::v1::ERROR_CODE_UNSPECIFIED) {
    PassOnPing(frame);
    return;
  }
  SendAck(
      world_.Apply("CMB-WIRE-013", "router, PING that it cannot hand over", header.message_id()),
      header.source(),
      OwnAck(header.source(), header.message_id(), 1, ack::v1::ACK_TYPE_ROUTER_ACK,
             ack::v1::STATUS_REJECTED, refusal));
}

void Machine::HandlePong(const FrameSeen& frame) {
  const std::string& to = frame.header->targets(0);
  if (to == kRouter) {
    return;
  }
  if (Reaches(to)) {
    PassOnPing(frame);
  } else {
    const Reason asked{"CMB-WIRE-012", "router, PONG to a module", frame.header->correlation_id(),
                       frame.entry};
    Undeliverable(asked, *frame.header, to);
  }
}

void Machine::PassOnPing(const FrameSeen& frame) {
  const CognitiveMessage& header = *frame.header;
  const Reason reason =
      world_.Apply("CMB-WIRE-012", "router, PING or PONG to a module",
                   header.message_id().empty() ? header.correlation_id() : header.message_id());
  world_.Expect(reason, ExpectedFrame{PairOf(frame.frame->socket), header.targets(0), header,
                                      frame.frame->payload(), frame.frame->frames.front()});
}

}  // namespace cmb::conformance::oracle::tables::router
