"""Three programs that are no implementation at all; the run must go on past them."""

import os
import signal

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
            self._control.send(b"\xffthis is no reply")
        else:
            super()._transmit(message)
