/* ---- what the run says as a whole, and of one requirement */
const counted = (counts) => [...WORDS].filter(([key]) => counts[key]).map(([key, word]) => [word, counts[key]]);

function bar(counts) {
  const parts = counted(counts), told = parts.map(([word, n]) => `${n} ${word}`);
  return el('div', {class: 'bar', role: 'img', 'aria-label': told.join(', ') || 'nothing'},
    parts.map(([word, n], at) => el('span', {class: tone(word), style: `flex: ${n}`, title: told[at]})));
}
function countsLine(counts, named) {
  return el('div', {class: 'counts'}, counted(counts).map(([word, n]) => el('span', {}, named(word), ` ${n}`)));
}
const coloured = (word) => el('span', {class: tone(word)}, word);
const casesLink = (word) => el('a', {href: '#cases?' + new URLSearchParams({verdict: word}), class: tone(word)}, word);

function head(part) {
  const {iut, suite, timing, binding, seed, selection, shard} = report;
  const to = (where, text) => link(where, text, {'aria-current': where === part && 'page'});
  return [el('h1', {}, `${iut.name || 'no implementation'} ${iut.version}`),
    soft(joined([suite, timing.date, binding, `seed ${seed}`, selection, shard && `part ${shard}`])),
    el('nav', {'aria-label': 'Parts'}, to('', 'Summary'), to('requirements', `Requirements (${requirementOf.size})`),
      to('cases', `Cases (${report.cases.length})`))];
}

function summary() {
  const {counts, causes} = report;
  return ['Summary', alarms(), bar(counts), countsLine(counts, casesLink), heading('By profile'), profiles(), claims(),
    heading('Causes, the most basic first'),
    causes.length ? causes.map(cause) : el('p', {}, counts.pass ? 'Nothing was missed.' : 'Nothing was judged.')];
}

function alarms() {
  const {interrupted, stopped_because: because, stopped_stderr: stderr} = report;
  return [interrupted && el('p', {class: 'box bad'}, 'This run was interrupted: what it says is of a part.'),
    because && el('div', {class: 'box bad'}, el('p', {}, 'Ended early: ' + because), stderr && el('pre', {}, stderr))];
}

function profiles() {
  const all = report.profiles;
  if (!all.length) return soft('No profile is claimed.');
  const names = new Set(all.map((one) => one.profile)), roles = new Set(all.map((one) => one.role));
  const cell = (role, name) => profile(all.find((one) => one.role === role && one.profile === name));
  const row = (role) => el('tr', {}, el('th', {scope: 'row'}, role), [...names].map((name) => cell(role, name)));
  return table('profiles', ['role', ...names], el('tbody', {}, [...roles].map(row)));
}
function profile(one) {
  if (!one) return el('td', {class: 'soft'}, 'not claimed');
  const counts = one.verdict !== 'no verdict' && [bar(one.counts), countsLine(one.counts, coloured)];
  return el('td', {}, verdict(one.verdict), counts);
}

function claims() {
  const features = (report.pics.features ?? []).map((word) => String(word).replace('FEATURE_', '').toLowerCase());
  return soft(features.length > 0 && `Claims ${features.join(', ')}. `,
    report.command && ['Started with ', el('code', {}, report.command)]);
}

function cause(one) {
  const misses = report.cases[caseAt.get(one.example)]?.causes ?? [];
  const miss = misses.find((miss) => miss.requirement === one.requirement) ?? misses[0];
  const sentence = requirementOf.get(one.requirement)?.sentence;
  return el('section', {class: 'box bad'},
    el('p', {}, verdict(one.verdict), ' ', requirementLink(one.requirement), ' ', sentence),
    miss && el('p', {}, wantGot(miss)), soft(plural(one.cases, 'case'), ', first in ', caseLink(one.example)),
    one.explains.length > 0 && soft('explains ', one.explains.map(({requirement, cases}, n) =>
      [n > 0 && ', ', requirementLink(requirement), ` (${plural(cases, 'case')})`])));
}

function requirement(id) {
  const known = requirementOf.get(id);
  const named = report.cases.filter((one) => one.requirements.includes(id) || one.blamed.includes(id));
  return [id, el('h2', {}, known && verdict(known.verdict), ' ', id), known && sentence(known),
    heading('Cases that name or blame it'), paged(named.sort(worstFirst), CASES)];
}
function sentence({sentence: text, place, level, profile, passed, blamed}) {
  const shows = `passed in ${plural(passed, 'case')}, blamed in ${blamed}`;
  return el('div', {class: 'box'}, el('p', {}, text), soft(joined([place, level, profile, shows])));
}
