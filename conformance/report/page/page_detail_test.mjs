/* The page of the report, in Chromium: what it tells besides, what is long, and how it looks. */
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {CASE, brokenRun, hashOf, filledAnew, held, launched, opened, packed, unpacked, visit} from './page_testing.mjs';

// Its own messages are late, and it has hundreds of rows.
const LONG = 'sender/a-message-accepted-before-a-crash-is-kept';
const DESK = {viewport: {width: 1280, height: 800}};
let browser, run, page, other;
before(async () => {
  run = held(brokenRun([CASE.broken, LONG]));
  browser = await launched();
  page = await opened(browser, told(), '', DESK);
  other = await opened(browser, run, '', DESK);
});
after(() => browser?.close());

const texts = (selector, where = page) => where.locator(selector).allTextContents();
const hasAll = (text, words) => words.forEach((word) => assert.ok(text.includes(word), `no ${word}: ${text}`));
const styles = (selector, property, where = page) => where.locator(selector).evaluateAll(
  (nodes, property) => nodes.map((node) => getComputedStyle(node)[property]), property);

const caseOf = (id, {cases} = run.report) => cases.find((one) => one.id === id);
/* A frame of the target, as if another had said it. */
function forgedOf(recording) {
  const {frame} = structuredClone(recording.find(({frame}) => frame?.direction === 'from_iut'));
  return Object.assign(frame, {direction: 'to_iut', header: {...frame.header, source: 'mallory'}});
}

/* The run with all that a case and a report can tell, and with a breach in the middle of the long case. */
function told() {
  const report = structuredClone(run.report), broken = caseOf(CASE.broken, report), long = caseOf(LONG, report);
  const [miss] = broken.causes, {requirement} = miss, recording = unpacked(run.recordings[LONG]).slice(1);
  const at = recording.findIndex((entry, n) => n > 900 && entry.event?.transition);
  long.causes = [{...miss, entry: at, got: 'long '.repeat(50) + 'and whole'}];
  const named = {blamed: [requirement], requirements: [requirement]};
  Object.assign(long, {...named, verdict: 'fail', last_entries: ['the last of all']});
  Object.assign(miss, {more: 3, window: ['seen first', 'seen next']});
  Object.assign(broken, {expected: 'we know it', advice: [{...miss, want: 'advised', got: 'not so'}],
    may: [{requirement, what: 'it may', seen: false}], choices: [{choice: 'CHO-001', label: 'the other'}],
    faults: [{fault: 'of line 7', applied: 2, missing: 'one more'}], unconsumed: ['a frame too many']});
  const good = {...broken, id: 'a/good', verdict: 'pass', expected: ''};
  Object.assign(report, {selection: '--run x', shard: '1/2', cases: [broken, good, long]});
  Object.assign(report.causes[0], {explains: [{requirement: 'CMB-TGT-001', cases: 2}]});
  report.requirements['CMB-AAA-001'] = {...report.requirements[requirement], verdict: 'pass'};
  report.requirements['CMB-ZZZ-001'] = {...report.requirements[requirement], verdict: 'not shown'};
  return {report, recordings: run.recordings};
}

test('the head tells what was run, and where one is', async () => {
  for (const [hash, part] of [['', /^Summary$/], ['#cases', /^Cases/], ['#requirements', /^Requirements/]]) {
    await visit(page, hash);
    const [current, ...more] = await texts('[aria-current=page]');
    assert.match(current, part);
    assert.equal(more.length, 0);
  }
  hasAll(await page.innerText('header'), ['--run x', 'part 1/2', 'seed 1', 'sockets', run.report.suite]);
});

test('the summary tells the claims, the command, and what a cause explains', async () => {
  await visit(page, '');
  hasAll(await page.innerText('main'), ['of 3 cases', 'Claims ', 'circuit_breaker', run.report.command,
    'explains CMB-TGT-001 (2 cases)', 'no verdict as router: no case of it was run']);
});

test('a part that passed is said to be one, and of what', async () => {
  for (const verdict of ['partial', 'fail']) {
    const profiles = run.report.profiles.map((one) => ({...one, verdict})), selection = '--role sender';
    await filledAnew(other, {...run, report: {...run.report, profiles, selection}});
    const said = /partial: nothing failed, but not all was run \(--role sender\)/.test(await other.innerText('main'));
    assert.equal(said, verdict === 'partial');
  }
});

test('a bar has the shares and the colours of its counts', async () => {
  await filledAnew(other, {...run, report: {...run.report, counts: {...run.report.counts, fail: 30, pass: 60}}});
  const bar = other.locator('main > .bar span');
  const widths = await bar.evaluateAll((parts) => parts.map((part) => part.offsetWidth));
  assert.ok(Math.abs(widths[1] / widths[0] - 2) < 0.05, String(widths));
  const grounds = await styles('main > .bar span', 'backgroundColor', other);
  assert.deepEqual(grounds, await styles('main > .counts a', 'color', other));
  const [fail, pass] = grounds.map((colour) => colour.match(/\d+/g).map(Number));
  assert.ok(fail[0] > fail[1] && pass[1] > pass[0], String(grounds));
});

test('lists begin with the worst', async () => {
  await visit(page, '#cases');
  assert.deepEqual(await texts('tbody td:first-child'), ['✗ fail', 'expected failure', '✓ pass']);
  assert.deepEqual((await texts('option')).slice(1), ['fail', 'expected failure', 'pass']);
  const {requirement} = run.report.causes[0];
  await visit(page, '#requirement/' + requirement);
  assert.deepEqual(await texts('tbody td:first-child'), ['✗ fail', 'expected failure', '✓ pass']);
  await visit(page, '#requirements');
  const ids = await texts('tbody td:first-child');
  const [bad, good, unseen] = [requirement, 'CMB-AAA-001', 'CMB-ZZZ-001'].map((id) => ids.indexOf(id));
  assert.ok(bad === 0 && good > 0 && unseen > good, ids.join());
});

test('a case tells first what is wrong, by its sentence, then the rest', async () => {
  await visit(page, hashOf(CASE.broken));
  const [{requirement}] = run.report.causes, {sentence} = run.report.requirements[requirement];
  const [box] = await texts('section'), {want, got} = caseOf(CASE.broken).causes[0];
  assert.equal((await texts('section dl'))[0], `want${want}got${got}`);
  hasAll(box, [sentence, 'and 3 more like it', 'what was seen (2)', 'seen first\nseen next']);
  hasAll((await texts('.box')).join(), ['Expected: we know it']);
  const [besides] = await texts('details:not(.frame, section details)');
  hasAll(besides, ['Besides (5)', `SHOULD ${requirement}: want advised, got not so`, `MAY ${requirement}: it may, not seen`,
    'CHO-001: it chose the other', 'fault of line 7: applied 2 times; one more', 'no step was about a frame too many']);
  const [cause, facts, diagram] = await Promise.all(['section', 'main > dl', '.diagram'].map((one) =>
    page.locator(one).first().boundingBox()));
  assert.ok(cause.y < facts.y && facts.y < diagram.y && cause.y + cause.height < 800, 'the cause is in the first screen');
});

test('a click on the command takes all of it', async () => {
  await visit(page, hashOf(CASE.broken));
  await page.locator('.command').click();
  assert.equal(await page.evaluate(() => String(getSelection()).trim()), caseOf(CASE.broken).rerun);
});

test('of a case without its recording the last is told', async () => {
  await filledAnew(other, {...told(), recordings: {}}, hashOf(LONG));
  assert.match(await other.innerText('main'), /The last that happened\s+the last of all/);
});

test('a state in which something is wrong is marked, and how certain one is is told', async () => {
  const recording = unpacked(run.recordings[CASE.broken]);
  const n = recording.findIndex((entry) => entry.event?.transition), [miss] = run.report.causes;
  recording[n].event.transition.certainty = 'CERTAINTY_EXECUTED';
  const report = structuredClone(run.report), one = caseOf(CASE.broken, report);
  one.causes = [{...one.causes[0], requirement: miss.requirement, entry: n - 1}];
  await filledAnew(other, {report, recordings: {[CASE.broken]: packed(recording)}}, hashOf(CASE.broken));
  const [bad, ...more] = await texts('.state.bad', other);
  assert.match(bad, /^✗ \w+ EXECUTED$/);
  assert.equal(more.length, 0);
  assert.notEqual((await styles('.state.bad', 'color', other))[0], (await styles('.state:not(.bad)', 'color', other))[0]);
});

test('of many rows those around the breach are drawn first, then all', async () => {
  await visit(page, hashOf(LONG));
  const rows = () => page.locator('.diagram svg[role=img]').getAttribute('aria-label');
  const inView = () => page.evaluate(() => {
    const [mark, frame] = ['.breach', '.diagram'].map((one) => document.querySelector(one).getBoundingClientRect());
    return mark.top > frame.top && mark.bottom < frame.bottom;
  });
  assert.deepEqual([await rows(), await page.locator('.breach').count()], ['400 rows', 1]);
  await page.waitForFunction(() => document.querySelector('.diagram').scrollTop > 0);
  assert.ok(await inView());
  const drawAll = page.getByRole('button', {name: 'Draw all'});
  await drawAll.click();
  assert.ok(parseInt(await rows(), 10) > 1000 && await inView());
  assert.equal(await drawAll.count(), 0);
  assert.ok(await page.locator('.diagram').evaluate((frame) => frame === document.activeElement));
  await page.locator('.diagram').evaluate((frame) => { frame.scrollTop = 5000; });
  const [names, frame] = await Promise.all(['.names', '.diagram'].map((one) => page.locator(one).boundingBox()));
  assert.ok(Math.abs(names.y - frame.y) < 3, 'the names stay on top');
});

test('a text that is cut is whole when pointed at, and the breach is red', async () => {
  await visit(page, hashOf(LONG));
  assert.match(await page.locator('.breach title').textContent(), /and whole$/);
  const [fail] = await styles('h2 .fail', 'color');
  assert.deepEqual([(await styles('.breach rect', 'fill'))[0], (await styles('.breach text', 'stroke'))[0]], [fail, 'none']);
  assert.deepEqual([...new Set(await styles('.blamed text', 'fill'))], [fail]);
  await visit(page, hashOf(CASE.broken));
  assert.match((await texts('.breach')).join(' '), /✗ CMB-\S+ · {.*}: want /);
});

test('what the implementation sends late leaves at a mark and slants to when it came', async () => {
  await visit(page, hashOf(LONG));
  await page.getByRole('button', {name: 'Draw all'}).click();
  const faults = unpacked(run.recordings[LONG]).filter(({note}) => note?.kind === 'fault' && note.text.endsWith('toward router'));
  const ours = (await texts('.leave')).filter((text) => /^MESSAGE m\d+( #\d)? leaves, delayed by \d+ms, line 6/.test(text));
  assert.ok(ours.length >= 50 && ours.length === faults.length, `${ours.length} of ${faults.length}`);
  const arrows = await page.locator('.diagram .arrow.delayed').evaluateAll((nodes) => nodes.map((node) => {
    const {x1, y1, x2, y2} = node.querySelector('line');
    return {right: x1.baseVal.value < x2.baseVal.value, down: y2.baseVal.value - y1.baseVal.value, text: node.textContent,
      dash: getComputedStyle(node.querySelector('line')).strokeDasharray};
  }));
  const sent = arrows.filter(({text}) => /^MESSAGE m\d+/.test(text));
  assert.equal(sent.length, ours.length);
  assert.ok(sent.every(({right, down, dash}) => right && down > 20 && dash !== 'none'), JSON.stringify(sent.slice(0, 3)));
  const [warn, none] = [(await styles('.legend line', 'stroke'))[0], 'none'];
  assert.deepEqual([...new Set(await styles('.leave rect', 'fill'))], [warn]);
  assert.notEqual(warn, none);
  assert.ok((await texts('.legend > span')).includes('delayed'));
});

test('what never comes is said to', async () => {
  const whole = unpacked(run.recordings[LONG]), cut = (find) => whole.slice(0, whole.findIndex(find) + 1);
  const late = ({note}) => note?.kind === 'fault' && note.text.endsWith('toward router');
  const coming = ({note}) => note?.kind === 'fault' && note.text.endsWith('toward sender');
  for (const [lines, words] of [[cut(late), /the case ended before/], [cut(coming), /; the case ended before it came/]]) {
    await filledAnew(other, {...run, recordings: {[LONG]: packed(lines)}}, hashOf(LONG));
    assert.match(await other.locator('.diagram').textContent(), words);
  }
});

/* A recording of a target with what it gets from its router, each with the marks it must have. */
test('what is lost, corrupted or forged has its sign and says why', async () => {
  const whole = unpacked(run.recordings[CASE.broken]), [message] = whole.filter(({frame}) => frame?.direction === 'to_iut');
  const own = whole.find(({frame}) => frame?.direction === 'from_iut'), {at_ms} = whole.at(-1);
  const note = (kind, text, frame) => ({at_ms, note: {kind, text, frame}});
  const lines = [...whole, {at_ms, frame: own.frame},
    note('fault', 'line 8: corrupted (1 bit) RECEIPT/SUCCESS of m1 toward router'),
    note('undelivered', 'nobody is there', own.frame), {at_ms, frame: forgedOf(whole)},
    note('fault', 'line 9: corrupted (1 bit) MESSAGE m1, attempt 1, ttl 5min toward target'),
    {at_ms, frame: {...message.frame, header: undefined, fault: 'torn apart', frames: [{hex: '00416282ff'}]}}];
  await filledAnew(other, {...run, recordings: {[CASE.broken]: packed(lines)}}, hashOf(CASE.broken));
  const told = async (mark) => (await texts(`.diagram .arrow.${mark}`, other)).join();
  assert.match(await told('lost'), /nobody is there/);
  assert.match(await told('forged'), /not for mallory to say/);
  assert.match(await told('corrupted'), /corrupted \(1 bit\), line 9/);
  const signs = async (selector) => other.locator(`.diagram .arrow${selector}`).count();
  const seen = ['.lost .cross', '.corrupted .bolt', '.corrupted:not(.malformed) .bolt'].map(signs);
  assert.deepEqual(await Promise.all(seen), [1, 2, 1]);
  const torn = other.locator('.frame').last();
  assert.match(await torn.locator('summary').textContent(), /bytes that do not decode \(.*line 9/);
  await torn.locator('summary').click();
  await torn.locator('.bytes').waitFor();
  assert.deepEqual([await texts('.frame[open] .decoded', other), await texts('.frame[open] .bytes', other)].map((all) => all.at(-1)),
    ['torn apart', '0000  00 41 62 82 ff                                   ·Ab··']);
});

test('frames in which something is wrong are open; one that is opened comes into view; more come when asked for', async () => {
  const report = structuredClone(run.report), one = caseOf(LONG, report);
  const entries = unpacked(run.recordings[LONG]).slice(1), sent = entries.filter(({frame}) => frame).length;
  one.causes = [{...caseOf(CASE.broken).causes[0], entry: entries.findIndex(({frame}) => frame)}];
  await filledAnew(other, {...run, report}, hashOf(LONG));
  const frames = other.locator('.frame');
  await other.locator('.frame[open] .decoded').first().waitFor();
  assert.deepEqual([await texts('.frame[open] .decoded', other).then((all) => all.length), await frames.count()], [1, 200]);
  assert.match(await frames.first().locator('summary').textContent(), /^✗ .*MESSAGE m1 \(delayed/);
  await other.locator('.diagram .opens').last().dispatchEvent('click');
  assert.ok(await other.evaluate(() => {
    const {top, bottom} = document.activeElement.getBoundingClientRect();
    return document.activeElement.matches('.frame[open] > summary') && top > 0 && bottom < innerHeight;
  }));
  const more = other.locator('main').getByRole('button', {name: /Show more/});
  for (let n = 0; n < 9 && await more.isVisible(); n++) await more.click();
  assert.deepEqual([await frames.count(), await more.isVisible()], [sent, false]);
});

test('ids are told by the names of the scenario, without the prefix of the case', async () => {
  await filledAnew(other, run, hashOf(LONG));
  const {id_prefix: prefix} = unpacked(run.recordings[LONG])[0].settings, told = await other.locator('.diagram').textContent();
  assert.ok(prefix.length > 0 && !told.includes(prefix) && told.includes('its application sends …'), told.slice(0, 300));
  assert.ok((await texts('.life-of strong', other)).includes('m1'));
});

/* The least contrast of a line with the page, by WCAG 2. Runs in the page. */
function leastOfLines() {
  const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((n) => n / 255)
    .map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4))
    .reduce((sum, n, i) => sum + n * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = light(getComputedStyle(document.body).backgroundColor);
  const strokes = [...document.querySelectorAll('.arrow line, .arrow path, .died path')].map((node) => getComputedStyle(node).stroke);
  return Math.min(...strokes.map(light).map((line) => (Math.max(line, ground) + 0.05) / (Math.min(line, ground) + 0.05)));
}
test('lines stand out from the page, by day and in the dark, and what is wrong from what is not', async () => {
  const broken = caseOf(CASE.broken), recording = unpacked(run.recordings[CASE.broken]), {at_ms} = recording.at(-1);
  const report = {...run.report, cases: [{...broken, causes: [{...broken.causes[0], entry: recording.length - 1}]}]};
  const lines = [...recording, {at_ms, frame: forgedOf(recording)}, {at_ms, process: 'crashed'}];
  await filledAnew(other, {report, recordings: {[CASE.broken]: packed(lines)}}, hashOf(CASE.broken));
  for (const colorScheme of ['light', 'dark']) {
    await other.emulateMedia({colorScheme});
    const least = await other.evaluate(leastOfLines);
    assert.ok(least >= 3, `${colorScheme}: ${least}`);
    assert.notEqual((await styles('.arrow.forged line', 'stroke', other))[0], (await styles('.arrow:not(.forged) line', 'stroke', other))[0]);
    const [[line], [fail]] = [await styles('.arrow.blamed line', 'stroke', other), await styles('h2 .fail', 'color', other)];
    assert.equal(line, fail);
  }
  await other.emulateMedia({colorScheme: null});
});

test('ids without end break within their lists', async () => {
  const id = 'x'.repeat(400), requirement = 'CMB-' + 'Y'.repeat(400), report = structuredClone(run.report);
  Object.assign(report.cases[0], {id, requirements: [requirement]});
  report.requirements[requirement] = Object.values(report.requirements)[0];
  await filledAnew(other, {...run, report}, '#cases');
  const wide = () => other.locator('.scroll').evaluateAll((all) => all.some((one) => one.scrollWidth > one.clientWidth));
  assert.equal(await wide(), false);
  await other.setViewportSize({width: 390, height: 844});
  for (const hash of ['#cases', '#requirements', '#requirement/' + requirement]) {
    await visit(other, hash);
    assert.equal(await wide(), false, hash);
  }
  await other.setViewportSize(DESK.viewport);
});

test('on a phone each number is labelled, and all lifelines are on the screen', async () => {
  const phone = await opened(browser, told(), '#requirements', {viewport: {width: 390, height: 844}, isMobile: true});
  const labels = await phone.locator('td.number').evaluateAll((cells) =>
    cells.slice(0, 2).map((cell) => getComputedStyle(cell, '::before').content));
  assert.match(labels.join(), /passed.*blamed/);
  await visit(phone, hashOf(CASE.broken));
  const lives = await phone.locator('line.life').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
  assert.ok(Math.max(...lives) < 380, String(lives));
  const [name, state] = await Promise.all(['.life-of strong', '.state'].map((one) => phone.locator(one).first().boundingBox()));
  assert.ok(state.y > name.y + 10, 'the name has its own line');
});
