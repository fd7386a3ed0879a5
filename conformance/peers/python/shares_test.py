import unittest

from generated import AckType, Code, Role, Status
from shares import Rooms, may_take
from table import Table, kinds
from wire import ROUTER_ID


class SharesTest(unittest.TestCase):
    def test_one_source_fills_three_quarters_and_another_has_its_share(self):
        rooms = Rooms()
        for source, wanted in (("greedy", 60), ("quiet", 10), ("third", 10), ("fourth", 0)):
            taken = 0
            while rooms.have_room("table", source, 80, 8):
                rooms.put((source, taken), source, ("table",))
                taken += 1
            self.assertEqual(taken, wanted)

    def test_an_entry_has_its_places_once(self):
        rooms = Rooms()
        rooms.put("m1", "sender", ("records", "queue"))
        rooms.put("m1", "sender", ("records",))
        rooms.put("m1", "sender", ("records",))
        self.assertEqual(rooms.taken, {("records",): 1, ("records", "sender"): 1})
        rooms.put("m1", "sender", ())
        self.assertFalse(rooms.taken or rooms.places)

    def test_a_share_is_rounded_up_and_never_nothing(self):
        self.assertTrue(may_take(8, 1, 9, 8))
        self.assertFalse(may_take(8, 2, 9, 8))
        self.assertTrue(may_take(3, 0, 4, 8))
        self.assertFalse(may_take(3, 1, 4, 8))

    def test_nothing_is_kept_of_what_finds_no_room(self):
        table = Table(Role.ROUTER, limits={"marks": 1})
        table.absent = {"ghost"}
        table.message(message_id="m1", target="ghost")
        for attempt in (1, 2):
            self.assertEqual(kinds(table.message(message_id="m2", target="ghost", attempt=attempt)),
                             [(AckType.TIMEOUT, attempt)])
        self.assertIsNone(table.record("m2"))
        self.assertEqual(len(table.machine.rooms.places), 1)
        table.ack(AckType.CANCEL, Status.UNSPECIFIED, message_id="m3", source="sender")
        self.assertEqual(len(table.machine.rooms.places), 1)
        while armed := table.machine.timers.pop_due(60_001, housekeeping=True):
            table.machine.due(armed)
        answer, = table.message(message_id="m2", target="ghost")
        self.assertEqual((answer.source, answer.ack.status, answer.ack.error_code),
                         (ROUTER_ID, Status.REJECTED, Code.NO_ROUTE))
        self.assertFalse(table.machine.closed.get(("sender", "m1")))


if __name__ == "__main__":
    unittest.main()
