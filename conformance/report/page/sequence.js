/* ---- a recording as the rows of a sequence diagram, in the order of what happened

A row is {kind, at, text}, `blamed` where something is wrong with it, and by its kind:
  arrow   from, to, marks (dropped, lost, delayed, duplicated, corrupted, malformed, forged) and why;
          of a frame that is recorded also frame, out (the implementation sent it) and entry (its place);
          leaves: the row at which a delayed one left
  leave   on: here a frame leaves that comes later
  own     on: what a module does by itself
  step    a step of the scenario begins
  life    on: its process crashed, or started
  breach  first: what the suite found wrong with the row before */

const ROUTER = '@router';
// Who may say what, by chapter 2 of the specification.
const AUTHORS = {ROUTER_ACK: ['router'], DELIVERY_ACK: ['router'], RECEIPT: ['target'], EXECUTION_ACK: ['target'],
  PROGRESS_ACK: ['target'], TIMEOUT: ['router', 'source'], CANCEL: ['source']};

class Sequence {
  constructor({header, entries}, causes) {
    this.iut = header.module_id;
    this.names = new Names(header.settings?.id_prefix);
    this.places = ['sender', ROUTER, 'target'];
    this.rows = [];
    this.coming = [];  // Frames toward the implementation that a fault lets come later, or more than once.
    this.late = [];    // Arrivals that are not recorded: of delayed frames of the implementation.
    this.seen = new Map();      // Bytes of a frame -> when they came first.
    this.messages = new Map();  // message_id -> who sent it to whom.
    this.place(this.iut);
    this.take(entries, causes);
    this.late.forEach((row) => this.insert(row));
    this.coming.forEach(({row}) => { if (row) row.text += '; the case ended before it came'; });
  }

  /* Those that the implementation sent or got, in their order. */
  frames() {
    const recorded = this.rows.filter((row) => row.entry !== undefined && !this.late.includes(row));
    return recorded.sort((a, b) => a.entry - b.entry);
  }

  take(entries, causes) {
    const step = ({kind, step}) => kind === 'expectation' && step;
    const text = (miss) => `✗ ${joined([miss.requirement, step(miss)])}: ${wantGot(miss)}`;
    const breach = (miss) => this.push({kind: 'breach', at: miss.at_ms, first: miss === causes[0], text: text(miss)});
    entries.forEach((entry, n) => {
      const row = this.row(entry, n), wrong = causes.filter((miss) => miss.entry === n);
      if (row && wrong.length) row.blamed = true;
      wrong.forEach(breach);
    });
    causes.filter((miss) => miss.entry >= entries.length).forEach(breach);
  }

  row({at_ms: at, frame, note, event, step_begins: step, process, control}, n) {
    if (frame) return this.frame(frame, at, n);
    if (note) return this.note(note, at);
    if (event) return this.own(at, eventLabel(event, this.names));
    if (step) return this.step(step, at);
    if (process) return this.push({kind: 'life', at, on: this.iut, text: `its process ${process}`});
    return control && this.control(control, at);
  }

  place(name) {
    if (!this.places.includes(name)) this.places.push(name);
    return name;
  }
  push(row) {
    this.rows.push(row);
    return row;
  }
  mark(row, mark, why) {
    row.marks.push(mark);
    row.why.push(why);
  }
  own(at, text) { return this.push({kind: 'own', at, on: this.iut, text}); }

  step({line, text}, at) {
    this.sending = /^\{?send: (\w+)(?:[,}]|$)/.exec(text)?.[1];
    return this.push({kind: 'step', at, text: `line ${line}: ${text}`});
  }
  control(control, at) {
    const id = control.reply?.sent_message?.message_id, text = controlLabel(control, this.names);
    if (id && this.sending) this.names.learn(this.sending, id);
    return text ? this.own(at, controlLabel(control, this.names)) : null;
  }
  note({kind, text, frame}, at) {
    const fault = kind === 'fault' && faultOf(text);
    if (fault) return fault.toward === this.iut ? this.faultIn(fault, at) : this.faultOut(fault, at);
    if (kind === 'drawn') return null;  // The fault that follows says it.
    if (!frame) return this.own(at, text);
    const row = this.arrow(frame, at);
    this.mark(row, 'lost', text);
    this.arrival(row);
    return row;
  }

  arrow(frame, at, entry) {
    const out = frame.direction === 'from_iut', peer = this.place(frame.peer), text = labelOf(frame.header, this.names);
    const [from, to] = out ? [this.iut, peer] : [peer, this.iut];
    return this.push({kind: 'arrow', at, entry, frame, out, from, to, marks: [], why: [], text});
  }
  frame(frame, at, n) {
    const row = this.arrow(frame, at, n), {header} = frame;
    if (!row.out) this.arrival(row);
    const forged = header && !row.out && this.forged(frame);
    if (!header) this.mark(row, 'malformed', frame.fault);
    if (forged) this.mark(row, 'forged', forged);
    this.compare(row);
    if (header?.msg_type === 'MSG_TYPE_MESSAGE' && !forged && !this.messages.has(header.message_id)) {
      this.messages.set(header.message_id, {source: header.source, target: header.targets?.[0], router: ROUTER});
    }
    return row;
  }
  compare(row) {
    const {direction, peer, socket, frames} = row.frame;
    const bytes = [direction, peer, socket, ...frames.map((part) => part.hex ?? part.fnv1a)].join('|');
    const at = this.seen.get(bytes);
    if (at === undefined) this.seen.set(bytes, row.at);
    else if (!row.marks.includes('duplicated')) this.mark(row, 'duplicated', `the same bytes as at ${time(at)}`);
  }

  /* Why its author may not say this; nothing where it may, or where nobody knows. */
  forged({peer, header}) {
    const source = header.source || 'nobody';
    if (this.iut === ROUTER && header.source !== peer) return `${peer} says it is ${source}`;
    const wrong = acksOf(header).some((ack) => {
      const message = this.messages.get(ack.correlation_id), authors = AUTHORS[short(ack.ack_type)];
      return message && authors && !authors.some((who) => message[who] === header.source);
    });
    return wrong && `not for ${source} to say`;
  }

  matches({kind, name, attempt}, header) {
    const seen = subjectOf(header);
    return seen.kind === kind && (attempt === undefined || seen.attempt === attempt) && this.names.may(name, seen.id);
  }
  known(row, {name}) {
    this.names.learn(name, subjectOf(row.frame.header).id);
    row.text = labelOf(row.frame.header, this.names);
  }

  /* A frame that comes may be one that a fault delayed, doubled or bent. */
  arrival(row) {
    const {header} = row.frame;
    const one = this.coming.find(({due, mark, subject}) => (due === undefined || due === row.at) &&
      (header ? this.matches(subject, header) : mark === 'corrupted'));
    if (!one) return;
    one.came++;
    this.mark(row, one.mark, one.mark === 'duplicated' ? `copy ${one.came} of ${one.copies}` : one.said);
    row.leaves = one.row;
    if (header) this.known(row, one.subject);
    if (one.came === one.copies) this.coming.splice(this.coming.indexOf(one), 1);
  }

  /* Of a frame toward the implementation: it is not yet there, or never comes. */
  faultIn(fault, at) {
    const {subject: {kind, name, attempt}, mark, said, delay} = fault, from = this.author(kind);
    const text = joined([kind, name, attempt > 1 && `#${attempt}`], ' ');
    if (mark === 'dropped') return this.push({kind: 'arrow', at, from, to: this.iut, marks: [mark], why: [said], text});
    const row = mark === 'delayed' ? this.push({kind: 'leave', at, on: from, text: `${text} leaves, ${said}`}) : null;
    this.coming.push({...fault, row, came: 0, due: delay === undefined ? undefined : at + delay});
    return row;
  }
  author(kind) {
    if (this.iut !== ROUTER) return ROUTER;
    return /^(RECEIPT|EXECUTION_ACK|PROGRESS_ACK)/.test(kind) ? 'target' : 'sender';
  }

  /* Of a frame of the implementation: it left just before. */
  faultOut(fault, at) {
    const {subject, said, mark, delay} = fault;
    const row = this.rows.find((row) => row.at === at && row.out && !row.bent && row.frame.header &&
      this.matches(subject, row.frame.header));
    if (!row) return this.own(at, `${subject.kind} ${subject.name}: ${said}`);
    this.known(row, subject);
    row.bent = true;
    this.mark(row, mark, said);
    if (delay === undefined) return row;
    this.late.push({...row, at: at + delay, marks: [...row.marks], why: [...row.why], leaves: row});
    return Object.assign(row, {kind: 'leave', on: row.from, text: `${row.text} leaves, ${said}`});
  }
  insert(row) {
    if (row.at > this.rows.at(-1).at) row.why.push('the case ended before');
    const leaves = this.rows.indexOf(row.leaves);
    const n = this.rows.findIndex((other, index) => index > leaves && other.at >= row.at);
    this.rows.splice(n < 0 ? this.rows.length : n, 0, row);
  }
}
