"""What a CANCEL does at a TRACKED target, before, during and after the work.

Spec: chapter cancellation, 21.3. Mixed into Target.
"""

from generated import AckType, Anomaly, Code, OnCancel, Reason, State, Timer
from target_work import Message, Work


class TargetCancels:
    """on_cancel, and the tombstones."""

    def on_cancel(self, header, ack):
        """Returns the anomaly if it changes nothing and is not answered."""
        message = self.messages.get((header.source, ack.correlation_id))
        if message is None:
            return self.leave_tombstone(header.source, ack.correlation_id, ack.attempt)
        if message.work.is_tombstone:
            return Anomaly.DUPLICATE_ACK
        return self.cancel_work(message)

    def cancel_work(self, message):
        work = message.work
        if work.state == State.EXECUTING:
            return self.ask_to_stop(work)
        if work.state == State.RECEIVED or work.is_refused_for_now:
            self.cancelled(work)
        else:  # CMB-CXL-009
            self.tell_end(message, message.attempt)
        return None

    def ask_to_stop(self, work):
        """CMB-CXL-008: once; whether it stops is the handler's affair."""
        if work.asked_to_stop:
            return Anomaly.DUPLICATE_ACK
        work.asked_to_stop = True
        self.touch(work)
        if work.script.on_cancel != OnCancel.IGNORE:
            self.cancelled(work)
        return None

    def cancelled(self, work):
        self.end(work, State.CANCELLED, Reason.CANCEL, Code.CANCELLED)

    def memory_ms(self):
        """CMB-TGT-012: since its store, or without one its process, began empty."""
        if self.ways.are_several and not self.claims.durable:  # CMB-TGT-016
            return 0
        return self.now_ms - self.numbers.get("began_ms", self.began_ms)

    # ---- a CANCEL that overtook its message

    def leave_tombstone(self, source, message_id, attempt):
        """CMB-CXL-010: nobody is answered until the message comes."""
        if not self.has_room(source):
            return Anomaly.UNKNOWN_MESSAGE
        work = Work(source, self.module_id, message_id, self.now_ms)
        work.state, work.error = State.CANCELLED, Code.CANCELLED
        work.cancel_attempt = attempt
        self.works[work.key] = work
        self.join_message(Message(message_id, work))
        self.timers.arm(work.key, Timer.RECORD_EXPIRY,
                        self.now_ms + 2 * self.settings.max_latency_ms + 1)
        return None

    def meet_tombstone(self, message, header):
        """The message came after all."""
        work, known = message.work, self.find_work(None, header)
        if known:  # Its key names other work: the CANCEL is for that one.
            self.forget(work)
            message = self.attach(known, header)
            self.take_copy(message, header)
            found = self.cancel_work(message)
            if found:  # Its handler was asked before.
                self.anomaly(found, peer=header.source, message_id=message.message_id,
                             ack_type=AckType.CANCEL, attempt=work.cancel_attempt)
            self.streams.serve(message.stream)
            return
        work.comes_by(header, self.now_ms)
        self.come(message, header)
        work.memory_ms = self.memory_ms()
        self.take_copy(message, header)
        self.streams.serve(message.stream)
