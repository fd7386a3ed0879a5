"""The control channel: drives one role in lock-step virtual time, or on the machine's clock.
One thread, one loop. Until Begin the data sockets answer PING only (the open phase); from Begin
on, sockets and a virtual clock are touched only when a request says so.
"""

import os

import zmq

import curve
from claims import Claims
from gate import ControlError, Gate, jitter_source
from generated import Binding, DeadlineClass, ErrorKind, Feature, MsgType, Role, control
from inline import InlineFrames
from journal import Journal
from link import STDIN, STDIO, DealerLink, StdioLink
from machine import Settings
from sockets import DataSockets
from ways import addresses_of, ways_of
from wire import Malformed, decode


class Harness(Gate):
    """`roles` maps Role to the class that plays it."""

    DOORKEEPER = curve.Doorkeeper

    def __init__(self, roles, claims=None, name="python-peer"):
        self._roles = roles
        self._claims = claims or Claims()
        self._name = name
        self._incarnation = os.environ.get("CMB_INCARNATION", "")
        self._context = zmq.Context()
        address = os.environ["CMB_CONTROL"]
        self._link = StdioLink() if address == STDIO else DealerLink(self._context, address)
        self._poller = zmq.Poller()
        self._poller.register(self._link.socket, zmq.POLLIN)
        self._poller.register(STDIN, zmq.POLLIN)
        self._data = None
        self._machine = None
        self._journal = None
        self._doorkeeper = None  # Of a router with CURVE.
        self._begun = False
        self._live = not self._claims.has(Feature.VIRTUAL_CLOCK)  # The case's clock is the machine's.
        self._epoch = 0
        self._seq = 0
        self._running = True
        self.log = lambda events: None  # Who is told each event, in their order.

    # ---- loop

    def run(self):
        """Returns after Shutdown, or when stdin closes: nobody is left to serve."""
        self._transmit(control.FromHarness(hello=self._hello()))
        while self._running:
            for source, _ in self._poller.poll(self._until_next_timer()):
                if source is self._link.socket or source == self._link.socket == STDIN:
                    for request, fault in self._link.requests():
                        self._answer(request, fault)
                    self._running = self._running and not getattr(self._link, "ended", False)
                elif source == STDIN:
                    self._running = bool(os.read(STDIN, 4096)) and self._running
                elif self._doorkeeper and source is self._doorkeeper.socket:
                    self._doorkeeper.serve()
                elif not self._begun:
                    self._open_phase(source)
            self._live_on()
        self._context.destroy()

    def _transmit(self, message):
        self._link.transmit(message)

    def _hello(self):
        pics = control.Pics(name=self._name, version="1", schema_versions=[1],
                            features=self._claims.features)
        for role in sorted(self._roles):
            pics.roles.add(role=role, profile=self._claims.profile)
        return control.Hello(pics=pics, incarnation=self._incarnation)

    def _open_phase(self, socket):
        """Answers PINGs for itself, drops all else, counts nothing."""
        message = self._data.read_open(socket)
        if message and self._is_ping_for_us(message[2]):
            self._machine.receive(*message)
        self._machine.forget_the_open_phase()

    def _is_ping_for_us(self, frames):
        try:
            header = decode(frames)
        except Malformed:
            return False
        return (header.msg_type == MsgType.PING
                and list(header.targets) == [self._machine.module_id])

    # ---- requests

    def _answer(self, request, fault):
        reply = control.Reply()
        try:
            if fault:  # The reply has seq and epoch 0.
                raise ControlError(ErrorKind.BAD_REQUEST, fault)
            reply.seq, reply.epoch = request.seq, request.epoch
            self._check(request)
            self._read_clock()
            kind = request.WhichOneof("request")
            getattr(self, "_on_" + kind)(getattr(request, kind), reply)
        except ControlError as error:
            reply.error.kind, reply.error.sentence = error.kind, str(error)
        except Exception as error:  # A bug of this peer: say it, and let stderr tell where.
            reply.error.kind, reply.error.sentence = ErrorKind.INTERNAL, repr(error)
            import traceback
            traceback.print_exc()
        self._report(reply)
        self._transmit(control.FromHarness(reply=reply))
        if request.HasField("reset") and not reply.HasField("error"):
            self._start_over(request.reset.settings)
        if request.HasField("shutdown") and not reply.HasField("error"):
            self._link.last_reply()
            self._running = False

    def _check(self, request):
        expected = self._seq + 1
        if request.seq == expected:
            self._seq = expected  # Used up, refused or not.
        kind = request.WhichOneof("request")
        if not kind:
            raise ControlError(ErrorKind.BAD_REQUEST, "this harness does not know the request")
        if request.incarnation != self._incarnation or request.epoch != self._epoch:
            raise ControlError(ErrorKind.BAD_REQUEST, "the request is for another incarnation or epoch")
        if request.seq != expected:
            raise ControlError(ErrorKind.BAD_REQUEST, f"seq {request.seq} instead of {expected}")
        if kind == "shutdown":
            return
        phase = "configure" if not self._machine else "begin" if not self._begun else None
        if phase and kind != phase or not phase and kind in ("configure", "begin"):
            raise ControlError(ErrorKind.BAD_REQUEST, f"{kind} is out of place here")

    def _report(self, reply):
        """The part that every reply has."""
        if not self._machine:
            return
        data, machine = self._data, self._machine
        reply.now_ms = machine.now_ms
        data.report(reply)
        reply.events.extend(machine.events)
        self.log(machine.events)
        machine.events.clear()
        armed = machine.timers.next_protocol()
        if armed:
            reply.next_deadline.ms = armed.deadline_ms
            setattr(reply.next_deadline, "class", DeadlineClass.PROTOCOL)
        elif armed := machine.timers.next_housekeeping():
            reply.next_deadline.ms = armed.deadline_ms
            setattr(reply.next_deadline, "class", DeadlineClass.HOUSEKEEPING)

    def _on_configure(self, configure, reply):
        needed = {Binding.INLINE_FRAMES: Feature.INLINE_FRAMES,
                  Binding.INLINE_HEADERS: Feature.INLINE_HEADERS}.get(configure.binding)
        if needed and not self._claims.has(needed):
            raise ControlError(ErrorKind.UNSUPPORTED, "the feature of that binding is not declared")
        if configure.role not in self._roles:
            raise ControlError(ErrorKind.UNSUPPORTED, "this role is not played")
        if configure.other_routers and not self._claims.has(Feature.FALLBACK):
            raise ControlError(ErrorKind.UNSUPPORTED, "there is no fallback")
        self._open_store(configure.store)
        self._configure = configure
        router = configure.role == Role.ROUTER
        keys = self._keys(configure, router)
        if configure.binding:
            self._data = InlineFrames(configure, router)
            return self._make_machine(configure.settings)
        try:
            places = list(zip(ways_of(configure).names, addresses_of(configure)))
            self._data = DataSockets(self._context, router, configure.module_id, places, *keys)
        except zmq.ZMQError as error:
            kind = ErrorKind.BIND if router else ErrorKind.CONNECT
            raise ControlError(kind, str(error)) from None
        for socket in self._data.sockets.values():
            self._poller.register(socket, zmq.POLLIN)
        self._make_machine(configure.settings)
        if router:
            *channels, reply.configured.ack_ingress, reply.configured.ack_egress = self._data.addresses
            for channel, address in zip(configure.channels, channels):
                reply.configured.channels.add(name=channel.name, address=address)

    def _open_store(self, directory):
        if not directory:
            return
        if not self._claims.durable:
            raise ControlError(ErrorKind.UNSUPPORTED, "the role is not DURABLE")
        try:
            self._journal = Journal(directory)
        except OSError as error:
            raise ControlError(ErrorKind.BAD_REQUEST, str(error)) from None

    def _keys(self, configure, router):
        """CMB-CTL-021: the keys and, at a router, who asks for them."""
        if not configure.HasField("curve"):
            return ()
        if not self._claims.has(Feature.CURVE):
            raise ControlError(ErrorKind.UNSUPPORTED, "there is no CURVE")
        try:
            curve.check(configure.curve, router)
        except ValueError as error:
            raise ControlError(ErrorKind.BAD_REQUEST, str(error)) from None
        if router:
            self._doorkeeper = self.DOORKEEPER(self._context, configure.curve.allowed)
            self._poller.register(self._doorkeeper.socket, zmq.POLLIN)
        return configure.curve, self._doorkeeper

    def _make_machine(self, settings):
        self._machine = self._roles[self._configure.role](
            self._configure.module_id, ways_of(self._configure), Settings(settings), jitter_source(settings),
            self._data.send, self._claims)
        self._start_clock(settings.now_ms)
        self._machine.doorkeeper = self._doorkeeper
        if self._doorkeeper:
            self._doorkeeper.forget()

    def _on_begin(self, _, __):
        self._begun = True
        self._start_clock(self._machine.began_ms)
        for socket in self._data.sockets.values() if not self._live else ():
            self._poller.unregister(socket)
        self._data.zero()
        self._data.counting = True
        self._machine.forget_the_open_phase()
        if self._journal:  # CMB-CTL-019
            self._machine.journal = self._journal
            self._machine.restore(self._journal.images())
            self._machine.finish()

    def _on_reset(self, reset, _):
        """Reads and discards up to N; the final M stands in the reply."""
        if not self._configure.binding:
            self._read(reset.after_received)
        self._machine.events.clear()

    def _start_over(self, settings):
        self._epoch += 1
        self._data.zero()
        self._make_machine(settings)
        if self._journal:
            self._journal.clear()
            self._machine.journal = self._journal
            self._machine.restore({})
            self._machine.finish()

    def _on_shutdown(self, _, __):
        pass

    def _on_connection(self, connection, _):
        self._told().change(connection.module, connection.connected)

    def _on_queue(self, queue, _):
        self._told().fill(queue.module, queue.full)

    def _told(self):
        """Whom the runner tells of connections and queues."""
        if not isinstance(self._data, InlineFrames) or self._configure.role != Role.ROUTER:
            raise ControlError(ErrorKind.BAD_REQUEST, "only a router without data sockets is told")
        return self._data

    def _on_wall_jump(self, jump, _):
        self._machine.settings.wall_base_ms += jump.by_ms

    def _on_send(self, send, reply):
        reply.sent_message.message_id = self._of("submit", send)

    def _on_cancel(self, cancel, _):
        if not self._claims.tracked:
            raise ControlError(ErrorKind.UNSUPPORTED, "a sender below TRACKED does not cancel")
        self._of("cancel", cancel)

    def _on_script_execution(self, script, _):
        self._of("script", script)

    def _of(self, act, argument):
        """An act of the application at the present instant."""
        if not hasattr(self._machine, act):
            raise ControlError(ErrorKind.UNSUPPORTED, f"this role or profile has no {act}")
        try:
            result = getattr(self._machine, act)(argument)
        except ValueError as error:
            raise ControlError(ErrorKind.BAD_REQUEST, str(error)) from None
        self._machine.finish()
        return result

    def _on_get_transaction(self, get, reply):
        record = self._machine.transaction(get.source, get.message_id)
        reply.transaction.SetInParent()
        if record:
            reply.transaction.record.CopyFrom(record)

    def _on_timers(self, _, reply):
        reply.timers.SetInParent()
        for armed in self._machine.timers.all():
            source, message_id = self._machine.identity(armed.key)
            reply.timers.timers.add(message_id=message_id, source=source, kind=armed.kind,
                                    deadline_ms=armed.deadline_ms)
