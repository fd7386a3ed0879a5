#include "conformance/engine/actor.h"

#include <utility>
#include <variant>

namespace cmb::conformance::engine {
namespace {

using scenario::Step;

std::uint64_t Count(scenario::Milliseconds duration) {
  return static_cast<std::uint64_t>(duration.count());
}

Halt SuiteFault(const std::string& sentence) {
  return Halt{Verdict::kHarnessError, "the suite cannot do this: " + sentence, ""};
}

control::v1::ScriptEnd EndOf(scenario::Work::End end) {
  switch (end) {
    case scenario::Work::End::kSuccess:
      return control::v1::SCRIPT_END_SUCCESS;
    case scenario::Work::End::kFailure:
      return control::v1::SCRIPT_END_FAILURE;
    case scenario::Work::End::kRejected:
      return control::v1::SCRIPT_END_REJECTED;
    case scenario::Work::End::kNever:
      return control::v1::SCRIPT_END_NEVER;
  }
  return control::v1::SCRIPT_END_UNSPECIFIED;
}

control::v1::ScriptExecution ScriptOf(const Known& known, const scenario::Work& work) {
  control::v1::ScriptExecution script;
  script.set_source(known.source);
  script.set_message_id(known.message_id);
  if (work.starts) {
    script.set_starts_ms(Count(*work.starts));
  }
  for (const scenario::Progress& progress : work.progress) {
    auto* made = script.add_progress();
    made->set_at_ms(Count(progress.at));
    made->set_percent(progress.percent);
  }
  if (work.hold) {
    script.set_hold_ms(Count(*work.hold));
  }
  script.set_end(EndOf(work.ends));
  script.set_error_code(work.code);
  script.set_after_ms(Count(work.after));
  script.set_retryable(work.retryable);
  script.set_ends_with_life(work.ends_with_life);
  script.set_on_cancel(work.stop_on_cancel ? control::v1::SCRIPT_ON_CANCEL_STOP
                                           : control::v1::SCRIPT_ON_CANCEL_IGNORE);
  return script;
}

}  // namespace

Actor::Actor(const scenario::Case& scenario, MessageBook& book, FrameFactory& factory,
             Timeline& timeline, Link& link)
    : scenario_(scenario), book_(book), factory_(factory), timeline_(timeline), link_(link) {}

bool Actor::IsAct(const Step& step) {
  return !scenario::IsObservation(step) && !std::holds_alternative<scenario::Advance>(step.action);
}

MaybeHalt Actor::Play(Timers timers, const Group* group) {
  if (!factory_.trouble().empty()) {
    return SuiteFault(factory_.trouble());
  }
  return group == nullptr ? timeline_.PlayInstant(timers) : std::nullopt;
}

MaybeHalt Actor::Script(Known& known, const scenario::Work& work) {
  const bool is_default = known.script == nullptr && work == scenario::Work{};
  if ((scenario_.role != ack::v1::ROLE_TARGET && !scenario_.is_system) || is_default) {
    return std::nullopt;
  }
  known.script = &work;
  control::v1::Request request;
  *request.mutable_script_execution() = ScriptOf(known, work);
  control::v1::Reply reply;
  return timeline_.Request(request, reply);
}

MaybeHalt Actor::SendByApplication(const scenario::Message& message) {
  Known& known = factory_.Declare(message);
  control::v1::Request request;
  control::v1::Send& send = *request.mutable_send();
  send.set_channel(message.on.empty() ? factory_.layout().Name(0) : message.on);
  send.set_target(known.target);
  send.set_payload(known.payload);
  if (auto policy = FrameFactory::Policy(message)) {
    *send.mutable_policy() = *std::move(policy);
  }
  send.set_ttl_ms(Count(message.policy.ttl));
  send.set_idempotency_key(known.key);
  send.set_stream_id(message.stream);
  send.set_sequence(message.sequence);
  if (message.reconcile_window) {
    send.set_reconcile_window_ms(Count(*message.reconcile_window));
  }
  control::v1::Reply reply;
  // The id is the IUT's to make, and its first frames come with the reply: the
  // book must know it before they are heard.
  return timeline_.Request(request, reply, [&](const StepResult& result) {
    if (!result.message_id.empty()) {  // It was not refused.
      book_.Name(known, result.message_id, known.source);
    }
  });
}

MaybeHalt Actor::SendOne(const std::string& alias, Timers timers, Group* group) {
  const scenario::Message& message = scenario_.messages.at(alias);
  if (scenario_.role == ack::v1::ROLE_SENDER) {
    if (auto halt = SendByApplication(message)) {
      return halt;
    }
    if (Known& known = factory_.Declare(message); !known.message_id.empty()) {
      if (auto halt = Script(known, message.work)) {  // In a system: before it reaches the target.
        return halt;
      }
    }
    return Play(timers, group);
  }
  Draft draft = factory_.Message(message, timeline_.now_ms());
  if (auto halt = Script(*book_.Find(alias), message.work)) {
    return halt;
  }
  link_.Put(std::move(draft), Bending::kFaults, group);
  return Play(timers, group);
}

MaybeHalt Actor::SendMessage(const std::string& alias, Timers timers) {
  return SendOne(alias, timers, nullptr);
}

MaybeHalt Actor::ResendOne(const scenario::Resend& act, const std::string& alias, Timers timers,
                           Group* group) {
  Known& known = factory_.Declare(scenario_.messages.at(alias));
  const bool first = !known.sent;
  Draft draft = factory_.Resend(act, known, timeline_.now_ms());
  if (first || act.work) {
    if (auto halt = Script(known, act.work ? *act.work : known.fields->work)) {
      return halt;
    }
  }
  link_.Put(std::move(draft), Bending::kFaults, group);
  return Play(timers, group);
}

Bending Actor::BendingOf(const scenario::AckAct& act, const Known& known) const {
  // CANCEL and TIMEOUT are what the well-behaved sender says when told to; any
  // other `ack` beside faults is an extra frame.
  const std::string author = scenario::RightfulAuthor(scenario_.role, act.term, *known.fields);
  const bool of_sender = author == known.fields->from && (act.by.empty() || act.by == author);
  return of_sender ? Bending::kFaults : Bending::kNone;
}

MaybeHalt Actor::AckOne(const scenario::AckAct& act, const std::string& alias, Timers timers,
                        Group* group) {
  const auto message = scenario_.messages.find(alias);
  if (message == scenario_.messages.end()) {
    return SuiteFault("an ack of " + alias + ", which is no message");
  }
  Known& known = factory_.Declare(message->second);
  link_.Put(factory_.Ack(act, known), BendingOf(act, known), group);
  return Play(timers, group);
}

MaybeHalt Actor::PutAck(const scenario::AckAct& act, const std::string& alias, Timers timers) {
  return AckOne(act, alias, timers, nullptr);
}

MaybeHalt Actor::CancelOne(const std::string& alias, Timers timers, Group* group) {
  const Known* known = book_.Find(alias);
  if (known == nullptr) {
    return SuiteFault("cancel of " + alias + ", which was never sent");
  }
  control::v1::Request request;
  request.mutable_cancel()->set_message_id(known->message_id);
  control::v1::Reply reply;
  if (auto halt = timeline_.Request(request, reply)) {
    return halt;
  }
  return Play(timers, group);
}

MaybeHalt Actor::DoTogether(const scenario::Together& act, Timers timers) {
  Group group;
  for (const Step& step : act.acts) {
    for (std::uint32_t time = 0; time < step.repeat; ++time) {
      if (auto halt = DoOnce(step, timers, &group)) {
        return halt;
      }
    }
  }
  if (!group.empty()) {
    timeline_.Schedule(0, std::move(group));
  }
  return Play(timers, nullptr);
}

MaybeHalt Actor::DoOnce(const Step& step, Timers timers, Group* group) {
  const auto each = [](const std::vector<std::string>& aliases, auto&& act) -> MaybeHalt {
    for (const std::string& alias : aliases) {
      if (auto halt = act(alias)) {
        return halt;
      }
    }
    return std::nullopt;
  };
  if (const auto* send = std::get_if<scenario::Send>(&step.action)) {
    return each(send->aliases,
                [&](const std::string& alias) { return SendOne(alias, timers, group); });
  }
  if (const auto* resend = std::get_if<scenario::Resend>(&step.action)) {
    return each(resend->aliases,
                [&](const std::string& alias) { return ResendOne(*resend, alias, timers, group); });
  }
  if (const auto* ack = std::get_if<scenario::AckAct>(&step.action)) {
    return each(ack->of,
                [&](const std::string& alias) { return AckOne(*ack, alias, timers, group); });
  }
  if (const auto* cancel = std::get_if<scenario::CancelMessages>(&step.action)) {
    return each(cancel->aliases,
                [&](const std::string& alias) { return CancelOne(alias, timers, group); });
  }
  if (const auto* raw = std::get_if<scenario::Raw>(&step.action)) {
    const SocketNumber socket = factory_.layout().Find(raw->on).value_or(0);
    const std::string peer =
        scenario_.role == ack::v1::ROLE_ROUTER ? RoutingId(raw->by) : kRouterId;
    link_.PutRaw({socket, peer, raw->frames}, group);
    return Play(timers, group);
  }
  if (const auto* ping = std::get_if<scenario::Ping>(&step.action)) {
    link_.Put(factory_.Ping(*ping), Bending::kNone, group);
    return Play(timers, group);
  }
  if (const auto* batch = std::get_if<scenario::Batch>(&step.action)) {
    return BatchOnce(*batch, timers, group);
  }
  if (const auto* ask = std::get_if<scenario::Ask>(&step.action)) {
    return AskOnce(*ask, timers, group);
  }
  if (const auto* together = std::get_if<scenario::Together>(&step.action)) {
    return DoTogether(*together, timers);
  }
  bool handled = false;
  const MaybeHalt halt = ChangeOnce(step, timers, handled);
  return handled ? halt : SuiteFault("`" + step.source_text + "` is no act");
}

MaybeHalt Actor::Do(const Step& step, Timers timers) {
  for (std::uint32_t time = 0; time < step.repeat; ++time) {
    if (auto halt = DoOnce(step, timers, nullptr)) {
      return halt;
    }
  }
  return std::nullopt;
}

}  // namespace cmb::conformance::engine
