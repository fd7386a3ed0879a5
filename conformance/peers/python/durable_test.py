"""Tests of the store, and of each role over a restart."""

import os
import tempfile
import unittest

from driver import Driver
from generated import (AckType, Alert, Code, QueryKind, Reason, Role, ScriptEnd, State, Status,
                       Timer, control)
from journal import Journal
from table import Table, kinds


class Restarts(unittest.TestCase):
    """`again` gives the same role with the journal that the one before wrote."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def begin(self, role, now_ms=0, **settings):
        table = Table(role, **settings)
        table.machine.now_ms = table.machine.began_ms = now_ms
        return table.keeps(self.journal())

    def journal(self):
        journal = Journal(self.directory)
        self.addCleanup(journal.close)
        return journal


class JournalTest(Restarts):
    def test_a_torn_entry_ends_the_file_and_harms_nothing(self):
        self.journal().write({"a": 1})
        self.journal().write({"a": 2, "b": 3})
        path = os.path.join(self.directory, "journal")
        os.truncate(path, os.path.getsize(path) - 1)
        journal = self.journal()
        self.assertEqual(journal.images(), {"a": 1})
        journal.write({"c": 4})
        self.assertEqual(self.journal().images(), {"a": 1, "c": 4})

    def test_what_is_gone_or_cleared_does_not_come_back(self):
        journal = self.journal()
        journal.write({"a": 1, "b": 2})
        journal.write({"a": None})
        self.assertEqual(self.journal().images(), {"b": 2})
        journal.clear()
        self.assertEqual(self.journal().images(), {})


class SenderTest(Restarts):
    def test_timers_keep_their_instants_and_what_passed_is_due_now(self):
        m = self.begin(Role.SENDER).submit()
        later = self.begin(Role.SENDER, now_ms=600)
        self.assertEqual({t.kind: t.deadline_ms for t in later.machine.timers.all()},
                         {Timer.ROUTER_ACK: 1000, Timer.TTL: 300_000})
        much_later = self.begin(Role.SENDER, now_ms=1500)
        self.assertEqual(much_later.machine.timers.next_protocol().deadline_ms, 1500)
        self.assertEqual((kinds(h for _, _, h in much_later.sent), much_later.record(m).attempt), ([], 1))

    def test_ids_go_on_and_one_alert_is_enough(self):
        first = self.begin(Role.SENDER)
        m = first.submit(max_retries=0)
        first.at(1000)
        again = self.begin(Role.SENDER, now_ms=2000)
        again.at(500_000)
        self.assertEqual((again.record(m).alert, again.machine.events), (Alert.RAISED, []))
        self.assertNotEqual(again.submit(), m)


class RouterTest(Restarts):
    def test_what_waits_for_a_channel_that_is_gone_is_given_up(self):
        before = self.begin(Role.ROUTER, channels=("main", "extra"))
        before.takes("extra", "sender", before.header(channel="extra"))
        after = self.begin(Role.ROUTER)
        self.assertEqual(kinds([item[2] for item in after.sent]), [(AckType.TIMEOUT, 1)])
        self.assertEqual(after.record().state, State.DEAD_LETTERED)
        reply, _ = after.ask(QueryKind.REDRIVE, message_id="m1")
        self.assertEqual(reply.error_code, Code.NO_ROUTE)

    def test_what_was_accepted_is_delivered_and_nothing_at_the_restart(self):
        self.begin(Role.ROUTER).message()
        again = self.begin(Role.ROUTER, now_ms=400)
        self.assertEqual(again.sent, [])
        again.at(1000)
        self.assertEqual(kinds(h for _, _, h in again.sent), ["MESSAGE"])
        self.assertEqual(again.record().delivery_count, 2)

    def test_settled_answers_closed_marks_and_dead_letters_survive(self):
        first = self.begin(Role.ROUTER)
        first.message()
        first.ack(AckType.EXECUTION_ACK, Status.SUCCESS, source="target")
        first.ack(AckType.CANCEL, Status.UNSPECIFIED, "m2", source="sender")
        first.message(message_id="m3", ttl_ms=500)
        first.at(500)
        again = self.begin(Role.ROUTER, now_ms=600)
        self.assertEqual(kinds(again.message(2)), [(AckType.ROUTER_ACK, 2), (AckType.EXECUTION_ACK, 1)])
        self.assertEqual(again.message(message_id="m2"), [])
        letters, _ = again.ask(QueryKind.DEAD_LETTERS)
        self.assertEqual([letter.message_id for letter in letters.dead_letters], ["m3"])


class TargetTest(Restarts):
    def test_running_work_is_interrupted_and_never_started_again(self):
        first = self.begin(Role.TARGET)
        first.script(end=ScriptEnd.NEVER)
        first.message()
        again = self.begin(Role.TARGET, now_ms=100)
        self.assertEqual([h.ack.error_code for _, _, h in again.sent], [Code.INTERRUPTED])
        self.assertEqual(again.transitions(), [State.FAILED])
        self.assertEqual(kinds(again.message(2)), [(AckType.RECEIPT, 2), (AckType.EXECUTION_ACK, 2)])
        self.assertEqual(again.record().execution_count, 1)

    def test_received_work_is_offered_when_its_timer_fires(self):
        first = self.begin(Role.TARGET)
        first.script("m1", starts_ms=5000, end=ScriptEnd.SUCCESS)
        for message_id in ("m1", "m2"):
            first.message(message_id=message_id, stream_id="s")
        again = self.begin(Role.TARGET, now_ms=100)
        handlers = [t for t in again.machine.timers.all() if t.kind == Timer.HANDLER]
        self.assertEqual([(t.deadline_ms, t.key[1]) for t in handlers], [(100, "m1")])
        again.at(100)
        self.assertEqual([again.record(m).state for m in ("m1", "m2")], [State.SUCCEEDED] * 2)

    def test_the_start_of_work_that_was_held_is_announced_whatever_the_script_says_then(self):
        first = self.begin(Role.TARGET)
        first.script("m1", hold_ms=5000, end=ScriptEnd.SUCCESS)
        first.message()
        again = self.begin(Role.TARGET, now_ms=100).at(100)
        self.assertEqual([h.ack.status for _, _, h in again.sent],
                         [Status.SUCCESS, Status.IN_PROGRESS, Status.SUCCESS])  # RECEIPT first.

    def test_the_first_of_a_stream_with_life_left_has_a_handler_timer(self):
        first = self.begin(Role.TARGET)
        first.script("m1", starts_ms=5000, end=ScriptEnd.SUCCESS)
        for message_id, ttl_ms in (("m1", 50), ("m2", 9000)):
            first.message(message_id=message_id, stream_id="s", ttl_ms=ttl_ms)
        again = self.begin(Role.TARGET, now_ms=100)
        timers = [(t.key[1], t.kind, t.deadline_ms) for t in again.machine.timers.all()]
        self.assertEqual(timers, [("m1", Timer.TTL, 100), ("m2", Timer.HANDLER, 100),
                                  ("m2", Timer.TTL, 9000)])

    def test_a_tombstone_survives(self):
        self.begin(Role.TARGET).ack(AckType.CANCEL, Status.UNSPECIFIED, source="sender")
        self.begin(Role.TARGET, now_ms=100).message()
        self.assertEqual(self.begin(Role.TARGET, now_ms=200).record().execution_count, 0)


class ProcessTest(Restarts):
    def test_a_killed_target_says_at_begin_what_broke_off(self):
        iut = Driver(Role.TARGET, store=self.directory)
        iut.ask("script_execution", control.ScriptExecution(
            source="sender", message_id="m1", end=ScriptEnd.NEVER))
        iut.message()
        iut.crash()
        with Driver(Role.TARGET, store=self.directory, now_ms=50) as again:
            self.assertEqual([e.transition.reason for e in again.begun.events], [Reason.INTERRUPTED])
            self.assertEqual((again.begun.sent, again.begun.now_ms), (1, 50))
            self.assertEqual(again.take("ack_ingress").ack.error_code, Code.INTERRUPTED)

    def test_reset_empties_the_store(self):
        with Driver(Role.SENDER, store=self.directory) as iut:
            iut.ask("send", control.Send(channel="main", target="target", ttl_ms=1000))
            iut.take("main")
            iut.reset()
        self.assertEqual(self.journal().images(), {})


if __name__ == "__main__":
    unittest.main()
