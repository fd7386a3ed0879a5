/* ---- long lists: a part at first, the rest when asked for, and words to search for */
const PART = 100;
const td = (kind, ...what) => el('td', {class: kind}, what);
const number = (name, n) => el('td', {class: 'number', 'data-name': name}, String(n));

/* What a list shows of each: its columns, its row, and the words that are searched. */
const CASES = {
  noun: 'case',
  columns: ['verdict', 'case', 'blamed', 'behaviour'],
  row: (one) => [td('word', verdict(verdictOf(one))), td('long', caseLink(one.id)),
    td('word', requirementLink(one.blamed[0])), td('long', one.title)],
  words: ({id, title, verdict, role, profile, reason, blamed, requirements}) =>
    [id, title, verdict, role, profile, reason, ...blamed, ...requirements],
};
const REQUIREMENTS = {
  noun: 'requirement',
  columns: ['requirement', 'verdict', 'passed', 'blamed', 'level', 'profile', 'sentence'],
  row: ([id, one]) => [td('word', requirementLink(id)), td('word', verdict(one.verdict)), number('passed', one.passed),
    number('blamed', one.blamed), td('soft word', one.level), td('soft', one.profile), td('long', one.sentence)],
  words: ([id, {sentence, level, profile, place}]) => [id, sentence, level, profile, place],
};
const worstFirst = (a, b) => WORST.indexOf(verdictOf(a)) - WORST.indexOf(verdictOf(b));

/* A table of what was found, and the button that makes it longer. */
function paged(found, kind) {
  const body = el('tbody');
  const fill = (n) => {
    const from = body.childElementCount;
    body.append(...found.slice(from, from + n).map((one) => el('tr', {}, kind.row(one))));
    more.hidden = body.childElementCount >= found.length;
    if (from) body.rows[from].querySelector('a')?.focus();
  };
  const more = el('button', {type: 'button', click: () => fill(4 * PART)}, `Show more of ${found.length}`);
  fill(PART);
  return [table('stack', kind.columns, body), more];
}

/* Keeps what is asked for in the address, so that it can be given to others. */
function remember(asked) {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  history.replaceState(history.state, '', location.hash.split('?')[0] + (query.size ? '?' + query : ''));
}

function finder(all, kind, wordOf) {
  const texts = new Map();  // Of each, made at the first search.
  const textOf = (one) => texts.get(one) ?? texts.set(one, kind.words(one).join(' ').toLowerCase()).get(one);
  return ({words, verdict}) => {
    const sought = words.toLowerCase().split(/\s+/).filter(Boolean);
    const has = (one) => sought.every((word) => textOf(one).includes(word));
    return all.filter((one) => (!verdict || wordOf(one) === verdict) && has(one));
  };
}

/* `all` begin with the worst. */
function searched(title, all, kind, wordOf, query) {
  const find = finder(all, kind, wordOf), list = el('div'), present = new Set(all.map(wordOf));
  const words = el('input', {type: 'search', 'aria-label': `Search ${kind.noun}s`, value: query.get('words') ?? '',
    placeholder: 'words, e.g. late ROUTER_ACK', input: () => fill(true)});
  const option = (word) => el('option', {value: word, selected: word === query.get('verdict') && ''}, word);
  const choice = el('select', {'aria-label': 'Verdict', change: () => fill(true)},
    el('option', {value: ''}, 'all verdicts'), [...present].map(option));
  const fill = (asked) => {
    const sought = {words: words.value, verdict: choice.value}, found = find(sought);
    if (asked) remember(sought);
    const told = el('p', {class: 'soft', role: 'status'}, plural(found.length, kind.noun));
    list.replaceChildren(told, ...paged(found, kind));
  };
  fill(false);
  const keys = el('span', {class: 'soft keys'}, 'the key / finds');
  return [title, heading(title), el('div', {class: 'controls'}, words, choice, keys), list];
}

function cases(id, query) { return searched('Cases', [...report.cases].sort(worstFirst), CASES, verdictOf, query); }
function requirements(id, query) {
  const all = [...requirementOf].sort(([a, one], [b, other]) =>
    WORST.indexOf(one.verdict) - WORST.indexOf(other.verdict) || (a < b ? -1 : 1));
  return searched('Requirements', all, REQUIREMENTS, ([, one]) => one.verdict, query);
}
