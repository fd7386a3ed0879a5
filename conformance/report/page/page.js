'use strict';
/* Shows one view at a time of what this file holds: the one that the address names behind `#`. */
const held = (id) => JSON.parse(document.getElementById(id).textContent);
const report = held('report');
const requirementOf = new Map(Object.entries(report.requirements));
const caseAt = new Map(report.cases.map((one, n) => [one.id, n]));

// The words of counts, the worst first.
const WORDS = new Map([
  ['fail', 'fail'], ['iut_crashed', 'IUT crashed'], ['no_answer', 'no answer'], ['harness_error', 'harness error'],
  ['inconclusive', 'inconclusive'], ['not_run', 'not run'], ['expected', 'expected failure'],
  ['unsupported', 'unsupported'], ['pass', 'pass'],
]);
const WORST = [...WORDS.values(), 'not shown'];
const BAD = ['fail', 'IUT crashed'];
const NEUTRAL = ['unsupported', 'not run', 'expected failure', 'not shown', 'no verdict'];
const TONES = new Map([['pass', 'pass'],
  ...BAD.map((word) => [word, 'fail']), ...NEUTRAL.map((word) => [word, 'off'])]);
const tone = (word) => TONES.get(word) ?? 'warn';
const sign = (word) => (word === 'pass' ? '✓ ' : BAD.includes(word) ? '✗ ' : '');
const verdictOf = (one) => (one.verdict !== 'not run' && one.expected ? 'expected failure' : one.verdict);

/* What a browser would obey or hide, written out: the implementation wrote some of these texts. */
const HIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]/g;
const plain = (text) => String(text).replace(HIDDEN, (letter) => `\\u{${letter.charCodeAt(0).toString(16)}}`);
/* The children that there are. */
const shown = (children) => children.flat(Infinity).filter((child) => (child ?? false) !== false)
  .map((child) => (typeof child === 'string' ? plain(child) : child));

/* el('p', {class: 'soft'}, 'text', child): text is only ever text. */
const SVG = 'http://www.w3.org/2000/svg';
const DRAWN = new Set(['svg', 'g', 'line', 'path', 'rect', 'text', 'title']);
function el(name, attributes = {}, ...children) {
  const node = DRAWN.has(name) ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(key, value);
    else if (value !== undefined && value !== false) node.setAttribute(key, plain(value));
  }
  node.append(...shown(children));
  return node;
}
const soft = (...what) => el('p', {class: 'soft'}, what);
const heading = (text) => el('h2', {}, text);
const joined = (words, between = ' · ') => words.filter(Boolean).join(between);
const address = (where) => '#' + where.split('/').map(encodeURIComponent).join('/');
const link = (where, text, attributes = {}) => el('a', {href: address(where), ...attributes}, text);
const caseLink = (id) => link('case/' + id, id, {class: 'mono'});
const requirementLink = (id) => id && link('requirement/' + id, id, {class: 'mono'});
const verdict = (word) => el('strong', {class: tone(word)}, sign(word) + word);
const plural = (n, word) => `${n} ${word}${n === 1 ? '' : 's'}`;
const cut = (text, most) => (text.length > most ? text.slice(0, most - 1) + '…' : text);
/* Virtual time, exactly. */
const time = (ms) => (Number(ms) < 1000 ? `${ms} ms` : `${Number(ms) / 1000} s`);
const wantGot = ({want, got}) => joined([want && `want ${want}`, got && `got ${got}`], ', ');

function table(kind, columns, body) {
  const names = columns.map((name) => el('th', {scope: 'col'}, name));
  return el('div', {class: 'scroll'}, el('table', {class: kind}, el('thead', {}, el('tr', {}, names)), body));
}

/* ---- the address */
const decoded = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
function where() {
  const [path, query] = location.hash.slice(1).split('?');
  const [part, ...rest] = path.split('/').map(decoded);
  return {part, id: rest.join('/'), query: new URLSearchParams(query)};
}

function show() {
  const views = new Map(Object.entries({requirements, cases, requirement, case: oneCase}));
  const {part, id, query} = where();
  const [title, ...nodes] = (views.get(part) ?? summary)(id, query);
  document.title = `${title} · ${report.iut.name || 'conformance'}`;
  document.getElementById('head').replaceChildren(...shown(head(views.has(part) ? part : '')));
  document.getElementById('page').replaceChildren(...shown(nodes));
}

/* A new place begins at its top; one that was seen before is where it was left. */
function go(event) {
  show();
  document.getElementById('page').focus({preventScroll: true});
  if (event.state) return;
  scrollTo(0, 0);
  history.replaceState({seen: true}, '');
}

function press(event) {
  if (event.target.matches('input, select, .diagram, .bytes') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') {
    event.preventDefault();
    if (!document.querySelector('[type=search]')) location.hash = '#cases';
    setTimeout(() => document.querySelector('[type=search]')?.focus());
  }
  if (event.key === 'ArrowLeft') document.querySelector('[rel=prev]')?.click();
  if (event.key === 'ArrowRight') document.querySelector('[rel=next]')?.click();
}

function start() {
  history.replaceState({seen: true}, '');
  addEventListener('popstate', go);
  addEventListener('keydown', press);
  show();
}
