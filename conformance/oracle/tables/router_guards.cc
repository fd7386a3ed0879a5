// When a row of the router's table applies: one answer for each guard.
#include "conformance/oracle/tables/router_machine.h"

namespace cmb::conformance::oracle::tables::router {

bool Machine::IsClosed(const Step& step) {
  if (step.record != nullptr) {
    return step.attempt <= step.record->closed;
  }
  const ClosedMark* mark = memory_.FindMark(step.key);
  return mark != nullptr && step.attempt <= mark->closed;
}

bool Machine::IsReForwarding(const Step& step) const {
  return step.state() == ack::v1::STATE_DELIVERED &&
         world_.timers.Find(step.key.first, step.key.second, ack::v1::TIMER_KIND_DELIVERY_PHASE) !=
             nullptr;
}

bool Machine::IsNeverForwarded(const Step& step) const {
  if (!bounds_.IsTracked() || step.state() != ack::v1::STATE_REJECTED) {
    return false;
  }
  std::uint32_t refused = 0;
  while (step.record->refused.count(refused + 1) != 0) {
    ++refused;
  }
  return refused >= step.attempt;
}

bool Machine::Holds(RouterGuard guard, const Step& step) {
  const Record* record = step.record;
  switch (guard) {
    case RouterGuard::kNew:
      return record == nullptr && !IsClosed(step);
    case RouterGuard::kAcceptable:
      return step.refusal == ack::v1::ERROR_CODE_UNSPECIFIED;
    case RouterGuard::kNotAcceptable:
      return step.refusal != ack::v1::ERROR_CODE_UNSPECIFIED;
    case RouterGuard::kNoRoom:
      return record == nullptr && !memory_.MayMark(step.key);
    case RouterGuard::kHigher:
      return record != nullptr && !IsClosed(step) && step.attempt > record->current;
    case RouterGuard::kNotHigher:
      return record != nullptr && !IsClosed(step) && step.attempt <= record->current;
    case RouterGuard::kAllForwardsMade:
      return step.state() == ack::v1::STATE_FORWARDING &&
             world_.timers.Find(step.key.first, step.key.second, ack::v1::TIMER_KIND_REDELIVERY) ==
                 nullptr;
    case RouterGuard::kClosed:
      return IsClosed(step);
    case RouterGuard::kDurable:
      return bounds_.IsDurable();
    case RouterGuard::kNotDurable:
      return !bounds_.IsDurable();
    case RouterGuard::kReForwarding:
      return IsReForwarding(step);
    case RouterGuard::kAnswered:
      return record != nullptr && step.attempt >= record->current;
    case RouterGuard::kOlder:
      return record != nullptr && step.attempt < record->current;
    case RouterGuard::kTerminal:
      return step.trigger == RouterTrigger::kExecutionAck;
    case RouterGuard::kNotTerminal:
      return step.trigger == RouterTrigger::kTargetsAck;
    case RouterGuard::kNeverForwarded:
      return IsNeverForwarded(step);
    case RouterGuard::kDuplicate:
      // 3.6: who may not say it is found before what was said before.
      return IsDuplicate(step) && !IsUnauthorised(step) && !IsAnothersId(step);
    case RouterGuard::kAnothersId:
      return IsAnothersId(step);
    case RouterGuard::kUnauthorised:
      return IsUnauthorised(step) || IsAnothersId(step);
  }
  return false;
}

}  // namespace cmb::conformance::oracle::tables::router
