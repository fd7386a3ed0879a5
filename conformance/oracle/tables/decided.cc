#include "conformance/oracle/tables/decided.h"

namespace cmb::conformance::oracle::tables {

namespace {

std::vector<std::string> RedrivenIn(const Seen& seen) {
  std::vector<std::string> ids;
  for (const FrameSeen& frame : seen.frames) {
    if (frame.header != nullptr && frame.header->msg_type() == ack::v1::MSG_TYPE_MESSAGE &&
        !frame.header->redrive_of().empty()) {
      ids.push_back(frame.header->message_id());
    }
  }
  return ids;
}

}  // namespace

Decided DecidedIn(const Seen& seen) {
  Decided decided;
  for (const FrameSeen& frame : seen.frames) {
    if (frame.header != nullptr && !frame.header->reply().redriven_id().empty()) {
      decided.ids.push_back(frame.header->reply().redriven_id());
    }
  }
  if (decided.ids.empty()) {  // The REPLY is missing: what was forwarded tells them.
    decided.ids = RedrivenIn(seen);
  }
  std::uint64_t told = 0;
  for (const auto& [entry, event] : seen.events) {
    const ack::v1::Anomaly& anomaly = event->anomaly();
    const bool of_ack = anomaly.ack_type() != ack::v1::ACK_TYPE_UNSPECIFIED;
    told += of_ack && anomaly.kind() == ack::v1::ANOMALY_KIND_UNDELIVERABLE ? 1 : 0;
    const ack::v1::RetryEvent& retry = event->retry();
    if (event->has_retry()) {
      decided.waits[{retry.source(), retry.message_id()}] = retry.backoff_ms();
      decided.retried.insert(retry.message_id());
    }
    if (event->has_transition()) {
      decided.moves.emplace(event->transition().message_id(), event->transition().new_state());
    }
  }
  decided.conceals = seen.unreached > told;
  return decided;
}

void SettleDrawn(const Seen& seen, std::uint64_t now_ms, TimerQueue& timers) {
  for (const auto& [entry, event] : seen.events) {
    timers.Settle(event->retry().source(), event->retry().message_id(),
                  ack::v1::TIMER_KIND_REDELIVERY, now_ms);
  }
  for (const FrameSeen& frame : seen.frames) {
    if (frame.header == nullptr) {
      continue;
    }
    if (frame.header->msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
      timers.Settle(frame.header->source(), frame.header->message_id(),
                    ack::v1::TIMER_KIND_REDELIVERY, now_ms);
    }
    for (const ack::v1::Ack* ack : AcksOf(*frame.header)) {
      timers.Settle(frame.header->source(), ack->correlation_id(), ack::v1::TIMER_KIND_CANCEL,
                    now_ms);
    }
  }
  timers.SettleOne(now_ms);
}

}  // namespace cmb::conformance::oracle::tables
