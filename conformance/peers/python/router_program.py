#!/usr/bin/python3
"""The router of the Python peer on the machine's clock, without a harness.

    router_program.py [--profile BASIC] [--mutant NAME]

It binds three ports of 127.0.0.1 that the system chooses, and writes the value of
`cmb-conformance run --router` for them as its first line. It ends with its standard input.
The Protobuf classes are found as generated.py says.
"""

import argparse
import os
import sys
import time

import zmq

OWN_HOST = "tcp://127.0.0.1:*"
CHANNELS = ("main",)


class RouterProgram:
    """One router. Times are milliseconds since it began."""

    def __init__(self, make, claims):
        from gate import jitter_source
        from generated import control
        from machine import Settings
        from sockets import DataSockets
        from ways import EGRESS, INGRESS

        settings = control.Settings(seed=time.time_ns())
        self._data = DataSockets(zmq.Context(), True, "@router",
                                 [(name, OWN_HOST) for name in (*CHANNELS, INGRESS, EGRESS)])
        self._machine = make("@router", list(CHANNELS), Settings(settings),
                             jitter_source(settings), self._data.send, claims)
        self._began_s = time.clock_gettime(time.CLOCK_BOOTTIME)
        self._poller = zmq.Poller()
        self._poller.register(sys.stdin.fileno(), zmq.POLLIN)
        for socket in self._data.sockets.values():
            self._poller.register(socket, zmq.POLLIN)

    @property
    def addresses(self):
        *channels, ingress, egress = self._data.addresses
        words = [f"messages{'' if name == 'main' else '.' + name}={address}"
                 for name, address in zip(CHANNELS, channels)]
        return ",".join([*words, f"ack-ingress={ingress}", f"ack-egress={egress}"])

    def run(self):
        while True:
            for source, _ in self._poller.poll(self._until_next_timer()):
                if source == sys.stdin.fileno() and not os.read(source, 4096):
                    return
            self._go_on()

    def _read_clock(self):
        since = time.clock_gettime(time.CLOCK_BOOTTIME) - self._began_s
        self._machine.now_ms = int(since * 1000)

    def _until_next_timer(self):
        """None: nothing is armed."""
        self._read_clock()
        timers = self._machine.timers
        left = [timer.deadline_ms - self._machine.now_ms
                for timer in (timers.next_protocol(), timers.next_housekeeping()) if timer]
        return max(0, min(left)) if left else None

    def _go_on(self):
        """What has fallen due, then what has come."""
        machine = self._machine
        self._read_clock()
        for housekeeping in (True, False):
            while armed := machine.timers.pop_due(machine.now_ms, housekeeping=housekeeping):
                machine.fire(armed.key, armed.kind)
        for message in self._data.read_now():
            machine.take(*message)
        machine.finish()
        machine.events.clear()


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", default="BASIC", type=str.upper,
                        choices=("CORE", "BASIC", "TRACKED"), help="be no more than this")
    parser.add_argument("--mutant", metavar="NAME", help="carry this bug of a router")
    options = parser.parse_args()
    from claims import Claims
    from generated import Feature, Profile, Role
    from roles import roles_of
    claims = Claims(getattr(Profile, options.profile), [Feature.BATCH_ACK])
    make = roles_of(claims)[Role.ROUTER]
    if options.mutant:
        import mutants
        bug = mutants.ALL.get(options.mutant)
        if bug is None or getattr(bug.make, "ROLE", None) != Role.ROUTER:
            parser.error(f"no mutant {options.mutant} of a router; peer.py --list-mutants names all")
        make = bug.make
    program = RouterProgram(make, claims)
    print(program.addresses, flush=True)
    program.run()


if __name__ == "__main__":
    sys.exit(main())
