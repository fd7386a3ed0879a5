#!/usr/bin/env node
/* A harness for cmb-conformance around an implementation of the {{role}}.

     cmb-conformance smoke --stdio --role {{role}} -- node harness.mjs
     cmb-conformance run --stdio --role {{role}} -- node harness.mjs

   It speaks the control channel (chapter 10 of the specification) as lines of JSON on standard input
   and output, and is complete. Your own code goes where YOUR CODE stands: first frame(), then the
   others. Standard output belongs to the suite: print with console.error. */

import {createInterface} from 'node:readline';

const PICS = {
  name: 'my-{{role}}', version: '0.1', schemaVersions: [1],
  roles: [{role: 'ROLE_{{ROLE}}', profile: 'PROFILE_CORE'}],  // Then _BASIC, _TRACKED, _DURABLE.
  features: ['FEATURE_VIRTUAL_CLOCK', 'FEATURE_INLINE_HEADERS'],
};
const HOUSEKEEPING = new Set(['TIMER_KIND_RECONCILE', 'TIMER_KIND_RECORD_EXPIRY', 'TIMER_KIND_HEARTBEAT']);
const INCARNATION = process.env.CMB_INCARNATION ?? '';
const FIRES = ['FIRE_NONE', 'FIRE_BEFORE_FRAMES', 'FIRE_AFTER_FRAMES'];
const ANSWERED_BY = {ack_ingress: 'ack_egress', ack_egress: 'ack_ingress'}; // A channel: by itself.

/* Your {{role}} in one case: made anew by Begin and by each Reset. `world` is all it may touch. */
class Implementation {
  constructor(configure, settings, world) {
    this.moduleId = configure.moduleId;
    this.settings = settings;
    this.world = world;
    // YOUR CODE: its records. configure and settings have the names of control.proto in lowerCamelCase.
  }

  /* A message came by `socket`; header is undefined where it could not be decoded. */
  frame(socket, peer, header, payload) {
    if (header?.msgType === 'MSG_TYPE_PING' && header.targets?.length === 1 && header.targets[0] === this.moduleId &&
        header.source && header.messageId?.startsWith('@')) {
      this.world.send(ANSWERED_BY[socket] ?? socket, peer, {
        schemaVersion: 1, msgType: 'MSG_TYPE_PONG', source: this.moduleId, targets: [header.source],
        correlationId: header.messageId,
      }, payload);
    }
    // YOUR CODE: all else by 3.6 and 3.7, no own header above 65536 bytes (CMB-WIRE-023). world.send, .arm, .disarm, .tell.
  }

  /* A timer that world.arm() armed is due. */
  fire(timer) {} // YOUR CODE.

  /* The TransactionRecord of a message; undefined: there is none. */
  record(source, messageId) {} // YOUR CODE.
//<sender>

  /* The application sends; returns the message_id. */
  submit(send) { return this.world.nextId(); } // YOUR CODE: so far nothing is sent.
//</sender>
//<target>

  /* What the handler shall do with a message that will come (10.4). */
  script(script) {} // YOUR CODE.
//</target>
}

/* The clock, what leaves, what is told, and the timers, the first armed first among equals. */
class World {
  constructor(settings, connected) {
    this.nowMs = Number(settings.nowMs ?? 0);
    this.idPrefix = settings.idPrefix ?? '';
    this.connected = connected;
    this.madeIds = this.told = this.undeliverable = 0;
    [this.frames, this.events, this.timers] = [[], [], []];
  }

  /* False: a router has no connection to `peer`. */
  send(socket, peer, header, payload = '') {
    if (this.connected && !this.connected.has(peer)) {
      this.undeliverable += 1;
      return false;
    }
    this.frames.push({socket, peer, header, payload});
    return true;
  }

  /* tell({transition: {...}}), tell({anomaly: {...}}): the fields of cmb.ack.v1.Event. */
  tell(event) {
    this.events.push({number: ++this.told, ...event});
  }

  nextId() { return `${this.idPrefix}${++this.madeIds}`; }

  arm(kind, messageId, source, deadlineMs) {
    this.disarm(kind, messageId, source);
    this.timers.push({messageId, source, kind, deadlineMs});
  }

  disarm(kind, messageId, source) {
    this.timers = this.timers.filter((t) => t.kind !== kind || t.messageId !== messageId || t.source !== source);
  }

  nextTimer(housekeeping) {  // Of equals TTL, then the first armed.
    const isOther = (timer) => timer.kind !== 'TIMER_KIND_TTL';
    return this.timers.filter((timer) => HOUSEKEEPING.has(timer.kind) === housekeeping)
      .sort((a, b) => a.deadlineMs - b.deadlineMs || isOther(a) - isOther(b))[0];
  }
}

const refuse = (kind, sentence) => { throw {refusal: {kind: `ERROR_KIND_${kind}`, sentence}}; };
const parse = (line) => { try { return Object(JSON.parse(line)); } catch { return {}; } }; // Refused for its seq.

/* One request after another, each with one reply. Requests are called as in control.proto. */
class Harness {
  seq = 0;
  epoch = 0;
  begun = false;
  ended = false;

  async run() {
    this.say({hello: {pics: PICS, incarnation: INCARNATION}});
    for await (const line of createInterface({input: process.stdin})) {
      const request = parse(line);
      const reply = {seq: Number(request.seq) || 0, epoch: Number(request.epoch) || 0};
      try {
        this.answer(request, reply);
      } catch (thrown) {
        if (!thrown.refusal) throw thrown;
        reply.error = thrown.refusal;
      }
      this.report(reply);
      this.say({reply});
      if (this.ended) return process.exit(0);
      if (request.reset && !reply.error) {
        this.epoch += 1;
        this.start(request.reset.settings ?? {});
      }
    }
  }

  say(message) { process.stdout.write(`${JSON.stringify(message)}\n`); }

  answer(request, reply) {
    const inOrder = reply.seq === this.seq + 1;
    if (inOrder) this.seq += 1; // Refused or not.
    if (!inOrder || reply.epoch !== this.epoch || (request.incarnation ?? '') !== INCARNATION) {
      refuse('BAD_REQUEST', 'not the next request');
    }
    const kind = Object.keys(request).find((word) => typeof this[`on_${word}`] === 'function');
    const phase = this.begun ? undefined : this.configure ? 'begin' : 'configure';
    if (!kind || (kind !== 'shutdown' && (phase ? kind !== phase : ['configure', 'begin'].includes(kind)))) {
      refuse('BAD_REQUEST', `${kind} is unknown, or out of place here`);
    }
    this[`on_${kind}`](request[kind], reply);
  }

  start(settings) {
    this.world = new World(settings, this.connected);
    this.mine = new Implementation(this.configure, settings, this.world);
  }

  report(reply) {
    const world = this.world ?? new World({});
    Object.assign(reply, {nowMs: world.nowMs, undeliverable: world.undeliverable, events: world.events, frames: world.frames});
    [world.events, world.frames] = [[], []];
    const timer = world.nextTimer(false) ?? world.nextTimer(true);
    const word = HOUSEKEEPING.has(timer?.kind) ? 'HOUSEKEEPING' : 'PROTOCOL';
    if (timer) reply.nextDeadline = {ms: timer.deadlineMs, class: `DEADLINE_CLASS_${word}`};
  }

  on_configure(configure) {
    const isMine = configure.role === 'ROLE_{{ROLE}}' && configure.binding === 'BINDING_INLINE_HEADERS';
    if (!isMine || configure.store || configure.curve) {
      refuse('UNSUPPORTED', 'this harness plays the {{role}}, with headers inline, no store and no keys');
    }
//<router>
    this.connected = new Set(configure.connected ?? []);
//</router>
    this.configure = configure;
    this.start(configure.settings ?? {});
  }

  on_begin() { this.begun = true; }

  on_advance(advance) {
    const [toMs, armed] = [Number(advance.toMs ?? 0), this.world.nextTimer(false)];
    if (!FIRES.includes(advance.fire)) refuse('BAD_REQUEST', 'fire says nothing');
    if (toMs < this.world.nowMs) refuse('BACKWARDS', `to ${toMs}, but it is ${this.world.nowMs}`);
    if (armed && toMs > armed.deadlineMs) refuse('OVERSTEP', `a timer is due at ${armed.deadlineMs}`);
    this.world.nowMs = toMs;
    this.fireDue(toMs, true);
    if (advance.fire === 'FIRE_BEFORE_FRAMES') this.fireDue(toMs);
    for (const {socket, peer = '', header, payload = ''} of advance.frames ?? []) this.mine.frame(socket, peer, header, payload);
    if (advance.fire === 'FIRE_AFTER_FRAMES') this.fireDue(toMs);
  }

  fireDue(atMs, housekeeping = false) {
    for (let timer; (timer = this.world.nextTimer(housekeeping)) && timer.deadlineMs <= atMs;) {
      this.world.timers.splice(this.world.timers.indexOf(timer), 1);
      this.mine.fire(timer);
    }
  }

  on_getTransaction(get, reply) { reply.transaction = {record: this.mine.record(get.source, get.messageId)}; }
  on_timers(_, reply) { reply.timers = {timers: this.world.timers}; }
  on_wallJump(jump) { this.mine.settings.wallBaseMs = Number(this.mine.settings.wallBaseMs ?? 0) + Number(jump.byMs); }
  on_cancel() { refuse('UNSUPPORTED', 'below TRACKED a {{role}} is not asked this'); }
  on_send() { this.on_cancel(); } // Unless the role has its own.
  on_scriptExecution() { this.on_cancel(); }
//<sender>
  on_send(send, reply) { reply.sentMessage = {messageId: this.mine.submit(send)}; }
//</sender>
//<target>
  on_scriptExecution(script) { this.mine.script(script); }
//</target>
//<router>
  on_connection({module, connected}) { this.connected[connected ? 'add' : 'delete'](module); }
//</router>
  on_reset() {} // The reply is of the case that ends; run() begins the next one.
  on_shutdown() { this.ended = true; }
}

await new Harness().run();
