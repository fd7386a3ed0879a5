"""Routers that are wrong in one thing each: cancelling, inspection, CURVE."""

import curve
from generated import Code, QueryKind, Role, State, Timer
from harness import Harness
from mutants.registry import mutant
from router import Router
from router_inspection import IN_FLIGHT, MOST_ENTRIES, fulfilled


@mutant("claims-absence-always", "CMB-CXL-005", "router/never-forwarded-is-not-claimed*")
class ClaimsAbsenceAlways(Router):
    """Every CANCEL is answered with the proof that nothing was forwarded."""

    @staticmethod
    def was_never_forwarded(rec, attempt):
        return True


@mutant("the-last-refusal-proves-all", "CMB-CXL-005", "router/never-forwarded-over-attempts*")
class TheLastRefusalProvesAll(Router):
    """That the last attempt was refused is taken for proof of all before it."""

    @staticmethod
    def was_never_forwarded(rec, attempt):
        return rec.state == State.REJECTED


@mutant("never-proves-absence", "CMB-CXL-012", "router/never-forwarded*")
class NeverProvesAbsence(Router):
    """A CANCEL of what was refused each time is passed on, and that is all."""

    @staticmethod
    def was_never_forwarded(rec, attempt):
        return False


@mutant("keeps-the-cancel", "CMB-CXL-002", "router/cancel-*")
class KeepsTheCancel(Router):
    """A router that has ended the message does not trouble the target with the CANCEL."""

    def on_cancel(self, rec, header, ack, frames):
        super().on_cancel(rec, header, ack, frames)
        self.waiting = [letter for letter in self.waiting if letter.header is not header]


@mutant("drops-the-trace", "CMB-OBS-016", "router/trace-context-passes*")
class DropsTheTrace(Router):
    """The trace context ends at the router."""

    def forward(self, rec):
        rec.header.ClearField("traceparent")
        rec.raw = rec.header.SerializeToString()
        return super().forward(rec)


# ---- inspection


@mutant("answers-a-question-once", "CMB-INS-003", "router/inspection-again*")
class AnswersAQuestionOnce(Router):
    """A QUERY that comes twice is taken for a duplicate."""

    def on_query(self, socket, header):
        asked = self.__dict__.setdefault("asked", set())
        if header.message_id not in asked:
            asked.add(header.message_id)
            super().on_query(socket, header)


@mutant("answers-on-the-first-channel", "CMB-INS-003", "router/inspection-on-each-channel*")
class AnswersOnTheFirstChannel(Router):
    """Every REPLY goes by the first channel."""

    def on_query(self, socket, header):
        super().on_query(self.channels[0], header)


@mutant("asks-for-the-asker", "CMB-INS-004", "router/inspection-of-*")
class AsksForTheAsker(Router):
    """The source in a QUERY is not looked at."""

    def reply_to(self, asker, header):
        header.query.source = ""
        return super().reply_to(asker, header)


@mutant("makes-a-record-up", "CMB-INS-004", "router/inspection-of-no-record*")
class MakesARecordUp(Router):
    """Of what it does not know a router tells an empty record."""

    def tell_transaction(self, source, message_id):
        reply = super().tell_transaction(source, message_id)
        reply.transaction.SetInParent()
        return reply


@mutant("lists-what-has-ended", "CMB-INS-005", "router/inspection-in-flight*")
class ListsWhatHasEnded(Router):
    """IN_FLIGHT is all that is held."""

    def tell_in_flight(self, query):
        return self.page(query, self.records.values(), "in_flight",
                         lambda rec: self.transaction(*rec.key))


@mutant("never-says-more", "CMB-INS-013", "router/inspection-in-flight*",
        "router/inspection-limits-of-a-list*")
class NeverSaysMore(Router):
    """A list that was cut does not say so."""

    def tell_in_flight(self, query):
        reply = super().tell_in_flight(query)
        reply.more = False
        return reply


@mutant("forgets-the-cursor", "CMB-INS-005", "router/inspection-in-flight*")
class ForgetsTheCursor(Router):
    """Every page is the first."""

    def tell_in_flight(self, query):
        query.after_source = query.after_message_id = ""
        return super().tell_in_flight(query)


@mutant("counts-what-is-in-flight-as-all", "CMB-INS-006", "router/inspection-health*")
class CountsWhatIsInFlightAsAll(Router):
    """The number of records leaves out what has ended."""

    def health(self):
        health = super().health()
        health.records = sum(rec.state in IN_FLIGHT for rec in self.records.values())
        return health


@mutant("counts-each-anomaly-once", "CMB-INS-006", "router/inspection-health*")
class CountsEachAnomalyOnce(Router):
    """Anomalies of a kind are counted once."""

    def health(self):
        health = super().health()
        for entry in health.anomalies:
            entry.count = 1
        return health


@mutant("cuts-the-limit", "CMB-INS-007", "router/inspection-limits-of-a-list*")
class CutsTheLimit(Router):
    """A limit above 1000 is taken for 1000."""

    def query_refusal(self, asker, header):
        header.query.limit = min(header.query.limit, MOST_ENTRIES)
        return super().query_refusal(asker, header)


@mutant("guesses-what-is-asked", "CMB-INS-007", "router/inspection-refusals*")
class GuessesWhatIsAsked(Router):
    """An unknown question is answered as HEALTH."""

    def reply_to(self, asker, header):
        if header.query.kind not in QueryKind.names or not header.query.kind:
            return fulfilled(health=self.health())
        return super().reply_to(asker, header)


@mutant("redrives-undeclared", "CMB-INS-007", "router/inspection-durable-kinds-undeclared*",
        options=("--profile", "TRACKED"))
class RedrivesUndeclared(Router):
    """A TRACKED router answers the questions of DURABLE."""

    def query_refusal(self, asker, header):
        code = super().query_refusal(asker, header)
        return 0 if code == Code.UNSUPPORTED_MESSAGE_TYPE else code


@mutant("looking-touches", "CMB-INS-008", "router/inspection-changes-nothing*")
class LookingTouches(Router):
    """Who asks for a message prolongs the wait for its delivery."""

    def tell_transaction(self, source, message_id):
        key = (source, message_id)
        told = super().tell_transaction(source, message_id)
        if self.timers.deadline(key, Timer.DELIVERY_PHASE) is not None:
            self.timers.arm(key, Timer.REDELIVERY, self.now_ms + self.records[key].wait_ms)
        return told


# ---- limits and keys


@mutant("takes-any-metadata", "CMB-SEC-010", "malformed/too-many-pairs-of-metadata*")
class TakesAnyMetadata(Router):
    """The pairs of metadata are not counted."""

    def refusal(self, socket, header, frames):
        del header.metadata[32:]
        return super().refusal(socket, header, frames)


class Nameless(curve.Doorkeeper):
    """Leaves to each client the name that it takes."""

    @staticmethod
    def name_given(module):
        return b""


@mutant("compares-the-name-alone", "CMB-SEC-013", "security/curve-borrowed-route*")
class ComparesTheNameAlone(Harness):
    """The key's module is compared with what comes, and not given to the connection."""

    DOORKEEPER = Nameless


class BelievesEveryName(Router):
    """A router that does not look at keys."""

    def handle(self, socket, peer, header, frames):
        super().handle(socket, str(peer), header, frames)


@mutant("the-key-does-not-matter", "CMB-SEC-008", "security/curve-borrowed-key")
class TheKeyDoesNotMatter(Harness):
    """Whoever has a key may take any routing id."""

    DOORKEEPER = Nameless

    def __init__(self, roles, *more, **named):
        super().__init__({**roles, Role.ROUTER: BelievesEveryName}, *more, **named)


class Doorless(Nameless):
    """Knows every key."""

    def module_of(self, mechanism, keys):
        return super().module_of(mechanism, keys) or "stranger"


@mutant("lets-everybody-in", "CMB-SEC-006", "security/curve-key-not-on-the-list*")
class LetsEverybodyIn(Harness):
    """The list of keys is not asked."""

    DOORKEEPER = Doorless

    def __init__(self, roles, *more, **named):
        super().__init__({**roles, Role.ROUTER: BelievesEveryName}, *more, **named)


@mutant("does-not-count-who-was-refused", "CMB-SEC-009",
        "security/curve-refused-handshakes-are-counted*")
class DoesNotCountWhoWasRefused(Router):
    """Refused handshakes are nobody's business."""

    def refused_connections(self):
        return 0
