"""Three programs that are no implementation at all; the run must go on past them. And wrong clocks."""

import os
import signal

from durable import NUMBERS
from generated import MsgType
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


@mutant("its-store-follows-the-wall", "CMB-TMR-001", "*/a-wall-jump-and-a-restart@jump=-1h*")
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


@mutant("ignores-shutdown", "", "sender/plain-path")
class IgnoresShutdown(Harness):
    """Shutdown is answered, and the process stays."""

    def _answer(self, request, fault):
        super()._answer(request, fault)
        self._running = True


@mutant("ignores-the-end-of-its-input", "", "sender/plain-path")
class IgnoresTheEndOfItsInput(Harness):
    """Nobody looks at standard input."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._poller.unregister(0)


@mutant("keeps-its-time", "", "sender/plain-path")
class KeepsItsTime(Harness):
    """Every case begins at 0."""

    def _make_machine(self, settings):
        settings.now_ms = 0
        super()._make_machine(settings)


@mutant("names-no-deadline", "", "sender/plain-path")
class NamesNoDeadline(Harness):
    """No reply has next_deadline."""

    def _report(self, reply):
        super()._report(reply)
        reply.ClearField("next_deadline")


@mutant("ignores-its-prefix", "", "sender/plain-path")
class IgnoresItsPrefix(Harness):
    """Ids are a counter, whatever id_prefix says."""

    def _make_machine(self, settings):
        settings.id_prefix = ""
        super()._make_machine(settings)


@mutant("its-wall-stands", "CMB-CTL-020", "*/*wall*")
class ItsWallStands(Harness):
    """A WallJump is answered, and the wall clock goes on as before."""

    def _on_wall_jump(self, _, __):
        pass


@mutant("says-its-frames-twice", "", "sender/plain-path")
class SaysItsFramesTwice(Harness):
    """What left by a data socket stands in the reply too."""

    def _report(self, reply):
        super()._report(reply)
        if reply.sent:
            reply.frames.add(socket="main", parts=[b"", b""])


@mutant("counts-no-pong", "", "sender/plain-path")
class CountsNoPong(Harness):
    """A PONG is handed to ZeroMQ and not counted in sent."""

    def _make_machine(self, settings):
        data = self._data
        if "send" not in vars(data):
            def send(socket, peer, header, payload, hand_over=data.send):
                code = hand_over(socket, peer, header, payload)
                if not code and not isinstance(header, bytes) and header.msg_type == MsgType.PONG:
                    data.sent_by_socket[socket] -= data.counting
                return code
            data.send = send
        super()._make_machine(settings)
