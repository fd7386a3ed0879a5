#!/usr/bin/env python3
"""A harness for cmb-conformance around an implementation of the {{role}}.

    cmb-conformance smoke --stdio --role {{role}} -- ./harness.py
    cmb-conformance run --stdio --role {{role}} -- ./harness.py

It speaks the control channel (chapter 10 of the specification) as lines of JSON on standard input
and output, and is complete. Your own code goes where YOUR CODE stands: first frame(), then the
others. Standard output belongs to the suite: print to stderr.
"""

import json
import os
import sys

PICS = {"name": "my-{{role}}", "version": "0.1", "schemaVersions": [1],
        "roles": [{"role": "ROLE_{{ROLE}}", "profile": "PROFILE_CORE"}],  # Then _BASIC, _TRACKED, _DURABLE.
        "features": ["FEATURE_VIRTUAL_CLOCK", "FEATURE_INLINE_HEADERS"]}
INCARNATION = os.environ.get("CMB_INCARNATION", "")
HOUSEKEEPING = {"TIMER_KIND_RECONCILE", "TIMER_KIND_RECORD_EXPIRY", "TIMER_KIND_HEARTBEAT"}
ANSWERED_BY = {"ack_ingress": "ack_egress", "ack_egress": "ack_ingress"}  # A channel: by itself.


class Implementation:
    """Your {{role}} in one case: made anew by Begin and by each Reset. `world` is all it may touch."""

    def __init__(self, configure, settings, world):
        self.module_id, self.settings, self.world = configure["moduleId"], settings, world
        # YOUR CODE: its records. configure and settings have the names of control.proto in lowerCamelCase.

    def frame(self, socket, peer, header, payload):
        """A message came by `socket`; header is None where it could not be decoded."""
        if (header and header.get("msgType") == "MSG_TYPE_PING" and header.get("targets") == [self.module_id]
                and header.get("source") and header.get("messageId", "").startswith("@")):
            pong = {"schemaVersion": 1, "msgType": "MSG_TYPE_PONG", "source": self.module_id,
                    "targets": [header["source"]], "correlationId": header["messageId"]}
            self.world.send(ANSWERED_BY.get(socket, socket), peer, pong, payload)
        # YOUR CODE: all else by 3.6 and 3.7, no own header above 65536 bytes (CMB-WIRE-023). world.send, .arm, .disarm, .tell.

    def fire(self, timer):
        """A timer that world.arm() armed is due."""  # YOUR CODE.

    def record(self, source, message_id):
        return None  # YOUR CODE: the TransactionRecord of a message, if there is one.
#<sender>

    def submit(self, send):
        """The application sends; returns the message_id."""
        return self.world.next_id()  # YOUR CODE: so far nothing is sent.
#</sender>
#<target>

    def script(self, script):
        """What the handler shall do with a message that will come (10.4)."""  # YOUR CODE.
#</target>


class World:
    """The clock, what leaves, what is told, and the timers: among equals TTL, then the first armed."""

    def __init__(self, settings, connected):
        self.now_ms, self.id_prefix = int(settings.get("nowMs", 0)), settings.get("idPrefix", "")
        self.made_ids = self.told = self.undeliverable = 0
        self.frames, self.events, self.timers, self.connected = [], [], [], connected

    def send(self, socket, peer, header, payload=""):
        """False: a router has no connection to `peer`."""
        if self.connected is not None and peer not in self.connected:
            self.undeliverable += 1
            return False
        self.frames.append({"socket": socket, "peer": peer, "header": header, "payload": payload})
        return True

    def tell(self, **event):
        """tell(transition={...}), tell(anomaly={...}): the fields of cmb.ack.v1.Event."""
        self.told += 1
        self.events.append({"number": self.told, **event})

    def next_id(self):
        self.made_ids += 1
        return f"{self.id_prefix}{self.made_ids}"

    def arm(self, kind, message_id, source, deadline_ms):
        self.disarm(kind, message_id, source)
        self.timers.append({"messageId": message_id, "source": source, "kind": kind, "deadlineMs": deadline_ms})

    def disarm(self, kind, message_id, source):
        self.timers = [t for t in self.timers if (t["kind"], t["messageId"], t["source"]) != (kind, message_id, source)]

    def next_timer(self, housekeeping):
        mine = [timer for timer in self.timers if (timer["kind"] in HOUSEKEEPING) == housekeeping]
        return min(mine, key=lambda timer: (timer["deadlineMs"], timer["kind"] != "TIMER_KIND_TTL"), default=None)


class Refusal(Exception):
    """A request that cannot be met: kind and sentence."""


class Harness:
    """One request after another, each with one reply."""

    def __init__(self):
        self.seq = self.epoch = 0
        self.configure = self.world = self.mine = None
        self.connected = None  # Of a router: who is.
        self.begun = self.ended = False

    def run(self):
        self.say(hello={"pics": PICS, "incarnation": INCARNATION})
        while not self.ended and (line := sys.stdin.readline()):
            try:
                request = json.loads(line)
                reply = {"seq": int(request.get("seq", 0)), "epoch": int(request.get("epoch", 0))}
            except (ValueError, TypeError, AttributeError):  # No request: refused for its seq.
                request, reply = {}, {"seq": 0, "epoch": 0}
            try:
                self.answer(request, reply)
            except Refusal as refusal:
                reply["error"] = {"kind": "ERROR_KIND_" + refusal.args[0], "sentence": refusal.args[1]}
            self.report(reply)
            self.say(reply=reply)
            if "reset" in request and "error" not in reply:
                self.epoch += 1
                self.start(request["reset"].get("settings", {}))

    @staticmethod
    def say(**message):
        print(json.dumps(message), flush=True)

    def answer(self, request, reply):
        in_order = reply["seq"] == self.seq + 1
        self.seq += in_order  # Refused or not.
        if not in_order or (reply["epoch"], request.get("incarnation", "")) != (self.epoch, INCARNATION):
            raise Refusal("BAD_REQUEST", "not the next request")
        kind = next((word for word in request if hasattr(self, "on_" + word)), None)
        phase = None if self.begun else "begin" if self.configure else "configure"
        if not kind or kind != "shutdown" and (kind != phase if phase else kind in ("configure", "begin")):
            raise Refusal("BAD_REQUEST", f"{kind} is unknown, or out of place here")
        getattr(self, "on_" + kind)(request[kind], reply)
        self.begun, self.ended = self.begun or kind == "begin", kind == "shutdown"

    def start(self, settings):
        self.world = World(settings, self.connected)
        self.mine = Implementation(self.configure, settings, self.world)

    def report(self, reply):
        world = self.world or World({}, None)
        reply.update(nowMs=world.now_ms, undeliverable=world.undeliverable, events=world.events, frames=world.frames)
        world.events, world.frames = [], []
        for word, housekeeping in (("HOUSEKEEPING", True), ("PROTOCOL", False)):
            if timer := world.next_timer(housekeeping):
                reply["nextDeadline"] = {"ms": timer["deadlineMs"], "class": "DEADLINE_CLASS_" + word}

    def on_configure(self, configure, reply):
        what = configure.get("role"), configure.get("binding"), configure.get("store", ""), configure.get("curve")
        if what != ("ROLE_{{ROLE}}", "BINDING_INLINE_HEADERS", "", None):
            raise Refusal("UNSUPPORTED", "this harness plays the {{role}}, with headers inline, no store and no keys")
#<router>
        self.connected = set(configure.get("connected", []))
#</router>
        self.configure = configure
        self.start(configure.get("settings", {}))

    def on_advance(self, advance, reply):
        to_ms, fire, armed = int(advance.get("toMs", 0)), advance.get("fire"), self.world.next_timer(False)
        if fire not in ("FIRE_NONE", "FIRE_BEFORE_FRAMES", "FIRE_AFTER_FRAMES"):
            raise Refusal("BAD_REQUEST", "fire says nothing")
        if to_ms < self.world.now_ms:
            raise Refusal("BACKWARDS", f"to {to_ms}, but it is {self.world.now_ms}")
        if armed and to_ms > armed["deadlineMs"]:
            raise Refusal("OVERSTEP", f"a timer is due at {armed['deadlineMs']}")
        self.world.now_ms = to_ms
        self.fire_due(to_ms, housekeeping=True)
        if fire == "FIRE_BEFORE_FRAMES":
            self.fire_due(to_ms)
        for frame in advance.get("frames", []):
            self.mine.frame(frame["socket"], frame.get("peer", ""), frame.get("header"), frame.get("payload", ""))
        if fire == "FIRE_AFTER_FRAMES":
            self.fire_due(to_ms)

    def fire_due(self, at_ms, housekeeping=False):
        while (timer := self.world.next_timer(housekeeping)) and timer["deadlineMs"] <= at_ms:
            self.world.timers.remove(timer)
            self.mine.fire(timer)

    def on_getTransaction(self, get, reply):
        record = self.mine.record(get.get("source", ""), get.get("messageId", ""))
        reply["transaction"] = {"record": record} if record else {}

    def on_timers(self, _, reply):
        reply["timers"] = {"timers": self.world.timers}

    def on_wallJump(self, jump, reply):
        self.mine.settings["wallBaseMs"] = int(self.mine.settings.get("wallBaseMs", 0)) + int(jump.get("byMs", 0))

    def on_cancel(self, _, reply):
        raise Refusal("UNSUPPORTED", "below TRACKED a {{role}} is not asked this")
    on_send = on_scriptExecution = on_cancel  # Unless the role has its own.
#<sender>

    def on_send(self, send, reply):
        reply["sentMessage"] = {"messageId": self.mine.submit(send)}
#</sender>
#<target>

    def on_scriptExecution(self, script, reply):
        self.mine.script(script)
#</target>
#<router>

    def on_connection(self, connection, reply):
        (self.connected.add if connection.get("connected") else self.connected.discard)(connection["module"])
#</router>

    def on_reset(self, _, reply):
        """The reply is of the case that ends; run() begins the next one."""
    on_begin = on_shutdown = on_reset


if __name__ == "__main__":
    Harness().run()
