/* ---- what the run says as a whole, and of one requirement */
const counted = (counts) => [...WORDS].filter(([key]) => counts[key]).map(([key, word]) => [word, counts[key]]);

function bar(counts) {
  const parts = counted(counts), told = parts.map(([word, n]) => `${n} ${word}`);
  return el('div', {class: 'bar', role: 'img', 'aria-label': told.join(', ') || 'nothing'},
    parts.map(([word, n], at) => el('span', {class: tone(word), style: `flex: ${n}`, title: told[at]})));
}
function countsLine(counts, named, of) {
  return el('div', {class: 'counts'}, counted(counts).map(([word, n]) => el('span', {}, named(word), ` ${n}`)),
    of && el('span', {class: 'soft'}, of));
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
  return ['Summary', alarms(), bar(counts), countsLine(counts, casesLink, ` of ${plural(report.cases.length, 'case')}`),
    heading('By profile'), profiles(), heading('Causes, the most basic first'),
    causes.length ? causes.map(cause) : el('p', {}, counts.pass ? 'Nothing was missed.' : 'Nothing was judged.'),
    heading('What was run'), claims()];
}

function alarms() {
  const {interrupted, stopped_because: because, stopped_stderr: stderr} = report;
  return [interrupted && el('p', {class: 'box bad'}, 'This run was interrupted: what it says is of a part.'),
    because && el('div', {class: 'box bad'}, el('p', {}, 'Ended early: ' + because), stderr && el('pre', {}, stderr))];
}

/* A row for each role of which there was a case; the others in a line. */
function profiles() {
  const all = report.profiles, rolesOf = (some) => [...new Set(some.map((one) => one.role))];
  if (!all.length) return soft('No profile is claimed.');
  const names = [...new Set(all.map((one) => one.profile))];
  const run = rolesOf(all.filter((one) => counted(one.counts).length > 0));
  const cell = (role, name) => profile(all.find((one) => one.role === role && one.profile === name));
  const row = (role) => el('tr', {}, el('th', {scope: 'row'}, role), names.map((name) => cell(role, name)));
  const idle = rolesOf(all).filter((role) => !run.includes(role)).join(', ');
  return [run.length > 0 && table('profiles', ['role', ...names], el('tbody', {}, run.map(row))), partly(all),
    idle && soft(`no verdict as ${idle}: no case of it was run`)];
}
function profile(one) {
  if (!one) return el('td', {class: 'soft'}, 'not claimed');
  const counts = counted(one.counts).length > 0 && [bar(one.counts), countsLine(one.counts, coloured)];
  return el('td', {}, verdict(one.verdict), counts);
}
function partly(all) {
  const {selection, shard, interrupted} = report;
  const why = joined([selection, shard && `part ${shard}`, interrupted && 'interrupted']);
  return all.some((one) => one.verdict === 'partial') && soft(`partial: nothing failed, but not all was run (${why})`);
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
    miss && wants(miss), soft(plural(one.cases, 'case'), ', first in ', caseLink(one.example)),
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
