"""The handler of a target, played by a script: what it does, and what the target says of it.

Spec: chapters control channel (10.4), target, progress. Mixed into Target.
"""

from generated import AckType, Code, Feature, Reason, ScriptEnd, State, Status, Timer, record

HOLD, START, PROGRESS, REFUSE, END = "hold", "start", "progress", "refuse", "end"


class Act:
    """One thing that a handler does, `at_ms` after the arrival of its message."""

    def __init__(self, at_ms, what, value=None):
        self.at_ms = at_ms
        self.what = what
        self.value = value  # Of HOLD its length, of START whether it is said, of PROGRESS percent.


def plan(script, claims):
    """The acts of a script in their order. What is not declared is left out."""
    holds = claims.has(Feature.CONDITIONAL_ACK) and script.HasField("hold_ms")
    acts = [Act(0, HOLD, script.hold_ms)] if holds else []
    if script.end == ScriptEnd.REJECTED:
        return acts + [Act(script.after_ms, REFUSE)]
    starts_ms = script.starts_ms
    if holds and not script.HasField("starts_ms"):
        starts_ms = script.hold_ms
    says_it = claims.tracked and (holds or script.HasField("starts_ms"))
    acts.append(Act(starts_ms, START, says_it))
    ends_ms = max(script.after_ms, starts_ms)
    endless = script.end == ScriptEnd.NEVER
    for told in sorted(script.progress, key=lambda entry: entry.at_ms):
        if claims.tracked and starts_ms <= told.at_ms and (endless or told.at_ms <= ends_ms):
            acts.append(Act(told.at_ms, PROGRESS, told.percent))
    return acts if endless else acts + [Act(ends_ms, END)]


class TargetHandler:
    """offer, and whatever the handler does from then on."""

    def offer(self, work):
        """The handler is asked, once it is this work's turn."""
        if self.life_is_over(work):
            self.expire(work)
            return
        work.script = self.script_of(work)
        work.acts = plan(work.script, self.claims)
        self.act(work)

    def act(self, work):
        """Everything of the script that is due, in its order."""
        while work.acts and work.begun_ms + work.acts[0].at_ms <= self.now_ms:
            act = work.acts.pop(0)
            getattr(self, "handler_" + act.what)(work, act)
        if work.acts:
            self.timers.arm(work.key, Timer.HANDLER, work.begun_ms + work.acts[0].at_ms)

    def handler_hold(self, work, act):
        """CMB-PRG-007: said with what remains. One that is over is not said any more."""
        work.hold_ends_ms = work.begun_ms + act.value
        if work.hold_ends_ms > self.now_ms:
            self.say(work, AckType.EXECUTION_ACK, hold_ms=work.hold_ends_ms - self.now_ms)

    def handler_start(self, work, act):
        self.start(work)
        if act.value or work.said:  # CMB-PRG-004: whoever was told of a hold waits for its end.
            self.say(work, AckType.EXECUTION_ACK)

    def handler_progress(self, work, act):
        """CMB-PRG-005"""
        self.say(work, AckType.PROGRESS_ACK, percent=act.value)

    def handler_refuse(self, work, _):
        work.retryable = work.script.retryable
        self.end(work, State.REJECTED, Reason.HANDLER_REFUSED,
                 work.script.error_code or Code.INTERNAL_ERROR)

    def handler_end(self, work, _):
        if work.script.end == ScriptEnd.SUCCESS:
            self.end(work, State.SUCCEEDED, Reason.HANDLER_SUCCEEDED)
        else:
            self.end(work, State.FAILED, Reason.HANDLER_FAILED,
                     work.script.error_code or Code.INTERNAL_ERROR)

    def start(self, work):
        """At most once for each work: this is what everything else protects."""
        if self.is_ordered(work):
            self.streams.passes(work)
        self.transition(work, State.EXECUTING, Reason.HANDLER_STARTED)
        work.started = True
        self.messages[work.source, work.message_id].executions += 1
        self.persist()  # CMB-DUR-005: before the handler.
        self.emit(execution=record.Execution(
            message_id=work.message_id, source=work.source, target=work.target,
            idempotency_key=work.idempotency_key, attempt=work.attempt, monotonic_ms=self.now_ms))

    def life_ended(self, work):
        """CMB-TGT-014: its handler hears it while it runs, and decides."""
        if work.script.ends_with_life:
            self.end(work, State.FAILED, Reason.HANDLER_FAILED, Code.TOOL_TIMEOUT)

    # ---- what is said of work that has not ended

    def say(self, work, ack_type, **fields):
        """To every message of the work, with the next number of its row. CMB-PRG-010"""
        work.progress_number += 1
        work.said = ack_type, {**fields, "progress_number": work.progress_number}
        self.touch(work)
        for message in work.messages:
            self.say_to(message, message.attempt)

    def say_to(self, message, attempt):
        """CMB-PRG-006: the last that was said, with what is left of a hold."""
        if not message.work.said:
            return
        ack_type, fields = message.work.said
        if "hold_ms" in fields:
            fields = {**fields, "hold_ms": max(message.work.hold_ends_ms - self.now_ms, 0)}
        self.answer(message, ack_type, Status.IN_PROGRESS, attempt, **fields)
