#include "conformance/oracle/tables/model.h"

#include <utility>

namespace cmb::conformance::oracle::tables {
namespace {

using ack::v1::Event;

void SetInstant(Event& event, std::uint64_t now_ms) {
  switch (event.kind_case()) {
    case Event::kTransition:
      return event.mutable_transition()->set_monotonic_ms(now_ms);
    case Event::kRetry:
      return event.mutable_retry()->set_monotonic_ms(now_ms);
    case Event::kProgress:
      return event.mutable_progress()->set_monotonic_ms(now_ms);
    case Event::kAnomaly:
      return event.mutable_anomaly()->set_monotonic_ms(now_ms);
    case Event::kAlert:
      return event.mutable_alert()->set_monotonic_ms(now_ms);
    case Event::kExecution:
      return event.mutable_execution()->set_monotonic_ms(now_ms);
    case Event::KIND_NOT_SET:
      return;
  }
}

}  // namespace

int Choices::Choose(std::string_view choice, std::uint64_t exchange, int branches) {
  const int taken = met_.size() < script_.size() ? script_[met_.size()] : 0;
  met_.push_back({choice, exchange, branches, taken});
  return taken;
}

std::string World::MadeId() {
  if (decided.ids.empty()) {
    return "@none";
  }
  std::string id = std::move(decided.ids.front());
  decided.ids.erase(decided.ids.begin());
  return id;
}

std::uint64_t World::ToldWait(const Wait& wait, const std::string& source,
                              const std::string& message_id) const {
  const auto told = decided.waits.find({source, message_id});
  return wait.Nearest(told == decided.waits.end() ? 0 : told->second);
}

Reason World::Apply(std::string_view requirement, std::string row, std::string message) {
  if (applied != nullptr) {
    applied->push_back({row, message});
  }
  expected.rows.push_back({requirement, std::move(row), std::move(message), cause});
  return expected.rows.back();
}

ExpectedItem& World::Expect(const Reason& reason, Event event) {
  SetInstant(event, now_ms);
  ExpectedItem item;
  item.what = std::move(event);
  item.reason = reason;
  expected.items.push_back(std::move(item));
  return expected.items.back();
}

ExpectedItem& World::Expect(const Reason& reason, ExpectedFrame frame) {
  ExpectedItem item;
  item.what = std::move(frame);
  item.reason = reason;
  expected.items.push_back(std::move(item));
  return expected.items.back();
}

}  // namespace cmb::conformance::oracle::tables
