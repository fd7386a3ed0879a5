"""Three programs that are no implementation at all; the run must go on past them. And wrong clocks."""

import os
import signal

from durable import NUMBERS
from harness import Harness
from mutants.registry import mutant

REQUESTS_UNTIL_TROUBLE = 3  # Configure, Begin, and the first of the case.


@mutant("silent", "", "*")
class Silent(Harness):
    """Never says Hello."""

    def _transmit(self, message):
        pass


@mutant("crashing", "", "*")
class Crashing(Harness):
    """Dies in the middle of a scenario."""

    def _check(self, request):
        if request.seq > REQUESTS_UNTIL_TROUBLE:
            os.kill(os.getpid(), signal.SIGABRT)
        super()._check(request)


@mutant("garbage", "", "*")
class Garbage(Harness):
    """Answers garbage on the control channel."""

    def _transmit(self, message):
        if message.reply.seq > REQUESTS_UNTIL_TROUBLE:
            self._link.transmit_bytes(b"\xffthis is no reply")
        else:
            super()._transmit(message)


@mutant("its-store-follows-the-wall", "CMB-TMR-001", "*/a-wall-jump-and-a-restart*")
class ItsStoreFollowsTheWall(Harness):
    """Over a restart the instants of timers are read on the wall clock."""

    def _on_begin(self, begin, reply):
        super()._on_begin(begin, reply)
        if self._journal:
            jumped_ms = self._machine.settings.wall_base_ms - self._keep_wall()
            timers = self._machine.timers
            for armed in timers.all():
                timers.arm(armed.key, armed.kind,
                           max(armed.deadline_ms - jumped_ms, self._machine.now_ms))
            self._machine.finish()

    def _start_over(self, settings):
        super()._start_over(settings)
        if self._journal:
            self._keep_wall()
            self._machine.finish()

    def _keep_wall(self):
        machine = self._machine
        machine.touched.add(NUMBERS)
        return machine.numbers.setdefault("wall_base_ms", machine.settings.wall_base_ms)
