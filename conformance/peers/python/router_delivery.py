"""The delivery phase: forwards, their waits, and the end of the router's patience.

Spec: chapters router, timers and retry. Mixed into Router.
"""

from generated import AckType, Code, Reason, State, Status, Timer, record


class RouterDelivery:
    """start_phase, and what the timers of a phase do."""

    def start_phase(self, rec):
        """Forwards at once; the code why ZeroMQ does not take it, or 0."""
        rec.place = 0
        self.count_anew(rec)
        # Nothing is forwarded without life; then the TTL timer is due now.
        return self.forward(rec) if self.remaining_ms(rec) > 0 else Code.NO_ROUTE

    def count_anew(self, rec):
        """The limits of the phase start anew; the running wait keeps its end. CMB-RTR-026."""
        rec.forwards = 0
        self.timers.arm(rec.key, Timer.TTL, rec.ttl_end_ms)
        # In time for the sender, whose own timer runs delivery_ack_ms from the ROUTER_ACK.
        self.timers.arm(rec.key, Timer.DELIVERY_PHASE,
                        self.now_ms + rec.policy.delivery_ack_ms * 9 // 10)

    def waits(self, rec):
        return self.timers.deadline(rec.key, Timer.REDELIVERY) is not None

    def plan_redelivery(self, rec):
        """CMB-RTR-035: no wait begins after the last forward; the phase goes on. CMB-RTR-012."""
        if rec.forwards < self.settings.max_deliveries:
            rec.wait_ms = rec.policy.backoff_ms(rec.place, self.jitter())
            rec.wait_end_ms = self.now_ms + rec.wait_ms
            self.arm_redelivery(rec)

    def arm_redelivery(self, rec):
        self.timers.arm(rec.key, Timer.REDELIVERY, rec.wait_end_ms)

    def forward(self, rec):
        """Hands the message to the target, with the life that remains, and arms the next try."""
        raw, remaining_ms = rec.raw, self.remaining_ms(rec)
        if remaining_ms != rec.header.ttl_ms:  # Else byte for byte as it came.
            rec.header.ttl_ms = remaining_ms
            raw = rec.raw = rec.header.SerializeToString()
        code = (self.send(rec.channel, rec.target, raw, rec.payload)
                if rec.channel in self.channels else Code.NO_ROUTE)
        if code and rec.state == State.REJECTED:
            return code  # It was never accepted, so no wait begins.
        if not code and rec.forwarded_ms is None:
            rec.forwarded_ms = self.now_ms
        rec.forwards += 1  # A refused one is a failed try and counts as well.
        rec.place += 1
        self.plan_redelivery(rec)
        return code

    def remaining_ms(self, rec):
        """Each hop takes its dwell from the life of a message."""
        return rec.ttl_end_ms - self.now_ms

    def redeliver(self, rec):
        if self.phase_is_over(rec):
            return  # The end of the phase goes before a forward of the same instant.
        ended_ms = rec.wait_ms
        rec.last_retry_ms = self.now_ms
        self.forward(rec)
        self.emit(retry=record.RetryEvent(
            message_id=rec.message_id, role=self.ROLE, reason=Reason.RECEIPT, attempt=rec.attempt,
            delivery_count=rec.forwards, backoff_ms=ended_ms, monotonic_ms=self.now_ms,
            source=rec.source, target=rec.target))

    def phase_is_over(self, rec):
        return self.timers.deadline(rec.key, Timer.DELIVERY_PHASE) <= self.now_ms

    def give_up(self, rec, reason, code):
        """No sign of the target in time: said to the sender before its own timer ends."""
        self.stop(rec)
        if rec.state == State.FORWARDING:
            self.move(rec, State.DEAD_LETTERED, reason, code)
        self.tell(rec.source, AckType.TIMEOUT, Status.FAILURE, rec.message_id, rec.attempt,
                  error_code=code)

    def stop(self, rec):
        """Nothing more is forwarded."""
        was_reforwarding, rec.reforwarding = rec.reforwarding, False
        self.timers.stop(rec.key, Timer.REDELIVERY, Timer.DELIVERY_PHASE, Timer.TTL)
        if was_reforwarding:
            self.keep(rec)

    def recovered(self):
        """CMB-DUR-018: what waits for a channel that is configured no more is given up."""
        stranded = [rec for rec in self.records.values() if rec.channel not in self.channels
                    and self.timers.deadline(rec.key, Timer.DELIVERY_PHASE) is not None]
        for rec in stranded:
            self.give_up(rec, Reason.DELIVERY_PHASE_ENDED, Code.CHANNEL_MISMATCH)
        while armed := self.timers.pop_due(self.now_ms, housekeeping=True):
            self.fire(armed.key, armed.kind)  # What was to be forgotten meanwhile.
