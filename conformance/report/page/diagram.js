/* ---- the rows of a sequence as a drawing */
const ROWS = 400;    // More are drawn when asked for.
const MOST = 150;    // Letters of a text.
const LETTER = 7.3;  // Width of one.
const HEIGHT = {arrow: 32, leave: 22, own: 22, step: 26, life: 26, breach: 26};
const LEGEND = new Map([
  ['dropped', 'dropped on the way'], ['lost', 'found nobody'], ['delayed', 'delayed'],
  ['duplicated', 'comes more than once'], ['corrupted', 'corrupted on the way'],
  ['malformed', 'does not decode'], ['forged', 'forged: its author may not say it'],
]);

/* The part around the breach, or all; under it what its signs mean. */
function diagram(sequence, open) {
  const {rows} = sequence, broken = rows.findIndex((row) => row.kind === 'breach');
  const frame = el('div', {class: 'diagram', tabindex: 0, role: 'region',
    'aria-label': 'Sequence diagram; the list of frames tells the same'});
  const from = Math.max(0, Math.min(broken - ROWS / 2, rows.length - ROWS));
  const draw = (some) => frame.replaceChildren(...new Drawing(sequence, some, open).nodes());
  const drawAll = () => {
    draw(rows);
    all.remove();
    toBreach(frame);
    frame.focus();
  };
  const all = rows.length > ROWS && el('p', {}, `Rows ${from + 1} to ${from + ROWS} of ${rows.length}. `,
    el('button', {type: 'button', click: drawAll}, 'Draw all'));
  draw(rows.slice(from, from + ROWS));
  requestAnimationFrame(() => toBreach(frame));
  return [all, frame, legend(new Set(rows.flatMap((row) => row.marks ?? [])))];
}
function toBreach(frame) {
  const mark = frame.querySelector('.breach');
  const top = (node) => node.getBoundingClientRect().top;
  if (mark) frame.scrollTop += top(mark) - top(frame) - frame.clientHeight / 2;
}
function legend(seen) {
  const line = {x1: 2, y1: 7, x2: 46, y2: 7};
  const sample = (mark) => el('svg', {width: 48, height: 14, 'aria-hidden': 'true'}, arrowOf(line, [mark]));
  const parts = [...LEGEND].filter(([mark]) => seen.has(mark))
    .map(([mark, text]) => el('span', {}, sample(mark), text));
  return parts.length > 0 && el('p', {class: 'legend'}, parts);
}

/* Line, tip and signs; one that is dropped ends halfway, at a cross. */
function arrowOf({x1, y1, x2, y2}, marks, blamed) {
  const has = (...some) => some.some((mark) => marks.includes(mark)), way = Math.sign(x2 - x1) || 1;
  const [x, y] = has('dropped') ? [(x1 + x2) / 2, (y1 + y2) / 2] : [x2, y2];
  const line = (by) => el('line', {x1, y1: y1 + by, x2: x, y2: y + by});
  const cross = (at) => el('path', {class: 'cross', d: `M${at - 5},${y - 5}l10,10m0,-10l-10,10`});
  const bolt = () => el('path', {class: 'bolt', d: `M${(x1 + x2) / 2 - 4},${(y1 + y2) / 2 - 7}l8,5l-8,4l8,5`});
  return el('g', {class: joined(['arrow', ...marks, blamed && 'blamed'], ' ')},
    has('duplicated') ? [line(-2), line(2)] : line(0),
    has('dropped') ? cross(x) : el('path', {class: 'tip', d: `M${x},${y}l${-9 * way},-5v10z`}),
    has('lost') && cross(x - 16 * way), has('corrupted', 'malformed') && bolt());
}

class Drawing {
  constructor(sequence, rows, open) {
    const narrow = innerWidth < 700;
    Object.assign(this, {sequence, rows, open, left: narrow ? 86 : 110, column: narrow ? 120 : 230, tops: new Map()});
    let y = 8;
    for (const row of rows) {
      this.tops.set(row, y);
      y += HEIGHT[row.kind];
    }
    this.height = y + 8;
    this.width = this.x(sequence.places.at(-1)) + 60;
  }
  x(name) { return this.left + this.sequence.places.indexOf(name) * this.column; }

  nodes() {
    const {places} = this.sequence;
    const lines = el('g', {}, places.map((name) => this.lifeline(this.x(name))));
    const words = el('g', {}, this.rows.map((row, n) => row.at !== this.rows[n - 1]?.at && this.instant(row)));
    // What slants over other rows is below their words.
    for (const row of this.rows) (row.leaves ? lines : words).append(this[row.kind](row, this.tops.get(row)));
    const names = el('svg', {class: 'names', height: 26}, places.map((name) => this.heading(name)));
    const told = {role: 'img', 'aria-label': plural(this.rows.length, 'row')};
    const body = el('svg', {height: this.height, ...told}, lines, words);
    for (const svg of [names, body]) svg.setAttribute('width', this.width);
    return [names, body];
  }
  heading(name) {
    const tested = name === this.sequence.iut;
    const text = cut(name, 18), whole = text !== name && el('title', {}, name);
    return el('text', {class: tested && 'iut', x: this.x(name), y: 17, 'text-anchor': 'middle'},
      text, tested && ' (under test)', whole);
  }
  lifeline(x) { return el('line', {class: 'life', x1: x, x2: x, y1: 0, y2: this.height}); }
  instant(row) { return el('text', {class: 'soft', x: 6, y: this.tops.get(row) + 14}, time(row.at)); }

  /* Begins at x; whole when pointed at. */
  text(x, y, words, kind) {
    const text = cut(words, MOST);
    this.width = Math.max(this.width, x + text.length * LETTER + 12);
    return el('text', {x, y, class: kind}, text, text !== words && el('title', {}, words));
  }

  arrow(row, y) {
    const [x1, x2, y2] = [this.x(row.from), this.x(row.to), y + 23];
    const y1 = this.tops.has(row.leaves) ? this.tops.get(row.leaves) + 10 : y2;
    const node = arrowOf({x1, y1, x2, y2}, row.marks, row.blamed);
    const x = Math.min(x1, x2) + (y1 < y2 && x1 < x2 ? this.column / 2 : 8), why = row.why.join('; ');
    node.append(this.text(x, y2 - 8, row.text));
    if (why) node.append(this.text(x + (cut(row.text, MOST).length + 1) * LETTER, y2 - 8, why, 'why'));
    if (row.entry === undefined) return node;
    node.addEventListener('click', () => this.open(row.entry));
    node.classList.add('opens');
    return node;
  }
  leave(row, y) { return this.beside(row, y, 'leave'); }
  own(row, y) { return this.beside(row, y, row.blamed ? 'own blamed' : 'own'); }
  /* Beside the last lifeline there is room to the left, and none on a phone to the right. */
  beside(row, y, kind) {
    const x = this.x(row.on), text = cut(row.text, MOST);
    const turned = row.on === this.sequence.places.at(-1) && text.length * LETTER < x - 30;
    return el('g', {class: kind}, el('rect', {x: x - 4, y: y + 6, width: 8, height: 8}),
      turned ? el('text', {x: x - 10, y: y + 14, 'text-anchor': 'end'}, text) : this.text(x + 10, y + 14, row.text));
  }
  step(row, y) {
    const x = this.left - 22;
    const line = el('line', {x1: x, x2: 9999, y1: y + 20, y2: y + 20});
    return el('g', {class: 'step'}, line, this.text(x, y + 15, row.text, 'soft'));
  }
  life(row, y) {
    const x = this.x(row.on), cross = el('path', {d: `M${x - 8},${y + 4}l16,16m0,-16l-16,16`});
    return el('g', {class: 'died'}, cross, this.text(x + 14, y + 16, row.text));
  }
  breach(row, y) {
    const x = this.left - 22, width = cut(row.text, MOST).length * LETTER + 14;
    const band = el('rect', {x, y: y + 2, width, height: 20, rx: 3});
    return el('g', {class: row.first ? 'breach' : 'breach later'}, band, this.text(x + 6, y + 16, row.text));
  }
}
