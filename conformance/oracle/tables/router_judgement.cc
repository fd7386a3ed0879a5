// What a router finds before its table says anything, in the order of 3.6.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/oracle/tables/malformed.h"
#include "conformance/oracle/tables/router_machine.h"

namespace cmb::conformance::oracle::tables::router {
namespace {

using ack::v1::Ack;
using ack::v1::CognitiveMessage;

// From 100 on the number of a type says who may say it (11, CMB-VER-014 to -016).
constexpr int kFromTarget = 100, kFromSender = 120, kFromRouter = 140;

bool IsAck(const CognitiveMessage& header) { return header.msg_type() == ack::v1::MSG_TYPE_ACK; }

bool IsPingOrPong(const CognitiveMessage& header) {
  return header.msg_type() == ack::v1::MSG_TYPE_PING || header.msg_type() == ack::v1::MSG_TYPE_PONG;
}

// A type that a router does not pass on has its statuses (2.2, CMB-VER-006).
bool HasIllegalStatus(const Ack& ack) {
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_RECEIPT:
    case ack::v1::ACK_TYPE_CANCEL:
    case ack::v1::ACK_TYPE_TIMEOUT:
      return !IsKnownPair(ack);
    default:  // open enum
      return false;
  }
}

bool IsSendersOwn(const Ack& ack) {
  const int type = ack.ack_type();
  return ack.ack_type() == ack::v1::ACK_TYPE_CANCEL ||
         ack.ack_type() == ack::v1::ACK_TYPE_TIMEOUT || (type >= kFromSender && type < kFromRouter);
}

// The first finding that applies, of those that a router judges.
template <class Applies>
std::optional<Judgement> FirstOf(const Applies& applies) {
  for (const auto& row : TheJudgements()) {
    if (row.requirements.count(ack::v1::ROLE_ROUTER) != 0 && applies(row.judgement)) {
      return row.judgement;
    }
  }
  return std::nullopt;
}

}  // namespace

bool IsRoutersOwn(const Ack& ack) {
  return ack.ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK ||
         ack.ack_type() == ack::v1::ACK_TYPE_DELIVERY_ACK || ack.ack_type() >= kFromRouter;
}

bool IsSpokenOf(const Ack& ack) {
  const int type = ack.ack_type();
  return type < kFromTarget || type >= kFromRouter;
}

bool IsOfFutureRouter(const Ack& ack) { return ack.ack_type() >= kFromRouter; }

bool IsFromTarget(const Ack& ack) { return !IsSendersOwn(ack) && !IsRoutersOwn(ack); }

// ---------------------------------------------------------------- a frame

std::optional<Judgement> Machine::FindingOf(const FrameSeen& frame) {
  return FirstOf([&](Judgement judgement) { return Applies(judgement, frame); });
}

// A bound that no setting gives is the least that 12.3 names, or higher (CHO-019).
bool Machine::IsAbove(std::uint64_t size, std::optional<std::uint64_t> bound, std::uint64_t least) {
  return size > bound.value_or(least) && (bound || world_.Choose("CHO-019") == 0);
}

bool Machine::Applies(Judgement judgement, const FrameSeen& frame) {
  const std::string& socket = frame.frame->socket;
  switch (judgement) {
    case Judgement::kMalformed:
      return frame.header == nullptr ||
             IsAbove(frame.frame->frames.front().size, bounds_.header_bytes(), kTakenBytes) ||
             IsMalformedHeader(*frame.header, frame.frame->payload().size, ack::v1::ROLE_ROUTER);
    case Judgement::kWrongSocket:
      return socket == kAckEgress ||
             (socket == kAckIngress ? !IsAck(*frame.header) && !IsPingOrPong(*frame.header)
                                    : IsAck(*frame.header));
    case Judgement::kWrongConnection:  // Who is not connected as a module is nobody.
      return frame.header->source() != frame.frame->peer || !IsConnected(frame.frame->peer);
    case Judgement::kUnsupported:
      return (frame.header->has_ack_batch() && IsAck(*frame.header) && !bounds_.TakesBatches()) ||
             (frame.header->msg_type() == ack::v1::MSG_TYPE_REPLY &&
              frame.header->message_id().empty());
    case Judgement::kUnknownType:
    case Judgement::kUnknownValue:  // From here on of each ACK alone.
    case Judgement::kUnknownMessage:
    case Judgement::kWrongAuthor:
    case Judgement::kDuplicate:
    case Judgement::kStale:
      return false;
  }
  return false;
}

// The sentence of a finding, where several rest on one.
std::string_view Machine::OfFinding(Judgement judgement, const FrameSeen& frame,
                                    const Ack* ack) const {
  const auto& row = TheJudgements()[static_cast<std::size_t>(judgement)];
  const bool of_batch = ack != nullptr && frame.header->has_ack_batch();
  const bool curve = world_.history.Declares(ack::v1::FEATURE_CURVE);
  switch (judgement) {
    case Judgement::kMalformed:
      return of_batch ? "CMB-BAT-002" : row.requirements.at(ack::v1::ROLE_ROUTER);
    case Judgement::kWrongConnection:
      return frame.header->source() != frame.frame->peer ? "CMB-SEC-001"
             : frame.frame->peer.starts_with('@')        ? "CMB-SEC-011"
             : curve                                     ? "CMB-SEC-008"
                                                         : "CMB-SEC-001";
    case Judgement::kUnknownValue:
      return frame.header->critical_size() > 0 ? "CMB-VER-013" : "CMB-VER-006";
    case Judgement::kUnsupported:
      if (!frame.header->has_ack_batch()) {
        return "CMB-OBS-004";
      }
      break;
    case Judgement::kWrongSocket:
    case Judgement::kUnknownType:
    case Judgement::kUnknownMessage:
    case Judgement::kWrongAuthor:
    case Judgement::kDuplicate:
    case Judgement::kStale:
      break;
  }
  return row.requirements.at(ack::v1::ROLE_ROUTER);
}

// What was found is one anomaly of its name and nothing else.
void Machine::Drop(Judgement judgement, const FrameSeen& frame, const Ack* ack) {
  const auto& row = TheJudgements()[static_cast<std::size_t>(judgement)];
  const bool malformed = judgement == Judgement::kMalformed;
  ack::v1::Event event = malformed && ack == nullptr ? MalformedFrom(frame)
                                                     : AnomalyOf(row.anomaly, *frame.header, ack);
  const std::string message = event.anomaly().message_id();
  Count(world_.Apply(OfFinding(judgement, frame, ack), fmt::format("router, 3.6: {}", row.name),
                     message),
        std::move(event));
  if (malformed) {
    world_.expected.items.back().leeway = {"malformed"};
    if (frame.header == nullptr) {
      world_.expected.items.back().leeway.push_back("unreadable");
    }
  }
}

// ---------------------------------------------------------------- one ACK

std::optional<Judgement> Machine::FindingOf(const Step& step) {
  return FirstOf([&](Judgement judgement) { return Applies(judgement, step); });
}

bool Machine::Applies(Judgement judgement, const Step& step) {
  switch (judgement) {
    case Judgement::kMalformed:
      return IsMalformedAck(*step.ack);
    case Judgement::kUnknownValue:
      return IsOfAnotherVersion(*step.header) || HasIllegalStatus(*step.ack);
    case Judgement::kUnknownMessage:
      return step.ack->ack_type() == ack::v1::ACK_TYPE_RECEIPT && step.record == nullptr;
    case Judgement::kWrongAuthor:
      return IsUnauthorised(step) || IsAnothersId(step);
    case Judgement::kDuplicate:
      return IsDuplicate(step);
    case Judgement::kWrongSocket:  // These were judged of the frame.
    case Judgement::kWrongConnection:
    case Judgement::kUnknownType:
    case Judgement::kUnsupported:
    case Judgement::kStale:
      return false;
  }
  return false;
}

// CMB-SEC-002, but for what a sender may say.
bool Machine::IsUnauthorised(const Step& step) {
  return IsRoutersOwn(*step.ack) || (IsFromTarget(*step.ack) && step.record != nullptr &&
                                     step.header->source() != step.record->target);
}

bool Machine::IsAnothersId(const Step& step) {
  return IsSendersOwn(*step.ack) && step.record == nullptr && memory_.AnotherHas(step.key);
}

bool Machine::IsDuplicate(const Step& step) {
  const ack::v1::AckType type = step.ack->ack_type();
  if (step.record == nullptr || step.record->state == ack::v1::STATE_REJECTED ||
      (type != ack::v1::ACK_TYPE_RECEIPT && type != ack::v1::ACK_TYPE_TIMEOUT)) {
    return false;
  }
  const auto found = step.record->judged.find({type, step.ack->status(), step.ack->attempt()});
  if (found == step.record->judged.end()) {
    return false;
  }
  if (found->second && world_.Choose("CHO-008") == 1) {
    step.record->judged.erase(found);
    return false;
  }
  return true;
}

}  // namespace cmb::conformance::oracle::tables::router
