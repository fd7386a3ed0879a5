/* ---- the frames of a case, decoded and raw */
const FRAMES = 200;  // More are listed when asked for.

/* Those in which something is wrong are open. `open` shows the one of an entry. */
function frameList(sequence, broken) {
  const rows = sequence.frames(), made = new Map(), node = el('div');
  const fill = () => {
    const next = rows.slice(made.size, made.size + FRAMES);
    for (const row of next) made.set(row.entry, frameOf(row, sequence.names, broken.includes(row.entry)));
    more.before(...next.map((row) => made.get(row.entry)));
    more.hidden = made.size >= rows.length;
  };
  const more = el('button', {type: 'button', click: fill}, `Show more of ${rows.length}`);
  node.append(more);
  fill();
  const open = (entry) => {
    while (!made.has(entry)) fill();
    made.get(entry).open = true;
    made.get(entry).scrollIntoView({block: 'center'});
    made.get(entry).firstChild.focus({preventScroll: true});
  };
  return {node, open, count: rows.length};
}

function frameOf({frame, at, out, marks, why}, names, bad) {
  const told = `${time(at)} ${out ? 'to' : 'from'} ${frame.peer} on ${frame.socket}: ${labelOf(frame.header, names)}`;
  const bent = marks.length > 0 && el('span', {class: 'warn'}, ` (${why.join('; ')})`);
  const details = folded([bad && '✗ ', told, bent]);
  details.className = bad ? 'frame bad' : 'frame';
  const fill = () => { if (details.childElementCount === 1) details.append(...contents(frame)); };
  details.addEventListener('toggle', fill);
  details.open = bad;
  return details;
}

function contents(frame) {
  const decoded = frame.header ? JSON.stringify(frame.header, null, 2) : frame.fault;
  return shown([soft('Decoded'), el('pre', {class: 'decoded'}, decoded),
    (frame.frames ?? []).map((part, n) => bytesOf(part, ['Header', 'Payload'][n] ?? `Part ${n + 1}`))]);
}
function bytesOf({hex, size, fnv1a}, name) {
  const text = hex === undefined ? `too long to keep; its FNV-1a is ${fnv1a}` : hexDump(hex);
  const length = plural(size ?? hex.length / 2, 'byte');
  return [soft(`${name}, ${length}`), text && el('pre', {class: 'bytes', tabindex: 0}, text)];
}

/* Sixteen bytes a line: where they begin, the bytes, and those that are letters. */
function hexDump(hex) {
  const letter = (byte) => (/^([2-6].|7[0-9a-e])$/.test(byte) ? String.fromCharCode(parseInt(byte, 16)) : '·');
  return (hex.match(/.{1,32}/g) ?? []).map((line, n) => {
    const bytes = line.match(/../g) ?? [];
    return `${(16 * n).toString(16).padStart(4, '0')}  ${bytes.join(' ').padEnd(47)}  ${bytes.map(letter).join('')}`;
  }).join('\n');
}
