/* The page of the report, in Chromium: what each view tells, against the report and the recordings it holds. */
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {CASE, STDERR, brokenRun, crashedRun, hashOf, held, launched, opened, pageParts, unpacked, visit}
  from './page_testing.mjs';

let browser, html, run, page;
before(async () => {
  html = brokenRun();
  run = held(html);
  browser = await launched();
  page = await opened(browser, run);
});
after(() => browser?.close());

const texts = (selector) => page.locator(selector).allTextContents();
const count = (selector) => page.locator(selector).count();
const caseOf = (id) => run.report.cases.find((one) => one.id === id);
const recordingOf = (id) => unpacked(run.recordings[id]);
const faultsOf = (id, word) => recordingOf(id).filter(({note}) => note?.kind === 'fault' && note.text.includes(word));
const hasAll = (text, words) => words.forEach((word) => assert.ok(text.includes(word), `no ${word}: ${text}`));

test('the program writes this very page', () => {
  const [before, between, after] = pageParts(), at = html.indexOf(between);
  assert.ok(html.startsWith(before) && at > 0 && html.endsWith(after));
});

test('the summary tells the verdict of each profile', async () => {
  await visit(page, '');
  const columns = await texts('.profiles thead th'), {profiles} = run.report;
  const known = new Set(profiles.filter(({counts}) => Object.values(counts).some(Boolean)).map(({role}) => role));
  for (const {role, profile, verdict, counts} of profiles.filter(({role}) => known.has(role))) {
    const row = page.locator('.profiles tbody tr', {has: page.getByRole('rowheader', {name: role, exact: true})});
    const text = await row.locator('td').nth(columns.indexOf(profile) - 1).textContent();
    hasAll(text, [verdict, ...(counts.pass ? [`pass ${counts.pass}`] : [])]);
  }
  hasAll(profiles.map((one) => one.verdict), ['fail', 'partial']);
});

test('the summary tells the counts and the causes', async () => {
  await visit(page, '');
  const {counts, causes, requirements} = run.report, sections = await texts('section');
  const told = ['fail', 'unsupported', 'pass'].map((word) => `${word} ${counts[word]}`);
  hasAll((await texts('main > .counts'))[0], told);
  assert.equal(sections.length, causes.length);
  causes.forEach(({requirement, example, cases}, n) =>
    hasAll(sections[n], [requirement, requirements[requirement].sentence, example, `${cases} case`]));
  await page.locator('main > .counts a', {hasText: 'fail'}).click();
  await page.waitForSelector('[role=status]');
  assert.equal(await count('tbody tr'), counts.fail);
});

test('the summary tells of a run that was interrupted, that ended early, and that missed nothing', async () => {
  const early = {interrupted: true, stopped_because: 'it did not start', stopped_stderr: 'no module', causes: []};
  const other = await opened(browser, {...run, report: {...run.report, ...early}});
  hasAll(await other.innerText('main'), ['This run was interrupted', 'it did not start', 'no module', 'Nothing was missed']);
  await visit(page, '');
  assert.doesNotMatch(await page.innerText('main'), /interrupted|Ended early|Nothing was missed/);
});

test('the matrix tells of each requirement what the report does, and leads to its cases', async () => {
  await visit(page, '#requirements');
  const all = Object.entries(run.report.requirements), rows = await page.locator('tbody tr').evaluateAll((rows) =>
    rows.map((row) => [...row.cells].map((cell) => cell.textContent.replace(/^[✓✗] /, ''))));
  assert.deepEqual(rows.sort(), all.map(([id, {verdict, passed, blamed, level, profile, sentence}]) =>
    [id, verdict, String(passed), String(blamed), level, profile, sentence]).sort());
  const {requirement} = run.report.causes[0];
  await visit(page, '#requirement/' + requirement);
  const named = run.report.cases.filter((one) => [...one.requirements, ...one.blamed].includes(requirement));
  assert.deepEqual((await texts('tbody td:nth-child(2)')).sort(), named.map((one) => one.id).sort());
});

test('a case tells its causes, its standard error and the command to repeat it', async () => {
  await visit(page, hashOf(CASE.broken));
  const one = caseOf(CASE.broken), boxes = await texts('section');
  one.causes.forEach(({requirement, want, got, place: {file, line}}, n) =>
    hasAll(boxes[n], [requirement, want, got, `${file}:${line}`]));
  assert.equal(await page.textContent('.stderr'), one.iut_stderr);
  hasAll(one.iut_stderr, [STDERR]);
  assert.equal(await page.textContent('.command'), one.rerun);
});

test('the diagram has lifelines, and each instant of virtual time', async () => {
  await visit(page, hashOf(CASE.broken));
  assert.deepEqual(await texts('.names text'), ['sender', '@router', 'target (under test)']);
  assert.equal(await count('line.life'), 3);
  const words = await texts('svg text[x="6"]');
  assert.ok(words.every((text) => text.endsWith(' ms') === (parseFloat(text) < 1000 && !text.endsWith(' s'))), words.join());
  const told = words.map((text) => parseFloat(text) * (text.endsWith(' ms') ? 1 : 1000));
  assert.deepEqual(told, [...new Set(recordingOf(CASE.broken).slice(1).map((entry) => entry.at_ms))]);
});

test('the breach is marked below what is wrong, and in view', async () => {
  await visit(page, hashOf(CASE.broken));
  const {causes} = caseOf(CASE.broken), diagram = page.locator('.diagram');
  const breach = page.locator('.breach:not(.later)'), blamed = page.locator('.blamed').first();
  assert.deepEqual([await breach.count(), await count('.breach')], [1, causes.length]);
  hasAll(await breach.textContent(), [`✗ ${causes[0].requirement}`, causes[0].got]);
  assert.match(await blamed.textContent(), /the work starts/);
  const colour = (selector) => page.locator(selector).first().evaluate((node) => getComputedStyle(node).fill);
  assert.notEqual(await colour('.blamed text'), await colour('.own:not(.blamed) text'));
  const [above, band, frame] = await Promise.all([blamed, breach, diagram].map((one) => one.boundingBox()));
  assert.ok(band.y > above.y && band.y - above.y < 40, JSON.stringify([above, band]));
  assert.ok(band.y > frame.y && band.y < frame.y + frame.height);
  await visit(page, hashOf(CASE.late));
  assert.equal(await count('.breach, .blamed'), 0);
});

/* The parts of each arrow of a case with this mark, and where the lifelines are. */
async function arrowsOf(id, mark) {
  await visit(page, hashOf(id));
  const lives = await page.locator('line.life').evaluateAll((lines) => lines.map((line) => line.x1.baseVal.value));
  const arrows = await page.locator(`.diagram .arrow${mark}`).evaluateAll((nodes) => nodes.map((node) => {
    const lines = [...node.querySelectorAll('line')], tip = node.querySelector('.tip');
    return {lines: lines.map((line) => ['x1', 'y1', 'x2', 'y2'].map((key) => Number(line.getAttribute(key)))),
      dash: getComputedStyle(lines[0]).strokeDasharray, tip: tip && getComputedStyle(tip).fill,
      cross: Boolean(node.querySelector('.cross')), bolt: Boolean(node.querySelector('.bolt')), text: node.textContent};
  }));
  return {lives, arrows};
}

test('what is dropped ends between two lifelines, at a cross, whoever sent it', async () => {
  for (const id of [CASE.broken, CASE.lost]) {
    const {lives, arrows} = await arrowsOf(id, '.dropped');
    assert.ok(arrows.length > 0 && arrows.length === faultsOf(id, 'dropped').length);
    for (const {lines: [[x1, , x2]], tip, cross, text} of arrows) {
      assert.ok(lives.includes(x1) && !lives.includes(x2) && !tip && cross, JSON.stringify(arrows));
      assert.match(text, /dropped, line \d+/);
    }
  }
});

test('what is delayed slants from when it left to when it came', async () => {
  for (const id of [CASE.late, CASE.answerLate]) {
    const {lives, arrows} = await arrowsOf(id, '.delayed');
    assert.ok(arrows.length > 0 && arrows.length === faultsOf(id, 'delayed').length);
    for (const {lines: [[x1, y1, x2, y2]], text} of arrows) {
      assert.ok(lives.includes(x1) && lives.includes(x2) && y2 > y1 + 20, JSON.stringify(arrows));
      assert.match(text, /delayed by \d+ms/);
    }
  }
});

test('what comes more than once has two lines, and each copy its number', async () => {
  const {arrows} = await arrowsOf(CASE.copied, '.duplicated'), faults = faultsOf(CASE.copied, 'sent 3 times');
  const told = (words) => arrows.filter(({text}) => text.includes(words)).length;
  assert.equal(told('sent 3 times'), faults.filter(({note}) => note.text.endsWith('toward router')).length);
  for (const copy of [1, 2, 3]) {
    assert.equal(told(`copy ${copy} of 3`), faults.filter(({note}) => note.text.endsWith('toward sender')).length);
  }
  for (const {lines: [first, second]} of arrows) assert.equal(second[1] - first[1], 4);
  assert.ok((await arrowsOf(CASE.broken, ':not(.duplicated)')).arrows.every(({lines}) => lines.length === 1));
});

test('what is forged has a hollow tip and says why; what does not decode has a bolt', async () => {
  const {arrows: [forged, ...more]} = await arrowsOf(CASE.forged, '.forged');
  assert.equal(more.length, 0);
  hasAll(forged.text, ['mallory says it is target']);
  assert.equal(forged.tip, await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
  assert.deepEqual(await texts('.legend > span'), ['forged: its author may not say it']);
  const {arrows: [torn]} = await arrowsOf(CASE.malformed, '.malformed');
  assert.ok(torn.bolt && !forged.bolt);
});

test('each kind of arrow has a dash of its own', async () => {
  const looks = [[CASE.broken, '.dropped'], [CASE.late, '.delayed'], [CASE.forged, '.forged'],
    [CASE.forged, ':not(.forged)']];
  const dashes = new Set();
  for (const [id, mark] of looks) dashes.add((await arrowsOf(id, mark)).arrows[0].dash);
  assert.equal(dashes.size, looks.length, [...dashes].join(' | '));
});

test('a process that ends and starts is told, in the diagram and among the states', async () => {
  await visit(page, hashOf(CASE.restarted));
  assert.deepEqual(await texts('.died text'), ['its process crashed', 'its process started']);
  assert.equal(await count('.died path'), 2);
  assert.match(await page.innerText('.life-of'), /process crashed at/);
});

test('the states of each message are those of its transitions', async () => {
  for (const id of [CASE.broken, CASE.late]) {
    await visit(page, hashOf(id));
    const moves = recordingOf(id).map((entry) => entry.event?.transition).filter(Boolean);
    const expected = [moves[0].old_state, ...moves.map((move) => move.new_state)];
    assert.deepEqual((await texts('.state')).map((text) => 'STATE_' + text.split(' ')[0]), expected);
    assert.deepEqual(await texts('.life-of strong'), ['m1']);
  }
});

test('a frame that is opened tells its header and its bytes', async () => {
  await visit(page, hashOf(CASE.broken));
  const sent = recordingOf(CASE.broken).filter((entry) => entry.frame);
  assert.deepEqual([await count('.frame'), await count('.decoded')], [sent.length, 0]);
  await page.locator('.frame summary').first().click();
  assert.deepEqual(JSON.parse(await page.innerText('.decoded')), sent[0].frame.header);
  const bytes = (dump) => dump.split('\n').map((line) => line.slice(6, 53).replaceAll(' ', '')).join('');
  assert.deepEqual((await texts('.bytes')).map(bytes), sent[0].frame.frames.map((part) => part.hex));
  await page.locator('.diagram .opens').nth(1).dispatchEvent('click');
  assert.ok(await page.locator('.frame').nth(1).evaluate((node) => node.open && node.contains(document.activeElement)));
});

test('a crash is told with what the suite saw of it', async () => {
  const other = await opened(browser, held(crashedRun()), hashOf(CASE.late));
  assert.match(await other.innerText('h2'), /✗ IUT crashed/);
  assert.match(await other.locator('.breach').textContent(), /killed by signal 6/);
  hasAll(await other.innerText('.stderr'), [STDERR]);
  await visit(other, '');
  hasAll(await other.innerText('section'), ['IUT crashed', 'killed by signal 6']);
});

test('a case of which nothing is kept says so, and how to repeat it', async () => {
  for (const [recordings, words] of [[{}, /is not kept/], [{[CASE.broken]: 'AAAA'}, /cannot be read/]]) {
    const other = await opened(browser, {...run, recordings}, hashOf(CASE.broken));
    assert.match(await other.innerText('main'), words);
    assert.equal(await other.textContent('.command'), caseOf(CASE.broken).rerun);
  }
});
