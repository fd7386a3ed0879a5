"""Tests of TRACKED and of the features as values: cancelling, progress, order, batches."""

import unittest

from claims import Claims
from generated import (AckType, Alert, Anomaly, Certainty, Code, Feature, Profile, QueryKind, Role,
                       ScriptEnd, OnCancel, State, Status, control)
from table import Table, kinds
from wire import ack_header, without_acks

EXECUTION, PROGRESS, RECEIPT = AckType.EXECUTION_ACK, AckType.PROGRESS_ACK, AckType.RECEIPT


class CancelTest(unittest.TestCase):
    def test_a_sender_says_it_once_and_raises_no_alert(self):
        table = Table(Role.SENDER)
        m = table.submit()
        self.assertEqual(kinds(table.cancel(m)), [(AckType.CANCEL, 1)])
        self.assertEqual(kinds(table.cancel(m)), [])
        rec = table.record(m)
        self.assertEqual((rec.state, rec.error_code, rec.alert, rec.dead_letter),
                         (State.TIMEOUT_ABORT, Code.CANCELLED, Alert.UNSPECIFIED, False))

    def test_a_router_proves_only_what_it_refused_itself(self):
        table = Table(Role.ROUTER)
        table.message(ttl_ms=0)
        self.assertEqual(kinds(self.cancel(table, 1)),
                         [(AckType.CANCEL, 1), (AckType.DELIVERY_ACK, 1)])
        self.assertEqual(kinds(self.cancel(table, 2)), [(AckType.CANCEL, 2)])

    @staticmethod
    def cancel(table, attempt=1):
        return table.ack(AckType.CANCEL, Status.UNSPECIFIED, attempt=attempt, source="sender")

    def test_work_that_waits_is_dropped(self):
        table = Table(Role.TARGET)
        table.script(starts_ms=1000, end=ScriptEnd.SUCCESS)
        table.message()
        answer, = self.cancel(table)
        self.assertEqual((answer.ack.error_code, answer.ack.started), (Code.CANCELLED, False))
        self.assertEqual(table.at(2000).record().execution_count, 0)

    def test_work_that_does_not_stop_ends_as_it_ends(self):
        table = Table(Role.TARGET)
        table.script(end=ScriptEnd.SUCCESS, after_ms=1000, on_cancel=OnCancel.IGNORE)
        table.message()
        self.assertEqual(self.cancel(table), [])
        self.cancel(table, 2)
        self.assertEqual(table.anomalies(), [Anomaly.DUPLICATE_ACK])
        self.assertEqual(table.at(1000).record().state, State.SUCCEEDED)

    def test_a_kept_cancel_of_work_that_was_asked_before_is_an_anomaly_after_all(self):
        table = Table(Role.TARGET)
        table.script(end=ScriptEnd.NEVER, on_cancel=OnCancel.IGNORE)
        table.message(idempotency_key="k")
        self.cancel(table)
        table.ack(AckType.CANCEL, Status.UNSPECIFIED, "m2", attempt=3, source="sender")
        self.assertEqual(table.anomalies(), [])
        table.message(message_id="m2", idempotency_key="k")
        self.assertEqual(table.anomalies(), [Anomaly.DUPLICATE_ACK])

    def test_a_tombstone_answers_its_message(self):
        table = Table(Role.TARGET, claims=Claims(Profile.TRACKED))
        table.at(500)
        self.cancel(table)
        self.assertEqual((table.record().state, table.record().attempt), (State.CANCELLED, 0))
        receipt, answer = table.at(700).message()
        self.assertEqual((receipt.ack.ack_type, answer.ack.memory_ms), (RECEIPT, 700))
        self.assertEqual(table.message(2)[1].ack.memory_ms, 700)

    def test_the_tombstone_of_known_work_cancels_that(self):
        table = Table(Role.TARGET)
        table.script(end=ScriptEnd.NEVER)
        table.message(idempotency_key="job")
        table.ack(AckType.CANCEL, Status.UNSPECIFIED, "m2", source="sender")
        answers = table.message(message_id="m2", idempotency_key="job")
        self.assertEqual([(h.ack.ack_type, h.ack.correlation_id) for h in answers],
                         [(RECEIPT, "m2"), (EXECUTION, "m1"), (EXECUTION, "m2")])
        self.assertTrue(answers[1].ack.started)

    def test_a_tombstone_ends(self):
        table = Table(Role.TARGET, max_latency_ms=100)
        self.cancel(table)
        self.assertIsNotNone(table.at(200).record())
        table.machine.due(table.machine.timers.pop_due(201, housekeeping=True))
        self.assertIsNone(table.record())


class ProgressTest(unittest.TestCase):
    def test_held_work_says_what_remains_and_then_starts(self):
        table = Table(Role.TARGET)
        table.script(hold_ms=5000, end=ScriptEnd.NEVER)
        self.assertEqual(table.message()[1].ack.hold_ms, 5000)
        self.assertEqual(table.at(2000).message(2)[1].ack.hold_ms, 3000)
        table.sent.clear()
        started, = table.at(5000).sent
        self.assertFalse(started[2].ack.HasField("hold_ms"))

    def test_a_copy_hears_the_last_progress(self):
        table = Table(Role.TARGET)
        table.script(starts_ms=0, end=ScriptEnd.NEVER, progress=[
            control.ScriptProgress(at_ms=at_ms, percent=at_ms // 10) for at_ms in (100, 200)])
        table.message()
        acks = [header.ack for header in table.at(250).message(2)]
        self.assertEqual([(a.ack_type, a.progress_number, a.percent) for a in acks],
                         [(RECEIPT, 0, 0), (PROGRESS, 3, 20)])

    def test_who_declares_less_says_less(self):
        table = Table(Role.TARGET, claims=Claims(Profile.BASIC))
        table.script(starts_ms=0, hold_ms=5000, end=ScriptEnd.SUCCESS,
                     progress=[control.ScriptProgress(percent=1)])
        self.assertEqual(kinds(table.message()), [(RECEIPT, 1), (EXECUTION, 1)])


class ScriptTest(unittest.TestCase):
    def test_work_that_is_judged_afresh_follows_the_script_that_is_there_then(self):
        table = Table(Role.TARGET)
        table.script(end=ScriptEnd.REJECTED, retryable=True)
        table.message()
        table.script(end=ScriptEnd.SUCCESS)
        self.assertEqual(table.message(1)[1].ack.status, Status.REJECTED)
        self.assertEqual(table.message(2)[1].ack.status, Status.SUCCESS)


class StreamTest(unittest.TestCase):
    def test_one_at_a_time_and_a_failure_blocks_nobody(self):
        table = Table(Role.TARGET)
        table.script("m1", end=ScriptEnd.FAILURE, after_ms=1000)
        for message_id in ("m1", "m2", "m3"):
            life_ms = 1000 if message_id == "m2" else 9000
            table.message(message_id=message_id, stream_id="s", ttl_ms=life_ms)
        self.assertEqual(table.record("m3").state, State.RECEIVED)
        table.at(1000)
        self.assertEqual([table.record(m).state for m in ("m1", "m2", "m3")],
                         [State.FAILED, State.REJECTED, State.SUCCEEDED])


class BatchTest(unittest.TestCase):
    def test_each_ack_of_a_batch_is_judged_alone(self):
        table = Table(Role.SENDER)
        m = table.submit()
        header = self.batch("@router", "sender", [
            (AckType.ROUTER_ACK, m, 1), (AckType.DELIVERY_ACK, "", 1), (AckType.DELIVERY_ACK, m, 1)])
        table.takes("ack_egress", "", header)
        self.assertEqual(table.anomalies(), [Anomaly.MALFORMED])
        self.assertEqual(table.record(m).state, State.DELIVERED)

    def test_a_router_batches_for_those_who_said_so(self):
        for says_so, frames in ((True, 2), (False, 3)):
            with self.subTest(says_so=says_so):
                table = Table(Role.ROUTER)
                table.message(features=[Feature.BATCH_ACK] if says_so else [])
                sent = table.takes("ack_ingress", "target", self.batch(
                    "target", "sender", [(AckType.PROGRESS_ACK, "m1", 1), (EXECUTION, "m1", 1)]))
                self.assertEqual(len(sent), frames)

    def test_who_does_not_declare_it_counts_it_once(self):
        table = Table(Role.SENDER, claims=Claims(without=[Feature.BATCH_ACK]))
        acks = [(AckType.ROUTER_ACK, "m", 1)] * 3
        table.takes("ack_egress", "", self.batch("@router", "sender", acks))
        self.assertEqual(table.anomalies(), [Anomaly.UNSUPPORTED])

    @staticmethod
    def batch(source, target, acks):
        header = without_acks(ack_header(source, target, 1, 1, "", 1))
        for ack_type, message_id, attempt in acks:
            status = Status.IN_PROGRESS if ack_type == AckType.PROGRESS_ACK else Status.SUCCESS
            header.ack_batch.acks.add(ack_type=ack_type, status=status, correlation_id=message_id,
                                      attempt=attempt)
        return header


class ChannelTest(unittest.TestCase):
    def test_retries_go_round_the_channels(self):
        table = Table(Role.SENDER, channels=("main", "backup", "spare"))
        m = table.submit(backoff_first_ms=0, channels=["backup", "main"])
        table.at(3000)
        self.assertEqual([item[0] for item in table.sent], ["main", "backup", "main", "backup"])
        self.assertEqual(table.record(m).channel, "backup")


class CircuitTest(unittest.TestCase):
    def test_five_failures_open_it_and_a_probe_closes_it(self):
        table = Table(Role.SENDER)
        for _ in range(5):
            self.fails(table)
        refused = table.record(table.submit())
        self.assertEqual((refused.error_code, refused.certainty, refused.attempt),
                         (Code.CIRCUIT_OPEN, Certainty.NOT_EXECUTED, 0))
        probe = table.at(30_000).submit()
        self.assertEqual(table.record(table.submit()).error_code, Code.CIRCUIT_OPEN)
        table.ack(EXECUTION, Status.SUCCESS, probe, source="target")
        self.assertEqual(table.record(table.submit()).state, State.SEND_PENDING)

    @staticmethod
    def fails(table):
        table.ack(EXECUTION, Status.FAILURE, table.submit(), source="target",
                  error_code=Code.INTERNAL_ERROR)


class InspectionTest(unittest.TestCase):
    def test_lists_go_on_behind_the_cursor(self):
        table = Table(Role.ROUTER)
        for message_id in ("b", "a", "c"):
            table.message(message_id=message_id)
        first, _ = table.ask(QueryKind.IN_FLIGHT, limit=2)
        self.assertEqual(([r.message_id for r in first.in_flight], first.more), (["a", "b"], True))
        rest, _ = table.ask(QueryKind.IN_FLIGHT, after_source="sender", after_message_id="b")
        self.assertEqual(([r.message_id for r in rest.in_flight], rest.more), (["c"], False))

    def test_a_tracked_router_has_no_dead_letters_to_tell(self):
        table = Table(Role.ROUTER, claims=Claims(Profile.TRACKED))
        reply, _ = table.ask(QueryKind.DEAD_LETTERS)
        self.assertEqual(reply.error_code, Code.UNSUPPORTED_MESSAGE_TYPE)

    def test_a_dead_letter_is_redriven_once_under_its_key(self):
        table = Table(Role.ROUTER)
        table.message(ttl_ms=5000, policy={"backoff_first_ms": 2000})
        table.at(5000)
        refused, _ = table.ask(QueryKind.REDRIVE, by="other", source="sender", message_id="m1")
        self.assertEqual(refused.error_code, Code.PERMISSION_DENIED)
        reply, (message,) = table.ask(QueryKind.REDRIVE, message_id="m1")
        self.assertEqual((message.message_id, message.idempotency_key, message.redrive_of),
                         (reply.redriven_id, "m1", "m1"))
        self.assertEqual(message.ttl_ms, 5000)
        again, _ = table.ask(QueryKind.REDRIVE, message_id="m1")
        self.assertEqual(again.error_code, Code.VALIDATION_ERROR)


if __name__ == "__main__":
    unittest.main()
