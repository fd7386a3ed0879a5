/* ---- what a recording holds, in few words */
const ENUM = /^(MSG_TYPE|ACK_TYPE|STATUS|STATE|REASON|ERROR_CODE|ANOMALY_KIND|CERTAINTY|ALERT_STATE)_/;
const short = (word = '') => String(word).replace(ENUM, '');
const acksOf = (header) => header.ack_batch?.acks ?? (header.ack ? [header.ack] : []);

/* The names that the scenario gave to messages, learnt from what the suite says of them. */
class Names {
  constructor(prefix = '') {
    this.prefix = prefix;
    this.ids = new Map();
    this.names = new Map();
  }
  of(id = '') { return this.names.get(id) ?? this.bare(id); }
  /* What follows the case's prefix; a bare number is no name. */
  bare(id) {
    const rest = this.prefix && id.startsWith(this.prefix) ? id.slice(this.prefix.length) : id;
    return /^\d+$/.test(rest) ? '…' + id.slice(-rest.length - 1) : rest;
  }
  may(name, id) { return this.ids.has(name) ? this.ids.get(name) === id : !this.names.has(id); }
  learn(name, id) {
    if (this.ids.has(name) || this.names.has(id)) return;
    this.ids.set(name, id);
    this.names.set(id, name);
  }
}

/* "EXECUTION_ACK/REJECTED OVERLOADED", as the suite says it. */
function kindOf(header) {
  const [ack] = acksOf(header);
  if (!ack) return short(header.msg_type);
  const type = short(ack.ack_type), status = type !== 'CANCEL' && '/' + short(ack.status ?? 'UNSPECIFIED');
  return joined([type, status], '') + (ack.error_code ? ' ' + short(ack.error_code) : '');
}

function labelOf(header, names) {
  if (!header) return 'bytes that do not decode';
  const label = (kind, id, attempt) => joined([kind, names.of(id), attempt > 1 && `#${attempt}`], ' ');
  const acks = acksOf(header);
  if (!acks.length) return label(kindOf(header), header.message_id || header.correlation_id, header.attempt);
  const some = acks.slice(0, 3).map((ack) => label(kindOf({ack}), ack.correlation_id, ack.attempt));
  return (acks.length > 1 ? `${acks.length} ACKs: ` : '') + some.join(', ') + (acks.length > 3 ? ', …' : '');
}

function eventLabel(event, names) {
  const [kind, what] = Object.entries(event).find(([, value]) => typeof value === 'object') ?? ['event', {}];
  const of = names.of(what.message_id);
  const {old_state: from, new_state: to, reason} = what;
  if (kind === 'transition') return `${of}: ${short(from)} → ${short(to)} (${short(reason)})`;
  if (kind === 'execution') return `${of}: the work starts`;
  if (kind === 'retry') return `${of}: retry in ${time(what.backoff_ms ?? 0)} (${short(reason)})`;
  return joined([kind, short(what.kind ?? what.state), of, what.note ?? what.text], ' ');
}

/* What was asked of the implementation; nothing for what only moves the clock. */
function controlLabel({request, reply}, names) {
  const [kind, what] = Object.entries(request)[0] ?? [''], of = names.of(what?.message_id);
  const sent = names.of(reply.sent_message?.message_id);
  if (['', 'advance', 'begin', 'timers'].includes(kind)) return '';
  if (kind === 'get_transaction') return `asked for ${of}: ${short(reply.transaction?.record?.state ?? 'no record')}`;
  if (kind === 'send') return joined(['its application sends', sent, 'to', what.target ?? 'nobody'], ' ');
  if (kind === 'cancel') return `its application cancels ${of}`;
  return joined([kind.replaceAll('_', ' '), of && `of ${of}`], ' ');
}

/* ---- a fault, as the suite tells it: "line 7: delayed by 999ms RECEIPT/SUCCESS of m1, attempt 1 toward router" */
const FAULT = /^line (\d+): (dropped|delayed by (\S+)|sent (\d+) times|corrupted \(.*?\)|held) (.+) toward (.+)$/s;
const MARKS = {dropped: 'dropped', delayed: 'delayed', sent: 'duplicated', corrupted: 'corrupted', held: 'delayed'};
const UNITS = {ms: 1, s: 1000, min: 60000};

function faultOf(text) {
  const found = FAULT.exec(text);
  if (!found) return null;
  const [, line, done, delay, copies, frame, toward] = found, [, n, unit] = /^(\d+)(\D+)$/.exec(delay ?? '') ?? [];
  return {mark: MARKS[done.split(' ')[0]], said: `${done}, line ${line}`, subject: subjectNamed(frame),
    delay: n && n * UNITS[unit], copies: Number(copies ?? 1), toward: toward === 'router' ? ROUTER : toward};
}
function subjectNamed(frame) {
  const [, name, first] = /^MESSAGE (.+?), attempt (\d+)/s.exec(frame) ?? [];
  if (name !== undefined) return {kind: 'MESSAGE', name, attempt: Number(first)};
  const [, kind, of, attempt] = /^(.+?) of (.+?)(?:, attempt (\d+).*)?$/s.exec(frame) ?? ['', frame, ''];
  return {kind, name: of, attempt: attempt && Number(attempt)};
}
/* The same of a frame, to find the one that a fault is about. */
function subjectOf(header) {
  const [ack] = acksOf(header), kind = kindOf(header);
  if (ack) return {kind, id: ack.correlation_id ?? '', attempt: ack.attempt ?? 0};
  const own = header.message_id ?? '';
  return {kind, id: kind === 'MESSAGE' ? own : header.correlation_id || own, attempt: header.attempt ?? 0};
}
