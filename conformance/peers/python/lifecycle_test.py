"""Tests of the three lifecycles as values: no socket, no clock, no process."""

import unittest

import mutants
from generated import (AckType, Alert, Anomaly, Certainty, Code, CognitiveMessage, DeliveryPolicy,
                       MsgType, Role, ScriptEnd, State, Status, Timer, control)
from harness import Harness
from policy import Policy
from table import Table, kinds


class SenderTest(unittest.TestCase):
    def test_a_wait_of_nothing_stays_nothing_however_often(self):
        for n in (2, 1025, 5000):  # 2^1024 is no number that could be multiplied by 0.
            self.assertEqual(Policy(DeliveryPolicy(backoff_first_ms=0)).backoff_ms(n, 1.5), 0)

    def test_every_attempt_rejected_proves_that_nothing_was_executed(self):
        table = Table(Role.SENDER)
        m = table.submit(max_retries=1)
        table.ack(AckType.ROUTER_ACK, Status.REJECTED, m, 1, error_code=Code.BUFFER_FULL)
        table.at(1000).ack(AckType.ROUTER_ACK, Status.REJECTED, m, 2, error_code=Code.BUFFER_FULL)
        rec = table.record(m)
        self.assertEqual((rec.state, rec.certainty), (State.COMPLETED_FAILURE, Certainty.NOT_EXECUTED))

    def test_one_attempt_that_may_have_passed_leaves_it_unknown(self):
        table = Table(Role.SENDER)
        m = table.submit(max_retries=1)
        table.at(2000).ack(AckType.ROUTER_ACK, Status.REJECTED, m, 2, error_code=Code.NO_ROUTE)
        rec = table.record(m)
        self.assertEqual((rec.state, rec.certainty, rec.dead_letter),
                         (State.TIMEOUT_ABORT, Certainty.UNKNOWN, True))

    def test_a_late_failure_updates_the_alert(self):
        table = Table(Role.SENDER)
        m = table.submit(max_retries=0)
        table.at(1000).ack(AckType.EXECUTION_ACK, Status.FAILURE, m, source="target",
                           error_code=Code.TOOL_TIMEOUT)
        rec = table.record(m)
        self.assertEqual((rec.state, rec.alert, rec.dead_letter),
                         (State.COMPLETED_FAILURE, Alert.UPDATED, False))

    def test_required_ack_completes_early_and_a_failure_then_is_late(self):
        table = Table(Role.SENDER)
        m = table.submit(required_ack=AckType.DELIVERY_ACK)
        table.ack(AckType.DELIVERY_ACK, Status.SUCCESS, m)
        self.assertEqual(table.record(m).views.sw4rm, "RECEIVED")
        table.ack(AckType.EXECUTION_ACK, Status.FAILURE, m, source="target",
                  error_code=Code.INTERRUPTED)
        self.assertEqual(table.anomalies(), [Anomaly.LATE_FAILURE])
        self.assertEqual(table.record(m).certainty, Certainty.UNKNOWN)

    def test_a_life_of_zero_ends_before_anything_is_sent(self):
        table = Table(Role.SENDER)
        m = table.submit(ttl_ms=0)
        self.assertEqual((table.sent, table.record(m).state), ([], State.TIMEOUT_ABORT))

    def test_what_finds_no_connection_waits_with_its_life_running(self):
        table = Table(Role.SENDER)
        table.absent.add(None)
        m = table.submit(ttl_ms=10_000)
        table.at(1_000).at(2_500)
        self.assertEqual(table.sent, [])
        table.absent.clear()
        table.at(3_000).machine.finish()
        (_, _, header), = table.sent  # Of the two copies the later one.
        self.assertEqual((header.message_id, header.attempt, header.ttl_ms), (m, 2, 7_000))

    def test_what_waits_beyond_its_life_never_leaves(self):
        table = Table(Role.SENDER)
        table.absent.add(None)
        table.submit(ttl_ms=500)
        table.at(500)
        table.absent.clear()
        table.sent.clear()
        table.at(600).machine.finish()
        self.assertEqual([h.msg_type for _, _, h in table.sent if h.msg_type == MsgType.MESSAGE], [])

    def test_a_policy_out_of_range_is_refused(self):
        with self.assertRaises(ValueError):
            Table(Role.SENDER).submit(backoff_factor=0.5)


class RouterTest(unittest.TestCase):
    def test_a_copy_of_settled_work_gets_the_stored_terminal(self):
        table = Table(Role.ROUTER)
        table.message()
        self.assertEqual(kinds(table.ack(AckType.EXECUTION_ACK, Status.SUCCESS, source="target")),
                         [(AckType.DELIVERY_ACK, 1), (AckType.EXECUTION_ACK, 1)])
        self.assertEqual(kinds(table.message(2)),
                         [(AckType.ROUTER_ACK, 2), (AckType.EXECUTION_ACK, 1)])

    def test_a_copy_after_delivery_is_forwarded_until_its_own_receipt(self):
        table = Table(Role.ROUTER)
        table.message()
        table.ack(AckType.RECEIPT, Status.SUCCESS, source="target")
        self.assertEqual(kinds(table.message(2)), ["MESSAGE", (AckType.ROUTER_ACK, 2)])
        table.ack(AckType.RECEIPT, Status.SUCCESS, source="target")
        self.assertEqual(table.anomalies(), [Anomaly.DUPLICATE_ACK])
        self.assertEqual(kinds(table.ack(AckType.RECEIPT, Status.SUCCESS, attempt=2, source="target")),
                         [(AckType.DELIVERY_ACK, 2)])
        self.assertIsNone(table.machine.timers.next_protocol())

    def test_the_phase_outlives_the_last_forward_and_a_higher_attempt_reopens_it(self):
        table = Table(Role.ROUTER, max_deliveries=2)
        table.message(policy=DeliveryPolicy(backoff_factor=1))
        table.sent.clear()
        table.at(8999)  # Forward 2 at 1 s, and no more.
        self.assertEqual(kinds([item[2] for item in table.sent]), ["MESSAGE"])
        table.at(9000)
        self.assertEqual(kinds([item[2] for item in table.sent]), ["MESSAGE", (AckType.TIMEOUT, 1)])
        self.assertEqual(kinds(table.message()), [])
        self.assertEqual(table.anomalies(), [Anomaly.CLOSED_ATTEMPT])
        self.assertEqual(kinds(table.message(2)), ["MESSAGE", (AckType.ROUTER_ACK, 2)])

    def test_a_resend_after_the_last_forward_is_forwarded_at_once(self):
        table = Table(Role.ROUTER, max_deliveries=1)
        table.message()
        self.assertEqual(kinds(table.at(500).message(2)), ["MESSAGE", (AckType.ROUTER_ACK, 2)])

    def test_a_resend_keeps_the_running_wait_and_counts_the_phase_anew(self):
        table = Table(Role.ROUTER)
        table.message()
        table.at(500).message(2)
        armed = {t.kind: t.deadline_ms for t in table.machine.timers.all()}
        self.assertEqual((armed[Timer.REDELIVERY], armed[Timer.DELIVERY_PHASE]), (1000, 9500))

    def test_what_zeromq_does_not_take_is_refused_with_the_reason(self):
        for peers, code in (("absent", Code.NO_ROUTE), ("stuck", Code.BUFFER_FULL)):
            table = Table(Role.ROUTER)
            getattr(table, peers).add("target")
            self.assertEqual([h.ack.error_code for h in table.message()], [code])
            ping = CognitiveMessage(schema_version=1, msg_type=MsgType.PING, message_id="@n", source="sender",
                                    targets=["target"])
            self.assertEqual([h.ack.error_code for h in table.takes("main", "sender", ping)], [code])

    def test_a_target_that_left_is_a_failed_try(self):
        table = Table(Role.ROUTER)
        table.message()
        table.absent.add("target")
        self.assertEqual(table.at(1000).record().delivery_count, 2)

    def test_a_cancel_without_a_record_is_passed_on_and_closes_its_attempts(self):
        table = Table(Role.ROUTER)
        self.assertEqual(kinds(table.ack(AckType.CANCEL, Status.UNSPECIFIED, source="sender")),
                         [(AckType.CANCEL, 1)])
        self.assertEqual(kinds(table.message()), [])

    def test_two_sources_may_use_one_message_id(self):
        table = Table(Role.ROUTER)
        table.message()
        table.message(source="other")
        table.ack(AckType.RECEIPT, Status.SUCCESS, source="target")
        self.assertEqual((table.record().state, table.record(source="other").state),
                         (State.DELIVERED, State.FORWARDING))


class TargetTest(unittest.TestCase):
    def test_an_attached_message_hears_the_same_end(self):
        table = Table(Role.TARGET)
        table.message(idempotency_key="job")
        answers = table.message(message_id="m2", idempotency_key="job")
        self.assertEqual([h.ack.correlation_id for h in answers], ["m2", "m2"])
        self.assertEqual((table.record().execution_count, table.record("m2").execution_count), (1, 0))

    def test_work_that_waits_for_its_start_may_lose_its_life(self):
        table = Table(Role.TARGET)
        table.machine.script(control.ScriptExecution(
            source="sender", message_id="m1", starts_ms=5000, end=ScriptEnd.SUCCESS))
        table.message(ttl_ms=5000)
        self.assertEqual(table.at(5000).record().state, State.REJECTED)
        self.assertEqual(table.record().execution_count, 0)

    def test_a_refusal_for_now_is_judged_afresh_by_a_higher_attempt(self):
        table = Table(Role.TARGET)
        table.machine.script(control.ScriptExecution(
            source="sender", message_id="m1", end=ScriptEnd.REJECTED, retryable=True,
            error_code=Code.OVERLOADED))
        table.message()
        table.message(2)
        self.assertEqual(table.transitions(), [State.RECEIVED, State.REJECTED])


class MutantsTest(unittest.TestCase):
    def test_each_mutant_changes_one_role_and_still_runs(self):
        for name, mutant in mutants.ALL.items():
            with self.subTest(name):
                if issubclass(mutant.make, Harness):
                    continue
                table = Table(mutant.make.ROLE, mutant.make)
                if mutant.make.ROLE == Role.SENDER:
                    table.submit()
                    table.at(2500).ack(AckType.EXECUTION_ACK, Status.SUCCESS, "1", source="target")
                else:
                    table.message()
                    table.at(1000).message(2)


if __name__ == "__main__":
    unittest.main()
