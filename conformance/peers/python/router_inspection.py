"""What a router answers to a QUERY: records, health, dead letters.

Spec: chapters inspection, dead letters. Mixed into Router. TRACKED answers
TRANSACTION, IN_FLIGHT and HEALTH; the rest is DURABLE.
"""

from generated import Anomaly, Code, CognitiveMessage, QueryKind, State, Status, inspection
from router_record import Copy, RouterRecord
from wire import LARGEST_HEADER, reply_header

LIMIT = 100
MOST_ENTRIES = 1000
# A header that every peer takes has 65536 bytes; so much of it is for the entries of a list.
LIST_BYTES = LARGEST_HEADER - 1024

TRACKED_KINDS = (QueryKind.TRANSACTION, QueryKind.IN_FLIGHT, QueryKind.HEALTH)
DURABLE_KINDS = (QueryKind.DEAD_LETTERS, QueryKind.REDRIVE, QueryKind.PURGE)
OF_ONE_MESSAGE = (QueryKind.TRANSACTION, QueryKind.REDRIVE)
OF_OPERATORS = (QueryKind.REDRIVE, QueryKind.PURGE)
IN_FLIGHT = (State.FORWARDING, State.DELIVERED)


def refused(code):
    return inspection.QueryReply(status=Status.REJECTED, error_code=code)


def fulfilled(**what):
    return inspection.QueryReply(status=Status.SUCCESS, **what)


class RouterInspection:
    """on_query and what follows from it."""

    doorkeeper = None  # With CURVE.
    operators = ()     # Modules that may redrive and purge what is not their own.

    def on_query(self, socket, header):
        """CMB-INS-003: one REPLY, and nothing of the QUERY is kept."""
        reply = self.reply_to(header.source, header)
        self.post(socket, header.source, reply_header(self.module_id, header, reply))

    def reply_to(self, asker, header):
        query = header.query
        code = self.query_refusal(asker, header)
        if code:
            return refused(code)
        source = query.source or asker
        may_repeat = query.accept_second_execution
        return {QueryKind.TRANSACTION: lambda: self.tell_transaction(source, query.message_id),
                QueryKind.IN_FLIGHT: lambda: self.tell_in_flight(query),
                QueryKind.HEALTH: lambda: fulfilled(health=self.health()),
                QueryKind.DEAD_LETTERS: lambda: self.tell_dead_letters(query),
                QueryKind.REDRIVE: lambda: self.redrive((source, query.message_id), may_repeat),
                QueryKind.PURGE: lambda: self.purge(asker, query)}[query.kind]()

    def query_refusal(self, asker, header):
        """CMB-INS-007: the code of the first row that applies, or 0."""
        query = header.query
        if not header.HasField("query") or query.kind not in TRACKED_KINDS + DURABLE_KINDS:
            return Code.VALIDATION_ERROR
        if query.kind in DURABLE_KINDS and not self.claims.durable:
            return Code.UNSUPPORTED_MESSAGE_TYPE
        if (query.kind in OF_ONE_MESSAGE and not query.message_id) or query.limit > MOST_ENTRIES:
            return Code.VALIDATION_ERROR
        if query.kind in OF_OPERATORS and not self.may_decide(asker, query.source or asker):
            return Code.PERMISSION_DENIED
        return 0

    def may_decide(self, asker, source):
        """CMB-DLQ-008"""
        return asker == source or asker in self.operators

    # ---- TRACKED

    def tell_transaction(self, source, message_id):
        return fulfilled(transaction=self.transaction(source, message_id))

    def tell_in_flight(self, query):
        found = [rec for rec in self.records.values() if rec.state in IN_FLIGHT]
        return self.page(query, found, "in_flight", self.in_flight_entry)

    def in_flight_entry(self, rec):
        entry = self.transaction(*rec.key)
        entry.ClearField("ack_history")  # CMB-INS-011: of one record alone.
        return entry

    def page(self, query, found, name, entry_of):
        """16.3: what comes behind the cursor, as many as are asked for and as fit (CMB-INS-010)."""
        def place(key):
            return tuple(part.encode() for part in key)

        cursor = place((query.after_source, query.after_message_id))
        found = sorted((rec for rec in found if place(rec.key) > cursor),
                       key=lambda rec: place(rec.key))
        reply = fulfilled()
        entries, size = getattr(reply, name), 0
        for rec in found[:query.limit or LIMIT]:
            entry = entry_of(rec)
            size += entry.ByteSize() + 8  # Its tag and length.
            if not self.fits(size):
                break
            entries.append(entry)
        reply.more = len(entries) < len(found)
        return reply

    @staticmethod
    def fits(size):
        return size <= LIST_BYTES

    def health(self):
        """CMB-INS-006: what is held now, and what was counted since the process began."""
        records = self.records.values()
        queues = [inspection.QueueDepth(target=target, messages=depth)
                  for target, depth in sorted(self.queues.items()) if depth]
        counts = [inspection.AnomalyCount(kind=kind, count=count)
                  for kind, count in sorted(self.anomalies.items())]
        return inspection.Health(
            uptime_ms=self.now_ms - self.began_ms, records=len(records),
            in_flight=sum(rec.state in IN_FLIGHT for rec in records),
            dead_letters=sum(rec.dead_letter for rec in records), queues=queues, anomalies=counts,
            undeliverable=self.anomalies[Anomaly.UNDELIVERABLE],
            expired_dead_letters=self.expired_letters,
            refused_connections=self.refused_connections(), profile=self.claims.profile)

    def refused_connections(self):
        """CMB-SEC-009"""
        return self.doorkeeper.refused() if self.doorkeeper else 0

    # ---- DURABLE

    def tell_dead_letters(self, query):
        found = [rec for rec in self.records.values() if rec.dead_letter]
        return self.page(query, found, "dead_letters", self.letter)

    def letter(self, rec):
        return inspection.DeadLetter(
            message_id=rec.message_id, source=rec.source, target=rec.target, channel=rec.channel,
            idempotency_key=rec.header.idempotency_key or rec.message_id, reason=rec.reason,
            error_code=rec.error, attempt=rec.attempt, age_ms=self.now_ms - rec.changed_ms,
            payload_bytes=len(rec.payload), ttl_ms=rec.came_ttl_ms,
            redrive_of=rec.redrive_of, forwarded_at_ms=rec.forwarded_ms)

    def comes_in_time(self, letter):
        """CMB-DLQ-010: whether the last forward of a redrive surely finds the key remembered."""
        last_ms = self.now_ms + letter.policy.delivery_ack_ms * 9 // 10 + self.settings.max_latency_ms
        return (letter.forwarded_ms is None
                or last_ms <= letter.forwarded_ms + self.settings.key_window_ms)

    def redrive(self, key, may_repeat=False):
        """CMB-DLQ-004: the dead letter leaves as a new message; or stays as it is."""
        old = self.records.get(key)
        if not old or not old.dead_letter:
            return refused(Code.VALIDATION_ERROR)
        new = self.redriven(old)
        if not self.may_be_as_long(new.raw):
            return refused(Code.VALIDATION_ERROR)
        if not may_repeat and not self.comes_in_time(old):
            return refused(Code.DUPLICATE_DETECTED)
        if not self.has_room(old.target, old.source):
            return refused(Code.BUFFER_FULL)
        self.enter(new)
        if code := self.first_forward(new):
            self.stop(new)
            self.forget(new.key)
            return refused(code)
        new.state = State.FORWARDING
        self.count_queue(new, 1)
        self.book(new.key)
        self.bury(old)
        return fulfilled(redriven_id=new.message_id)

    def may_be_as_long(self, raw):
        """CMB-DLQ-013"""
        return len(raw) <= min(self.settings.header_bytes, LARGEST_HEADER)

    def redriven(self, old):
        header = CognitiveMessage()
        header.CopyFrom(old.header)
        header.message_id = self.redrive_id(old.source)
        header.attempt, header.ttl_ms = 1, old.came_ttl_ms
        header.idempotency_key = old.header.idempotency_key or old.message_id
        header.redrive_of = old.message_id
        new = RouterRecord(Copy(header, [header.SerializeToString(), old.payload], old.channel,
                                self.settings.max_ttl_ms), self.now_ms)
        new.redrive_of, new.forwarded_ms = old.message_id, old.forwarded_ms
        return new

    def redrive_id(self, source):
        """One that neither the router nor the source has used."""
        while True:
            made = f"{self.settings.id_prefix}redrive-{self.next_number('redrives')}"
            if (source, made) not in self.records:
                return made

    def bury(self, rec):
        """CMB-DLQ-005: it stays DEAD_LETTERED, and is no dead letter any more."""
        rec.dead_letter = False
        self.book(rec.key)
        self.touch(rec)
        self.keep(rec)

    def purge(self, asker, query):
        """CMB-DLQ-006: one, those of a source, or all that the asker may purge."""
        source = query.source or (asker if query.message_id else "")
        meant = [rec for rec in self.records.values()
                 if rec.dead_letter and self.may_decide(asker, rec.source)
                 and source in ("", rec.source) and query.message_id in ("", rec.message_id)]
        for rec in meant:
            self.bury(rec)
        return fulfilled(purged_count=len(meant))
