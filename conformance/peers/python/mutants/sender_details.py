"""Senders that forget one detail of a sentence, which a reader of the text found easy to miss."""

from generated import Code, State, Status, Timer
from mutants.registry import mutant
from sender import Sender


@mutant("earlier-good-news-ends-no-backoff", "CMB-RTY-007",
        "sender/good-news-of-any-attempt-*@news=router_ack",
        "sender/good-news-of-any-attempt-*@news=delivery_ack",
        "sender/good-news-of-any-attempt-*@news=in_progress")
class EarlierGoodNewsEndsNoBackoff(Sender):
    """While a retry waits, good news of an earlier attempt than the last leaves it waiting."""

    def act_on(self, rec, ack):
        ends_ms = self.timers.deadline(rec.message_id, Timer.BACKOFF)
        verdict = super().act_on(rec, ack)
        if ends_ms is not None and ack.attempt < rec.attempt and not rec.is_terminal:
            self.timers.arm(rec.message_id, Timer.BACKOFF, ends_ms)
        return verdict


@mutant("frees-no-place", "CMB-SND-004", "sender/an-ended-message-frees-its-place*")
class FreesNoPlace(Sender):
    """A message that has ended goes on counting as one in flight."""

    def finish_record(self, rec, *args, **kwargs):
        self.open_records += not rec.is_terminal
        super().finish_record(rec, *args, **kwargs)


@mutant("knows-no-bound-in-flight", "CMB-SND-004", "sender/a-send-beyond-*@what=a_place")
class KnowsNoBoundInFlight(Sender):
    """However many messages are in flight, one more is sent."""

    def check_send(self, send):
        held, self.open_records = self.open_records, 0
        super().check_send(send)
        self.open_records = held


@mutant("knows-no-longest-life", "CMB-SND-004", "sender/a-send-beyond-*@what=a_life")
class KnowsNoLongestLife(Sender):
    """A life above the declared maximum is sent as it is."""

    def check_send(self, send):
        longest, self.settings.max_ttl_ms = self.settings.max_ttl_ms, send.ttl_ms
        super().check_send(send)
        self.settings.max_ttl_ms = longest


@mutant("resolves-what-the-router-got-wrong", "CMB-LATE-003", "sender/a-wrong-proof-of-the-router-*")
class ResolvesWhatTheRouterGotWrong(Sender):
    """A success resolves the alert, also of a message of which the router had proven wrongly that it never ran."""

    def revise_alert(self, rec, succeeded):
        super().revise_alert(rec, rec.state == State.COMPLETED_SUCCESS)


@mutant("cancels-what-was-never-sent", "CMB-CXL-013", "sender/a-cancel-of-what-was-never-sent")
class CancelsWhatWasNeverSent(Sender):
    """A CANCEL of attempt 0 is sent of a message of which nothing left."""

    def send_cancel(self, rec):
        unsent, rec.attempt = rec.attempt == 0, rec.attempt or 1
        super().send_cancel(rec)
        rec.attempt -= unsent


@mutant("places-after-the-end-are-forgotten", "CMB-DUP-011", "sender/progress-after-the-end-*")
class PlacesAfterTheEndAreForgotten(Sender):
    """Of a message that has ended no place in the row is remembered."""

    def remember(self, rec, ack):
        if not (rec.is_terminal and ack.status == Status.IN_PROGRESS):
            super().remember(rec, ack)


class KeepsATimer(Sender):
    """One timer of a record goes on when the record ends."""

    kept = None

    def finish_record(self, rec, *args, **kwargs):
        deadline = self.timers.deadline(rec.message_id, self.kept)
        super().finish_record(rec, *args, **kwargs)
        if deadline is not None:
            self.timers.arm(rec.message_id, self.kept, deadline)


@mutant("a-life-outlives-its-record", "CMB-TMR-003", "sender/no-timer-outlives-its-message*")
class ALifeOutlivesItsRecord(KeepsATimer):
    """The TTL timer goes on when the record ends."""

    kept = Timer.TTL


@mutant("a-repetition-outlives-the-answer", "CMB-CXL-015", "sender/a-cancel-after-the-message-was-given-up")
class ARepetitionOutlivesTheAnswer(KeepsATimer):
    """The timer of a CANCEL goes on when the target has answered it."""

    kept = Timer.CANCEL


@mutant("any-cancelled-answers", "CMB-SND-012", "sender/never-forwarded-that-proves-nothing@answer=without_flag")
class AnyCancelledAnswers(Sender):
    """A failure with the code CANCELLED ends the repetition of a CANCEL, whether the message was forwarded or not."""

    @staticmethod
    def answers_a_cancel(rec, ack):
        return rec.state == State.TIMEOUT_ABORT and rec.cancels and ack.error_code == Code.CANCELLED


@mutant("a-cancel-has-an-answer-for-ever", "CMB-SND-012", "sender/never-forwarded-after-a-result*")
class ACancelHasAnAnswerForEver(Sender):
    """That nothing was forwarded is taken for the answer to a CANCEL after the result too."""

    @staticmethod
    def answers_a_cancel(rec, ack):
        return rec.cancels and ack.error_code == Code.CANCELLED and ack.never_forwarded


@mutant("forgets-at-the-last-instant", "CMB-LATE-009", "sender/records-live-past-the-window*")
class ForgetsAtTheLastInstant(Sender):
    """A record is forgotten at the last instant at which it must be known."""

    def finish_record(self, rec, *args, **kwargs):
        super().finish_record(rec, *args, **kwargs)
        at_ms = self.timers.deadline(rec.message_id, Timer.RECORD_EXPIRY)
        self.timers.arm(rec.message_id, Timer.RECORD_EXPIRY, at_ms - 1)


@mutant("knows-no-range", "CMB-SND-004", "sender/a-policy-out-of-range-is-refused*")
class KnowsNoRange(Sender):
    """Whatever policy an application gives, it is sent."""

    def check_send(self, send):
        asked = type(send)()
        asked.CopyFrom(send)
        asked.ClearField("policy")
        super().check_send(asked)


@mutant("knows-no-longest-header", "CMB-SND-004", "sender/a-header-too-long-is-refused*")
class KnowsNoLongestHeader(Sender):
    """However long a header becomes, it is sent."""

    def longest_header(self, send):
        return 0
