"""Who tells too little of what changes no state."""

from generated import AckType
from mutants.registry import mutant
from router import Router
from sender import Sender


@mutant("redelivers-in-silence", "CMB-OBS-006", "router/redeliveries-are-told")
class RedeliversInSilence(Router):
    """A redelivery has no retry event."""

    def emit(self, **event):
        if "retry" not in event:
            super().emit(**event)


@mutant("counts-all-forwards", "CMB-OBS-006", "router/redeliveries-are-told")
class CountsAllForwards(Router):
    """delivery_count goes on over a new attempt."""

    def emit(self, **event):
        if "retry" in event:
            event["retry"].delivery_count += event["retry"].attempt - 1
        super().emit(**event)


@mutant("progress-is-a-change-only", "CMB-OBS-005", "sender/progress-is-told")
class ProgressIsAChangeOnly(Sender):
    """A PROGRESS_ACK that enters EXECUTING is told by its transition alone."""

    def transition(self, rec, new_state, *args, **named):
        super().transition(rec, new_state, *args, **named)
        self.entered = self.now_ms, rec.message_id

    def report_progress(self, rec, ack):
        if getattr(self, "entered", None) != (self.now_ms, rec.message_id):
            super().report_progress(rec, ack)


@mutant("a-start-is-no-progress", "CMB-OBS-005", "sender/progress-is-told")
class AStartIsNoProgress(Sender):
    """IN_PROGRESS while EXECUTING re-arms the timer and is not told."""

    def report_progress(self, rec, ack):
        if ack.ack_type == AckType.PROGRESS_ACK:
            super().report_progress(rec, ack)
