"""Senders that are wrong in one thing each: cancelling, progress, batches, other channels."""

from generated import AckType, Alert, Certainty, Code, State, Status, Timer
from machine import INGRESS
from mutants.registry import mutant
from outcome import cause_text
from sender import Sender
from wire import Malformed, ack_header, check_ack


@mutant("cancels-in-silence", "CMB-CXL-001", "sender/cancel-in-every-open-state*")
class CancelsInSilence(Sender):
    """Nobody but the sender hears that the message is cancelled."""

    def cancel(self, cancel):
        super().cancel(cancel)
        self.waiting.clear()


@mutant("cancels-attempt-one", "CMB-CXL-001", "sender/cancel-carries-the-highest-attempt*")
class CancelsAttemptOne(Sender):
    """A CANCEL always names attempt 1, so that a later copy gets through."""

    def cancel(self, cancel):
        super().cancel(cancel)
        for letter in self.waiting:
            letter.header.ack.attempt = 1


@mutant("cancels-once", "CMB-CXL-015", "sender/a-cancel-is-repeated*")
class CancelsOnce(Sender):
    """A CANCEL that was lost is lost."""

    def send_cancel(self, rec):
        super().send_cancel(rec)
        self.timers.stop(rec.message_id, Timer.CANCEL)


@mutant("cancels-beyond-the-window", "CMB-CXL-015", "sender/a-cancel-is-repeated@*")
class CancelsBeyondTheWindow(Sender):
    """A CANCEL is repeated for as long as the record lives."""

    def send_cancel(self, rec):
        super().send_cancel(rec)
        self.timers.arm(rec.message_id, Timer.CANCEL, self.now_ms + max(
            rec.policy.backoff_ms(rec.cancels, 1.0), rec.policy.router_ack_ms))


@mutant("cancels-in-a-rush", "CMB-CXL-015", "sender/a-cancel-is-repeated*")
class CancelsInARush(Sender):
    """What the policy says of the first wait alone decides when a CANCEL is repeated."""

    def send_cancel(self, rec):
        router_ack_ms, rec.policy.router_ack_ms = rec.policy.router_ack_ms, 1
        super().send_cancel(rec)
        rec.policy.router_ack_ms = router_ack_ms


@mutant("what-is-given-up-is-past-cancelling", "CMB-CXL-013",
        "sender/a-cancel-after-the-message-was-given-up*")
class WhatIsGivenUpIsPastCancelling(Sender):
    """A message that has ended in TIMEOUT_ABORT cannot be cancelled."""

    @staticmethod
    def may_cancel_late(rec):
        return False


@mutant("leaves-the-work-behind", "CMB-CXL-014", "sender/cancel-on-timeout*")
class LeavesTheWorkBehind(Sender):
    """cancel_on_timeout in the policy means nothing to it."""

    def abort(self, rec, *args, **kwargs):
        rec.policy.cancel_on_timeout = False
        super().abort(rec, *args, **kwargs)


@mutant("cancel-leaves-the-retry", "CMB-SND-019", "sender/cancel-while-a-retry-waits*")
class CancelLeavesTheRetry(Sender):
    """The record is closed, but the re-send that waits goes out."""

    def cancel(self, cancel):
        waits = self.timers.deadline(cancel.message_id, Timer.BACKOFF) is not None
        super().cancel(cancel)
        if waits:
            self.transmit(self.records[cancel.message_id])


@mutant("alerts-who-cancelled", "CMB-OBS-008", "sender/cancel-raises-no-alert*")
class AlertsWhoCancelled(Sender):
    """A message that the application gave up is reported as a failure."""

    def cancel(self, cancel):
        super().cancel(cancel)
        rec = self.records[cancel.message_id]
        self.alert(rec, Alert.RAISED, cause_text(rec))


@mutant("ignores-the-proof", "CMB-CXL-003", "sender/never-forwarded-is-proof*")
class IgnoresTheProof(Sender):
    """That nothing was ever forwarded is counted as unexpected, and forgotten."""

    def answers_a_cancel(self, rec, ack):
        return False


@mutant("takes-any-answer-for-proof", "CMB-CXL-003", "sender/never-forwarded-that-proves-nothing*")
class TakesAnyAnswerForProof(Sender):
    """Every DELIVERY_ACK/FAILURE after a CANCEL is taken for proof."""

    def on_delivery_failure(self, rec, ack):
        verdict = super().on_delivery_failure(rec, ack)
        if rec.state == State.TIMEOUT_ABORT:
            rec.certainty = Certainty.NOT_EXECUTED
        return verdict


@mutant("forgets-the-hold", "CMB-PRG-003", "sender/a-held-start-waits-longer*", "sender/hold-until*",
        "sender/any-ack-may-hold@*")
class ForgetsTheHold(Sender):
    """A held start is given execution_ms, as if it had not been held."""

    def arm_stage(self, rec, state, ack):
        ack.ClearField("hold_ms")
        super().arm_stage(rec, state, ack)


@mutant("a-held-start-is-a-start", "CMB-LATE-012", "sender/a-held-start-proves-nothing*")
class AHeldStartIsAStart(Sender):
    """IN_PROGRESS proves execution even where it says that the work is held."""

    def on_stage(self, rec, ack):
        if ack.HasField("hold_ms"):
            self.attest_start(rec)
        return super().on_stage(rec, ack)


@mutant("hears-a-hold-and-a-start-once", "CMB-DUP-011", "sender/a-later-hold-prolongs-the-hold*")
class HearsAHoldAndAStartOnce(Sender):
    """Whatever its number, of each attempt one hold and one start count."""

    def is_duplicate(self, rec, ack):
        known = (ack.ack_type, ack.attempt, ack.HasField("hold_ms"))
        if known[0] != AckType.EXECUTION_ACK or ack.status != Status.IN_PROGRESS:
            return super().is_duplicate(rec, ack)
        heard = rec.__dict__.setdefault("heard", set())
        if known in heard:
            return True
        heard.add(known)
        return False


@mutant("compares-numbers-alone", "CMB-DUP-011", "sender/progress-counts-anew-with-a-retry*")
class ComparesNumbersAlone(Sender):
    """What a target that restarted tells of a later attempt is old news to it."""

    def is_duplicate(self, rec, ack):
        if ack.status == Status.IN_PROGRESS:
            return ack.progress_number <= rec.row_place[1]
        return super().is_duplicate(rec, ack)

    def remember(self, rec, ack):
        highest = rec.row_place[1]
        super().remember(rec, ack)
        rec.row_place = rec.row_place[0], max(highest, rec.row_place[1])


@mutant("a-hold-outlives-the-life", "CMB-PRG-009", "sender/hold-until*")
class AHoldOutlivesTheLife(Sender):
    """A hold is added to the life of the message."""

    def arm_stage(self, rec, state, ack):
        if ack.hold_ms:
            rec.ttl_end_ms += ack.hold_ms
            self.timers.arm(rec.key, Timer.TTL, rec.ttl_end_ms)
        super().arm_stage(rec, state, ack)


# ---- batches


@mutant("reads-the-first-of-a-batch", "CMB-BAT-002", "sender/batch-of-*")
class ReadsTheFirstOfABatch(Sender):
    """A batch counts as its first ACK."""

    def each_ack(self, header):
        yield next(iter(super().each_ack(header)))


@mutant("one-bad-ack-spoils-the-batch", "CMB-BAT-002",
        "malformed/batch-with-a-malformed-ack-at-a-sender*")
class OneBadAckSpoilsTheBatch(Sender):
    """A batch with a malformed ACK is dropped as a whole."""

    def check_more(self, header):
        for ack in header.ack_batch.acks:
            check_ack(ack)


@mutant("takes-batches-of-any-length", "CMB-WIRE-017", "malformed/batch-as-a-whole-at-a-sender*")
class TakesBatchesOfAnyLength(Sender):
    """A batch of more than 256 is taken."""

    def take(self, socket, peer, frames):
        try:
            header = self.decode(frames)
        except Malformed:
            header = None
        if header and len(header.ack_batch.acks) > 256:
            self.handle(socket, peer, header, frames)
        else:
            super().take(socket, peer, frames)


@mutant("reads-what-it-does-not-declare", "CMB-VER-009", "sender/undeclared-batch-is-counted-once*",
        options=("--without", "batch_ack"))
class ReadsWhatItDoesNotDeclare(Sender):
    """Batches are taken although the PICS does not say so."""

    def is_undeclared_batch(self, header):
        return False


# ---- other channels


@mutant("keeps-to-one-channel", "CMB-FBK-001", "sender/fallback-channel*")
class KeepsToOneChannel(Sender):
    """Every retry takes the channel that did not work."""

    def channel_of(self, rec):
        return rec.channel


@mutant("stops-at-the-last-channel", "CMB-FBK-001", "sender/fallback-goes-round*")
class StopsAtTheLastChannel(Sender):
    """After the last channel of the list the first does not come again."""

    def channel_of(self, rec):
        place = min(rec.first_place + rec.attempt - 1, len(rec.channels) - 1)
        return rec.channel if rec.attempt == 1 else rec.channels[place]


@mutant("ignores-the-list-of-channels", "CMB-FBK-001", "sender/fallback-order-of-the-policy*")
class IgnoresTheListOfChannels(Sender):
    """The order is that of the configuration, whatever the policy says."""

    def channels_of(self, send):
        return [send.channel, *(name for name in self.channels if name != send.channel)]


@mutant("falls-back-undeclared", "CMB-WIRE-010", "sender/no-fallback-keeps-its-channel*",
        options=("--without", "fallback"))
class FallsBackUndeclared(Sender):
    """Retries change the channel although the PICS does not say so."""

    def channels_of(self, send):
        return [send.channel, *(name for name in self.channels if name != send.channel)]


@mutant("names-the-first-channel", "CMB-FBK-002", "sender/fallback-names-the-channel*")
class NamesTheFirstChannel(Sender):
    """Events and alerts name the message's channel, not the one last used."""

    def transmit(self, rec):
        super().transmit(rec)
        rec.channel = rec.channels[max(rec.first_place, 0)]


@mutant("hears-one-channel", "CMB-FBK-003", "sender/acks-of-an-earlier-channel-count*")
class HearsOneChannel(Sender):
    """Good news of an attempt that went by another channel is thrown away."""

    def is_stale(self, rec, ack):
        return ack.attempt != rec.attempt


# ---- what a CANCEL may say besides


@mutant("sends-a-timeout-with-the-cancel", "CMB-CXL-001", "sender/cancel-in-every-open-state*")
class SendsATimeoutWithTheCancel(Sender):
    """The router is told twice: that the message is cancelled, and that it timed out."""

    def cancel(self, cancel):
        super().cancel(cancel)
        rec = self.records[cancel.message_id]
        self.post(INGRESS, None, ack_header(
            self.module_id, "@router", AckType.TIMEOUT, Status.FAILURE, rec.message_id, rec.attempt,
            error_code=Code.ACK_TIMEOUT))


@mutant("a-cancel-is-certain", "CMB-LATE-012", "sender/what-a-cancelled-answer-proves*",
        "sender/cancel-*")
class ACancelIsCertain(Sender):
    """What was cancelled is said not to have been executed."""

    def certainty_so_far(self, rec):
        return Certainty.NOT_EXECUTED
