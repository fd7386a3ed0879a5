// The effects of the sender's table that send.
#include <algorithm>

#include "conformance/oracle/tables/sender_frames.h"
#include "conformance/oracle/tables/sender_machine.h"
#include "proto/wire/profiles.h"

namespace cmb::conformance::oracle::tables::sender {

// CMB-FBK-001.
std::string Machine::ChannelOf(const Record& record) const {
  if (record.attempt == 1 || !world_.history.Declares(ack::v1::FEATURE_FALLBACK)) {
    return record.send.channel();
  }
  const auto channels = ChannelsOf(world_, record.send);
  const auto found = std::find(channels.begin(), channels.end(), record.send.channel());
  const auto place = found == channels.end() ? -1 : found - channels.begin();
  const auto retry = static_cast<std::ptrdiff_t>(record.attempt) - 1;
  return channels[static_cast<std::size_t>(place + retry) % channels.size()];
}

void Machine::SendMessage(Step& step) {
  Record& record = step.record;
  const std::string before = record.channel;
  const bool first = ++record.attempt == 1;
  record.channel = ChannelOf(record);
  if (!first) {
    LeaveRouter(record, before, WhyOf(SenderEffect::kSendMessage, step));
  }
  record.channels.insert(record.channel);
  if (first) {
    LendKey(record);
    circuits_.Sent(record, world_.now_ms);
  }
  Reason why = WhyOf(SenderEffect::kSendMessage, step);
  if (!step.cause.circuit_says.empty()) {
    why.requirement = step.cause.circuit_says;
  }
  const std::uint64_t left_ms = record.life_ms - (world_.now_ms - record.created_ms);
  auto& item = world_.Expect(why, MessageOf(world_, record, left_ms));
  item.leeway = {"own frame"};
  for (const auto* same : {"source", "targets", "stream_id", "sequence", "idempotency_key",
                           "policy", "created_wall_ms", "features", "payload"}) {
    item.fields.emplace_back(same, first ? "CMB-WIRE-009" : "CMB-WIRE-010");
  }
  item.fields.insert(item.fields.end(), {{"attempt", "CMB-SND-021"},
                                         {"ttl_ms", first ? "CMB-SND-001" : "CMB-TMR-006"},
                                         {"policy", first ? "CMB-SND-022" : "CMB-WIRE-010"},
                                         {"message_id", first ? "CMB-CTL-010" : "CMB-WIRE-010"}});
  if (!first) {
    const bool falls_back = world_.history.Declares(ack::v1::FEATURE_FALLBACK);
    item.fields.emplace_back("socket", falls_back ? "CMB-FBK-001" : "CMB-WIRE-010");
  }
}

// CMB-FBK-004: of the attempt before, unless this one goes through the same router.
void Machine::LeaveRouter(const Record& record, const std::string& channel, Reason why) {
  const auto& header = world_.history.transcript().header;
  if (header.RouterOf(channel) == header.RouterOf(record.channel)) {
    return;
  }
  Record earlier = record;
  --earlier.attempt;
  why.requirement = "CMB-FBK-004";
  world_
      .Expect(why,
              TimeoutOf(world_, earlier, ack::v1::ERROR_CODE_ACK_TIMEOUT, header.RouterOf(channel)))
      .leeway = {"own ACK"};
}

// 9.4: a key is its own no longer when another message brings it to the same target.
void Machine::LendKey(const Record& lent) {
  const auto found = records_.find(lent.key());
  if (found != records_.end() && &found->second != &lent &&
      found->second.target() == lent.target()) {
    found->second.own_key = false;
  }
}

// Whom it blames that something goes through each router and not through all.
Reason Machine::ByEvery(const Record& record, Reason why) const {
  why.requirement = RoutersOf(world_, record).size() > 1 ? "CMB-FBK-005" : why.requirement;
  return why;
}

void Machine::SendTimeout(Step& step) {
  Record& record = step.record;
  if (record.attempt == 0) {
    return;  // Nothing was ever sent.
  }
  const bool life = record.reason == ack::v1::REASON_TTL_EXPIRED;
  const Reason why = WhyOf(SenderEffect::kSendTimeout, step);
  const auto code = life ? ack::v1::ERROR_CODE_TTL_EXPIRED : ack::v1::ERROR_CODE_ACK_TIMEOUT;
  for (const std::string& router : RoutersOf(world_, record)) {
    world_.Expect(ByEvery(record, why), TimeoutOf(world_, record, code, router)).leeway = {
        "own ACK"};
  }
  if (record.policy.cancel_on_timeout &&
      wire::Holds(world_.history.profile(), ack::v1::PROFILE_TRACKED)) {
    Reason cancel = why;
    cancel.requirement = "CMB-CXL-014";
    SendCancel(record, cancel);
    ArmCancel(record);
  }
}

void Machine::SendCancel(Record& record, const Reason& why) {
  if (record.attempt == 0) {
    return;
  }
  for (const std::string& router : RoutersOf(world_, record)) {
    world_.Expect(ByEvery(record, why), CancelOf(world_, record, router)).leeway = {"own ACK"};
  }
  record.cancels_repeated += record.cancel_sent ? 1 : 0;
  record.cancel_sent = true;
}

}  // namespace cmb::conformance::oracle::tables::sender
