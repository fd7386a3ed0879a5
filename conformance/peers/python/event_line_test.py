"""The line form of events."""

import pathlib
import tempfile
import unittest

from driver import Driver
from event_line import line
from generated import Anomaly, Reason, Role, State, control, record


def moved(message_id):
    return record.Event(transition=record.TransitionEvent(message_id=message_id, old_state=State.SEND_PENDING,
                                                          new_state=State.ROUTED, reason=Reason.ROUTER_ACK))


class EventLineTest(unittest.TestCase):
    def test_a_transition(self):
        self.assertEqual(line(moved("abc-123")), "[abc-123] SEND_PENDING -> ROUTED (ROUTER_ACK)")

    def test_an_id_makes_no_line(self):
        self.assertEqual(line(moved("a\n[b]\x7f\\é→")), "[a\\x0a[b]\\x7f\\\\é→] SEND_PENDING -> ROUTED (ROUTER_ACK)")

    def test_words_of_others_in_other_lines(self):
        told = record.Event(anomaly=record.Anomaly(kind=Anomaly.MALFORMED, peer="x\ny", monotonic_ms=5))
        self.assertEqual(line(told), f"[-] anomaly kind={Anomaly.MALFORMED} peer=x\\x0ay monotonic_ms=5")

    def test_the_log_of_a_sender(self):
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place) / "log"
            with Driver(Role.SENDER, options=["--log", str(path)]) as iut:
                iut.ask("send", control.Send(channel="main", target="target", ttl_ms=0))
            lines = path.read_text().splitlines()
        self.assertEqual(lines[:2], ["[t-1] IDLE -> SEND_PENDING (SEND)", "[t-1] SEND_PENDING -> TIMEOUT_ABORT (TTL_EXPIRED)"])
        self.assertTrue(lines[2].startswith("[t-1] alert "), lines)


if __name__ == "__main__":
    unittest.main()
