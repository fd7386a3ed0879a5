/* ---- one case: what was wrong, and all that happened */
let recordings;  // Large, so they are read when the first case is opened.

async function recordingOf(id) {
  recordings ??= new Map(Object.entries(held('recordings')));
  if (!recordings.has(id)) return null;
  const bytes = Uint8Array.from(atob(recordings.get(id)), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  const [header, ...entries] = (await new Response(stream).text()).trim().split('\n').map((line) => JSON.parse(line));
  return {header, entries};
}

function oneCase(id) {
  const at = caseAt.get(id), one = report.cases[at];
  if (!one) return [id, el('p', {}, `There is no case ${id} in this report.`)];
  const happened = el('div', {}, soft('Drawing …'));
  recordingOf(id).then((recording) => (recording ? drawn(recording, one) : unrecorded(one)))
    .catch((error) => [el('p', {class: 'fail'}, `This recording cannot be read: ${error.message}`), ending(one)])
    .then((nodes) => happened.replaceChildren(...shown(nodes)));
  const beside = [neighbour(at - 1, '← previous', 'prev'), neighbour(at + 1, 'next →', 'next')];
  return [id, el('nav', {'aria-label': 'Neighbours'}, beside),
    el('h2', {}, verdict(verdictOf(one)), ' ', id), el('p', {}, one.title), reasons(one), one.causes.map(missed),
    facts(one), remarks(one), happened];
}
const neighbour = (at, text, rel) => report.cases[at] && link('case/' + report.cases[at].id, text, {rel});

function drawn(recording, one) {
  const sequence = new Sequence(recording, one.causes), broken = one.causes.map((miss) => miss.entry);
  const list = frameList(sequence, broken);
  return [heading('Sequence'), diagram(sequence, list.open),
    heading('States'), states(recording.entries, sequence.names, broken[0]), ending(one),
    heading(`Frames (${list.count})`), list.node];
}
function unrecorded(one) {
  const last = one.last_entries.join('\n');
  return [soft('What happened is not kept in this report; run it again to see it.'),
    last && [heading('The last that happened'), el('pre', {}, last)], ending(one)];
}
function ending(one) {
  return one.iut_stderr && [heading('Its standard error'), el('pre', {class: 'stderr'}, one.iut_stderr)];
}

const fact = (name, ...what) => [el('dt', {}, name), el('dd', {}, what)];
const placeText = ({file, line}) => (line ? `${file}:${line}` : file);
function facts(one) {
  return el('dl', {}, fact('scenario', el('span', {class: 'mono'}, placeText(one.place))),
    fact('needs', `${one.role}, ${one.profile}`),
    fact('shows', one.requirements.map((id, n) => [n > 0 && ' ', requirementLink(id)])),
    fact('lasted', `${time(one.virtual_ms)} of virtual time`),
    fact('run it again', el('code', {class: 'command'}, one.rerun)));
}

/* What the first cause does not say as well. */
function reasons({reason, expected, causes}) {
  const said = causes.some((miss) => [miss.got, wantGot(miss)].includes(reason));
  const box = (text) => el('p', {class: 'box'}, text);
  return [reason && !said && box(reason), expected && box('Expected: ' + expected)];
}

const wants = ({want, got}) => el('dl', {}, want && fact('want', want), got && fact('got', got));
function missed(miss, n, all) {
  const sentence = miss.requirement !== all[n - 1]?.requirement && requirementOf.get(miss.requirement)?.sentence;
  const what = el('strong', {}, n > 0 && 'and then ', requirementLink(miss.requirement));
  return el('section', {class: 'box bad'}, el('p', {}, what, ` at ${time(miss.at_ms)}, ${miss.step} `,
    el('span', {class: 'soft mono'}, placeText(miss.place)), miss.more > 0 && `, and ${miss.more} more like it`),
    sentence && soft(sentence), wants(miss),
    miss.window.length > 0 && folded(`what was seen (${miss.window.length})`, el('pre', {}, miss.window.join('\n'))));
}
const folded = (title, ...what) => el('details', {}, el('summary', {}, title), what);

/* What is no failure, and yet worth a word. */
function remarks(one) {
  const lines = [
    ...one.advice.map((miss) => ['SHOULD ', requirementLink(miss.requirement), `: ${wantGot(miss)}`]),
    ...one.may.map((may) => ['MAY ', requirementLink(may.requirement), `: ${may.what}, ${may.seen ? '' : 'not '}seen`]),
    ...one.choices.map(({choice, label}) => `${choice}: it chose ${label}`),
    ...one.faults.map(({fault, applied, missing}) =>
      joined([`fault ${fault}: applied ${plural(applied, 'time')}`, missing], '; ')),
    ...one.unconsumed.map((frame) => `no step was about ${frame}`),
  ];
  return lines.length > 0 && folded(`Besides (${lines.length})`, el('ul', {}, lines.map((line) => el('li', {}, line))));
}

/* Each message's states, in the order of its transitions, and when its record's process ended. */
function states(entries, names, broken) {
  const lives = new Map();
  entries.forEach(({at_ms: at, event, process}, n) => {
    const move = event?.transition, id = move?.message_id;
    if (move) lives.set(id, [...(lives.get(id) ?? []), {at, move, bad: n === broken}]);
    if (process) lives.forEach((life) => life.push({at, process}));
  });
  if (!lives.size) return soft('No state changed.');
  return [...lives].map(([id, moves]) => el('div', {class: 'life-of'},
    el('strong', {class: 'mono', title: id}, cut(names.of(id) || 'no id', 60)), moves.map(moved)));
}
function moved({at, move, process, bad}, n) {
  if (process) return el('span', {class: 'moves'}, `process ${process} at ${time(at)}`);
  const certainty = move.certainty && el('span', {class: 'soft'}, ` ${short(move.certainty)}`);
  return [n === 0 && el('span', {class: 'state'}, short(move.old_state)),
    el('span', {class: 'moves'}, `${time(at)} ${short(move.reason)} →`),
    el('span', {class: 'state' + (bad ? ' bad' : '')}, bad && '✗ ', short(move.new_state), certainty)];
}
