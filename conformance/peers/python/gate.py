"""The gate: moves the clock, and with it whatever may be read and whatever falls due.

Spec: chapter control channel, 10.3. Mixed into Harness.
"""

import random
import time

from generated import ErrorKind, Fire

GUARD_S = 3.0          # CMB-CTL-006: less than the runner's, so that the sentence gets out.
FIXPOINT_LIMIT = 10_000


def jitter_source(settings):
    """The listed factors one after another, the last one repeating; or drawn ones."""
    factors = list(settings.jitter_factors)
    if not factors:
        draw = random.Random(settings.seed)
        return lambda: draw.uniform(0.5, 1.5)
    return lambda: factors.pop(0) if len(factors) > 1 else factors[0]


class ControlError(Exception):
    """A request that cannot be met; travels as Reply.error."""

    def __init__(self, kind, sentence):
        super().__init__(sentence)
        self.kind = kind


class Gate:
    """Needs _machine and _data of the harness."""

    def _on_advance(self, advance, _):
        machine = self._machine
        if self._live:  # CMB-CTL-016
            frames = self._data.read(advance.frames) if self._configure.binding else self._data.read_now()
            return self._go_on(frames)
        if advance.to_ms < machine.now_ms:
            raise ControlError(ErrorKind.BACKWARDS, f"to {advance.to_ms}, but it is {machine.now_ms}")
        armed = machine.timers.next_protocol()
        if armed and advance.to_ms > armed.deadline_ms:
            raise ControlError(ErrorKind.OVERSTEP, f"a timer is due at {armed.deadline_ms}")
        if advance.fire == Fire.UNSPECIFIED:
            raise ControlError(ErrorKind.BAD_REQUEST, "fire is not said")
        messages = self._messages_of(advance)
        self._housekeeping(advance.to_ms)
        machine.now_ms = advance.to_ms
        if advance.fire == Fire.BEFORE_FRAMES:
            self._fire()
        for message in messages:
            machine.take(*message)
        if advance.fire == Fire.AFTER_FRAMES:
            self._fire()
        machine.finish()  # One flush to the store for all of it; then the ACKs leave.

    def _messages_of(self, advance):
        if self._configure.binding:
            return self._data.read(advance.frames)
        return self._read(advance.after_received)

    def _read(self, total):
        if total < self._data.received:
            raise ControlError(ErrorKind.BAD_REQUEST, "more messages than that were received before")
        messages = self._data.read_until(total, GUARD_S)
        if self._data.received < total:
            raise ControlError(ErrorKind.WAIT_TIMEOUT,
                               f"{self._data.received} of {total} messages came in {GUARD_S} s")
        return messages

    def _housekeeping(self, to_ms):
        machine = self._machine
        while armed := machine.timers.pop_due(to_ms, housekeeping=True):
            machine.now_ms = max(machine.now_ms, armed.deadline_ms)
            machine.fire(armed.key, armed.kind)

    def _fire(self):
        machine = self._machine
        for _ in range(FIXPOINT_LIMIT):
            armed = machine.timers.pop_due(machine.now_ms)
            if not armed:
                return
            machine.fire(armed.key, armed.kind)
        raise ControlError(ErrorKind.INTERNAL, f"no fixpoint after {FIXPOINT_LIMIT} timers")

    # ---- without virtual_clock

    def _start_clock(self, now_ms):
        self._machine.now_ms = self._machine.began_ms = now_ms
        self._began_s = time.clock_gettime(time.CLOCK_BOOTTIME)

    def _read_clock(self):
        if self._live and self._begun:
            since = time.clock_gettime(time.CLOCK_BOOTTIME) - self._began_s
            self._machine.now_ms = self._machine.began_ms + int(since * 1000)

    def _until_next_timer(self):
        """In milliseconds; None: nothing is armed, or the runner moves the clock."""
        if not self._live or not self._begun:
            return None
        self._read_clock()
        armed = [self._machine.timers.next_protocol(), self._machine.timers.next_housekeeping()]
        left = [timer.deadline_ms - self._machine.now_ms for timer in armed if timer]
        return max(0, min(left)) if left else None

    def _live_on(self):
        if self._live and self._begun and self._running:
            self._go_on(self._data.read_now())

    def _go_on(self, messages):
        """What has fallen due, then these frames."""
        self._read_clock()
        self._housekeeping(self._machine.now_ms)
        self._fire()
        for message in messages:
            self._machine.take(*message)
        self._fire()
        self._machine.finish()
