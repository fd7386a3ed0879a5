"""Tests of the peer over its real control channel and wire, without any suite."""

import unittest

from driver import Driver
from generated import (AckType, Alert, Anomaly, Certainty, Code, DeliveryPolicy, ErrorKind,
                       Feature, Fire, Profile, Reason, Role, ScriptEnd, State, Status, Timer, control)


def send(**policy):
    return control.Send(channel="main", target="target", payload=b"work", ttl_ms=300_000,
                        policy=DeliveryPolicy(**policy))


class SenderTest(unittest.TestCase):
    def test_plain_path_ends_in_success(self):
        with Driver(Role.SENDER) as iut:
            reply = iut.ask("send", send())
            self.assertEqual(reply.sent_message.message_id, "t-1")
            self.assertEqual(iut.transitions(), [(State.IDLE, State.SEND_PENDING, Reason.SEND)])
            self.assertEqual(iut.take("main").attempt, 1)
            iut.ack(AckType.ROUTER_ACK, Status.SUCCESS, "t-1")
            iut.ack(AckType.DELIVERY_ACK, Status.SUCCESS, "t-1")
            iut.ack(AckType.EXECUTION_ACK, Status.SUCCESS, "t-1", source="target")
            self.assertEqual(iut.transitions(), [
                (State.DELIVERED, State.COMPLETED_SUCCESS, Reason.EXECUTION_ACK)])
            self.assertEqual(iut.state("t-1").certainty, Certainty.EXECUTED)

    def test_retry_waits_its_backoff_and_counts_its_attempt(self):
        with Driver(Role.SENDER, jitter=[0.5, 1.5]) as iut:
            iut.ask("send", send())
            iut.advance(1000)  # router_ack
            self.assertEqual([(r.attempt, r.backoff_ms) for r in iut.kinds("retry")], [(2, 500)])
            iut.advance(1500)
            self.assertEqual([iut.take("main").attempt for _ in range(2)], [1, 2])
            iut.advance(2500)
            self.assertEqual([r.backoff_ms for r in iut.kinds("retry")], [3000])

    def test_exhausted_retries_raise_one_alert_and_tell_the_router(self):
        with Driver(Role.SENDER) as iut:
            iut.ask("send", send(max_retries=0))
            iut.advance(1000)
            self.assertEqual(iut.transitions(), [
                (State.SEND_PENDING, State.TIMEOUT_ABORT, Reason.ROUTER_ACK_TIMEOUT)])
            self.assertEqual([a.state for a in iut.kinds("alert")], [Alert.RAISED])
            self.assertEqual(iut.take("ack_ingress").ack.ack_type, AckType.TIMEOUT)

    def test_late_terminal_reconciles_inside_the_window_and_not_after(self):
        for late_ms, state in ((60_000, State.COMPLETED_SUCCESS), (60_001, State.TIMEOUT_ABORT)):
            with self.subTest(late_ms=late_ms), Driver(
                    Role.SENDER, reconcile_window_ms=60_000) as iut:
                iut.ask("send", send(max_retries=0))
                iut.advance(1000)
                iut.advance(1000 + late_ms)
                iut.ack(AckType.EXECUTION_ACK, Status.SUCCESS, "t-1", source="target")
                self.assertEqual(iut.state("t-1").state, state)

    def test_second_terminal_is_a_conflict_and_its_copy_a_duplicate(self):
        with Driver(Role.SENDER) as iut:
            iut.ask("send", send())
            iut.ack(AckType.EXECUTION_ACK, Status.SUCCESS, "t-1", source="target")
            failure = (AckType.EXECUTION_ACK, Status.FAILURE, "t-1")
            iut.ack(*failure, source="target", error_code=Code.INTERNAL_ERROR)
            self.assertEqual(iut.anomalies(), [Anomaly.CONFLICT])
            iut.ack(*failure, source="target", error_code=Code.INTERNAL_ERROR)
            self.assertEqual(iut.anomalies(), [Anomaly.DUPLICATE_ACK])

    def test_malformed_frames_are_counted_and_harm_nothing(self):
        bad = ([b""], [b"", b""], [b"\xff\xff", b""], [b"\x18\x05", b""], [b"\x1a\x01\xff", b""],
               [b"\x08\x01\x22\x01s", b"", b""])
        with Driver(Role.SENDER) as iut:
            for frames in bad:
                iut.put("ack_egress", list(frames))
                self.assertEqual(iut.anomalies(), [Anomaly.MALFORMED], frames)
            iut.ask("send", send())
            iut.ack(AckType.ROUTER_ACK, Status.SUCCESS, "t-1")
            self.assertEqual(iut.state("t-1").state, State.ROUTED)


class RouterTest(unittest.TestCase):
    def test_plain_path(self):
        with Driver(Role.ROUTER) as iut:
            iut.message(peer="sender")
            self.assertEqual(iut.take("main", "target").message_id, "m1")
            self.assertEqual(iut.take("ack_egress", "sender").ack.ack_type, AckType.ROUTER_ACK)
            self.receipt(iut)
            self.assertEqual(iut.take("ack_egress", "sender").ack.ack_type, AckType.DELIVERY_ACK)
            iut.ack(AckType.EXECUTION_ACK, Status.SUCCESS, "m1", source="target", target="sender",
                    peer="target")
            self.assertEqual(iut.take("ack_egress", "sender").ack.ack_type, AckType.EXECUTION_ACK)
            self.assertEqual(iut.state().state, State.SETTLED)

    @staticmethod
    def receipt(iut, peer="target"):
        iut.ack(AckType.RECEIPT, Status.SUCCESS, "m1", source=peer, target="sender", peer=peer)

    def test_redelivery_carries_the_life_that_is_left(self):
        with Driver(Role.ROUTER) as iut:
            iut.message(peer="sender", ttl_ms=10_000)
            iut.advance(1000)
            iut.advance(3000)
            self.assertEqual([iut.take("main", "target").ttl_ms for _ in range(3)],
                             [10_000, 9000, 7000])

    def test_absent_target_is_no_route(self):
        with Driver(Role.ROUTER) as iut:
            iut.message(peer="sender", target="ghost")
            self.assertEqual(iut.take("ack_egress", "sender").ack.error_code, Code.NO_ROUTE)
            self.assertEqual(iut.last.undeliverable, 1)

    def test_receipt_of_a_third_module_is_not_believed(self):
        with Driver(Role.ROUTER, peers=("sender", "target", "mallory")) as iut:
            iut.message(peer="sender")
            self.receipt(iut, "mallory")
            self.assertEqual(iut.anomalies(), [Anomaly.UNAUTHORIZED_ACK])
            self.assertEqual(iut.state().state, State.FORWARDING)


class TargetTest(unittest.TestCase):
    def test_plain_path_follows_the_script(self):
        with Driver(Role.TARGET) as iut:
            iut.ask("script_execution", control.ScriptExecution(
                source="sender", message_id="m1", end=ScriptEnd.SUCCESS, after_ms=3000))
            iut.message()
            self.assertEqual(iut.take("ack_ingress").ack.ack_type, AckType.RECEIPT)
            self.assertEqual(len(iut.kinds("execution")), 1)
            iut.advance(3000)
            self.assertEqual(iut.take("ack_ingress").ack.status, Status.SUCCESS)

    def test_duplicate_is_answered_and_not_executed(self):
        with Driver(Role.TARGET) as iut:
            iut.message()
            iut.message(attempt=2)
            acks = [iut.take("ack_ingress").ack for _ in range(4)]
            self.assertEqual([(a.ack_type, a.attempt) for a in acks], [
                (AckType.RECEIPT, 1), (AckType.EXECUTION_ACK, 1),
                (AckType.RECEIPT, 2), (AckType.EXECUTION_ACK, 2)])
            self.assertEqual(iut.state().execution_count, 1)

    def test_full_table_refuses(self):
        with Driver(Role.TARGET, limits={"dedup": 1}) as iut:
            iut.message("m1")
            iut.message("m2")
            refused = [iut.take("ack_ingress").ack for _ in range(3)][2]
            self.assertEqual((refused.status, refused.error_code),
                             (Status.REJECTED, Code.BUFFER_FULL))

    def test_expired_message_is_not_executed(self):
        with Driver(Role.TARGET) as iut:
            iut.message(ttl_ms=0)
            self.assertEqual(iut.state().state, State.REJECTED)
            self.assertEqual(iut.state().execution_count, 0)


class ControlTest(unittest.TestCase):
    def test_hello_claims_what_the_options_leave(self):
        options = ("--profile", "TRACKED", "--without", "batch_ack", "--without", "ordered")
        with Driver(Role.SENDER, options=options) as iut:
            pics = iut.hello.pics
            self.assertEqual([(r.role, r.profile) for r in pics.roles], [
                (role, Profile.TRACKED) for role in (Role.SENDER, Role.ROUTER, Role.TARGET)])
            self.assertIn(Feature.FALLBACK, pics.features)
            self.assertNotIn(Feature.BATCH_ACK, pics.features)
            self.assertNotIn(Feature.ORDERED, pics.features)

    def test_time_never_goes_back_nor_over_a_deadline(self):
        with Driver(Role.SENDER) as iut:
            iut.advance(500)
            iut.advance(499, error=ErrorKind.BACKWARDS)
            iut.ask("send", send())
            iut.advance(1501, error=ErrorKind.OVERSTEP)
            self.assertEqual(iut.advance(1500).now_ms, 1500)

    def test_timers_are_left_fired_before_or_fired_after_the_frames(self):
        after = {Fire.NONE: State.ROUTED, Fire.BEFORE_FRAMES: State.TIMEOUT_ABORT,
                 Fire.AFTER_FRAMES: State.ROUTED}
        for fire, state in after.items():
            with self.subTest(fire=fire), Driver(Role.SENDER) as iut:
                iut.ask("send", send(max_retries=0))
                iut.advance(1000, fire=Fire.NONE)
                iut.ack(AckType.ROUTER_ACK, Status.SUCCESS, "t-1") if fire != Fire.BEFORE_FRAMES \
                    else iut.advance(fire=fire)
                self.assertEqual(iut.state("t-1").state, state)

    def test_fewer_messages_than_promised_is_a_wait_timeout(self):
        with Driver(Role.SENDER) as iut:
            iut.injected = 1
            self.assertEqual(iut.advance(error=ErrorKind.WAIT_TIMEOUT).received, 0)

    def test_reset_forgets_everything_but_connections(self):
        with Driver(Role.SENDER) as iut:
            iut.ask("send", send())
            iut.take("main")
            self.assertEqual(iut.reset(id_prefix="u-", now_ms=7).sent, 1)
            self.assertFalse(iut.ask("timers", control.Timers()).timers.timers)
            self.assertEqual((iut.last.sent, iut.last.now_ms), (0, 7))
            self.assertEqual(iut.ask("send", send()).sent_message.message_id, "u-1")
            self.assertEqual(iut.take("main").message_id, "u-1")

    def test_timers_are_listed(self):
        with Driver(Role.SENDER) as iut:
            iut.ask("send", send())
            armed = iut.ask("timers", control.Timers()).timers.timers
            self.assertEqual([(t.kind, t.deadline_ms) for t in armed],
                             [(Timer.ROUTER_ACK, 1000), (Timer.TTL, 300_000)])

    def test_wrong_epoch_and_unknown_act_are_refused(self):
        with Driver(Role.ROUTER) as iut:
            iut.epoch = 4
            iut.ask("timers", control.Timers(), error=ErrorKind.BAD_REQUEST)
            iut.epoch = 0
            iut.ask("send", send(), error=ErrorKind.UNSUPPORTED)


if __name__ == "__main__":
    unittest.main()
