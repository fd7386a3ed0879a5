// What a router hands over, and what becomes of it where its addressee is not there.
#include "conformance/oracle/tables/malformed.h"
#include "conformance/oracle/tables/router_machine.h"

namespace cmb::conformance::oracle::tables::router {

using ack::v1::CognitiveMessage;

namespace {

constexpr std::size_t kMostHeaderBytes = 65536;  // Of what it makes itself (CMB-WIRE-023).

}  // namespace

bool Machine::IsConnected(const std::string& module) const {
  return IsModuleId(module) && connections_.contains(module);
}

ack::v1::ErrorCode Machine::Route(const std::string& module) const {
  if (!IsConnected(module)) {
    return ack::v1::ERROR_CODE_NO_ROUTE;
  }
  return connections_.at(module) == Connection::kFull ? ack::v1::ERROR_CODE_BUFFER_FULL
                                                      : ack::v1::ERROR_CODE_UNSPECIFIED;
}

bool Machine::Reaches(const std::string& module) const {
  return Route(module) == ack::v1::ERROR_CODE_UNSPECIFIED;
}

void Machine::Count(const Reason& reason, ack::v1::Event anomaly) {
  ++counters_.anomalies[anomaly.anomaly().kind()];
  ExpectedItem& item = world_.Expect(reason, std::move(anomaly));
  if (std::get<ack::v1::Event>(item.what).anomaly().ack_type() == ack::v1::ACK_TYPE_UNSPECIFIED) {
    item.leeway = {"of a MESSAGE"};
  }
}

void Machine::Undeliverable(const Reason& asked, const CognitiveMessage& header,
                            const std::string& addressee) {
  ack::v1::Event event = AnomalyOf(ack::v1::ANOMALY_KIND_UNDELIVERABLE, header, nullptr);
  event.mutable_anomaly()->set_peer(addressee);
  const std::string message =
      header.has_ack() ? header.ack().correlation_id() : header.message_id();
  const Reason reason =
      world_.Apply("CMB-WIRE-014", "router, a frame that it cannot hand over", message);
  // A send to who is not there is counted: what is neither counted nor told was not sent.
  const bool shows = IsModuleId(addressee) && !connections_.contains(addressee);
  Count(shows && !world_.decided.conceals ? asked : reason, std::move(event));
  world_.expected.items.back().late = true;  // Than what was judged before it was handed over.
}

// Who connects asks by PINGs until every path is answered. They are in no recording, but what a
// PONG met that came before the connection is.
void Machine::MayNotReach(const std::string& module) {
  constexpr int kPongs = 4;
  const Reason reason = world_.Apply("CMB-WIRE-014", "router, a module connects", "");
  CognitiveMessage pong;
  pong.set_source(module);  // UNDELIVERABLE tells the addressee.
  for (int i = 0; i < kPongs; ++i) {
    world_.Expect(reason, AnomalyOf(ack::v1::ANOMALY_KIND_UNDELIVERABLE, pong, nullptr)).optional =
        true;
  }
}

void Machine::SendAck(const Reason& reason, const std::string& to, CognitiveMessage header) {
  if (!Reaches(to) || header.ByteSizeLong() > kMostHeaderBytes) {
    Undeliverable(reason, header, to);
    return;
  }
  ExpectedFrame frame;
  frame.socket = kAckEgress;
  frame.peer = to;
  frame.header = std::move(header);
  frame.payload = MakeFrameBytes("");
  world_.Expect(reason, std::move(frame)).leeway = {"own ACK"};
}

void Machine::SendAnswer(const Step& step, const Reason& reason, ack::v1::AckType type,
                         ack::v1::Status status, ack::v1::ErrorCode code) {
  SendAck(reason, step.key.first,
          OwnAck(step.key.first, step.key.second, step.attempt, type, status, code));
}

// Before what it answers is passed on.
void Machine::SendDelivered(const Step& step, const Reason& reason) {
  SendAnswer(step, reason, ack::v1::ACK_TYPE_DELIVERY_ACK, ack::v1::STATUS_SUCCESS,
             ack::v1::ERROR_CODE_UNSPECIFIED);
  world_.expected.items.back().fields = {{"order of one", "CMB-RTR-008"}};
}

void Machine::SendTimeout(const Step& step, const Reason& reason, ack::v1::ErrorCode code) {
  const std::uint32_t attempt = step.record == nullptr ? step.attempt : step.record->current;
  SendAck(reason, step.key.first,
          OwnAck(step.key.first, step.key.second, attempt, ack::v1::ACK_TYPE_TIMEOUT,
                 ack::v1::STATUS_FAILURE, code));
}

void Machine::SendStored(const Step& step, const Reason& reason) {
  const Bytes& stored = *step.record->terminal;
  if (!Reaches(step.key.first)) {
    Undeliverable(reason, stored.header, step.key.first);
    return;
  }
  ExpectedFrame frame{kAckEgress, step.key.first, stored.header, stored.payload,
                      stored.header_bytes};
  world_.Expect(reason, std::move(frame));
}

void Machine::PassOn(const Step& step, const Reason& reason) {
  const CognitiveMessage header = step.in_batch ? Alone(*step.header, *step.ack) : *step.header;
  const std::string& to = header.targets(0);
  if (!Reaches(to)) {
    Undeliverable(reason, header, to);
    return;
  }
  ExpectedFrame frame{kAckEgress, to, header, MakeFrameBytes(""), {}};
  Reason why = reason;
  const bool unknown = IsFromTarget(*step.ack) && IsSpokenOf(*step.ack) && !IsKnownPair(*step.ack);
  why.requirement = unknown ? "CMB-VER-006" : why.requirement;
  if (step.in_batch) {
    why.requirement = "CMB-BAT-003";
  } else {
    frame.payload = step.frame->frame->payload();
    frame.header_bytes = step.frame->frame->frames.front();
  }
  world_.Expect(why, std::move(frame)).fields = OfPassedOn();
}

}  // namespace cmb::conformance::oracle::tables::router
