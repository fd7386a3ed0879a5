/* The page of the report, in Chromium: how it is used. */
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {CASE, brokenRun, hashOf, held, launched, opened, packed, unpacked, visit} from './page_testing.mjs';

let browser, run, page;
before(async () => {
  run = held(brokenRun(['target/each-ack-lost-once*', CASE.late, CASE.forged]));
  browser = await launched();
  page = await opened(browser, run);
});
after(() => browser?.close());

const VIEWS = ['', '#requirements', '#cases', '#requirement/CMB-DUP-003', hashOf(CASE.broken), hashOf(CASE.forged),
  hashOf(CASE.late)];
const PHONE = {viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true};
const listed = (selector = 'tbody td:nth-child(2)') => page.locator(selector).allTextContents();
const openAll = () => document.querySelectorAll('details').forEach((node) => { node.open = true; });

test('a search finds words of id, title and requirement', async () => {
  await visit(page, '#cases');
  const search = page.getByRole('searchbox');
  for (const [words, found] of [['SPOOFED', [CASE.forged]], ['routing id connection', [CASE.forged]],
    ['cmb-dup-003 both', [CASE.broken]], ['no such words', []]]) {
    await search.fill(words);
    assert.deepEqual(await listed(), found, words);
  }
  assert.equal(await page.innerText('[role=status]'), '0 cases');
  await search.fill(run.report.cases.find((one) => one.id === CASE.broken).reason);
  assert.ok((await listed()).includes(CASE.broken));
  await visit(page, '#requirements');
  await search.fill('handler work');
  const found = await listed('tbody td:first-child');
  assert.ok(found.includes('CMB-DUP-003') && found.length < Object.keys(run.report.requirements).length);
});

test('what is searched is kept in the address', async () => {
  await visit(page, '#cases');
  const search = page.getByRole('searchbox'), choice = page.getByRole('combobox');
  await search.fill('each-ack');
  await choice.selectOption('fail');
  const failed = run.report.cases.filter((one) => one.verdict === 'fail').map((one) => one.id).sort();
  assert.deepEqual((await listed()).sort(), failed);
  assert.match(page.url(), /#cases\?words=each-ack&verdict=fail$/);
  await page.reload();
  assert.deepEqual([await search.inputValue(), await choice.inputValue()], ['each-ack', 'fail']);
  assert.deepEqual((await listed()).sort(), failed);
});

test('an address leads to its case, also after a reload, and back is where one was', async () => {
  const other = await opened(browser, run, hashOf(CASE.broken), {viewport: {width: 800, height: 300}});
  const titled = async () => {
    assert.ok((await other.innerText('h2')).endsWith(CASE.broken));
    assert.ok((await other.title()).startsWith(CASE.broken));
  };
  await titled();
  await other.reload();
  await titled();
  await other.evaluate(() => scrollTo(0, 100));
  await other.getByRole('link', {name: /^Cases/}).evaluate((node) => node.click());
  await other.waitForSelector('tbody');
  assert.equal(await other.evaluate(() => scrollY), 0);
  await other.evaluate(() => {  // Where a browser scrolls back after the page did, that is not seen.
    const own = scrollTo;
    self.scrolls = 0;
    self.scrollTo = (...there) => { self.scrolls++; own(...there); };
  });
  await other.evaluate(() => { document.scrollingElement.scrollTop = 150; });
  await other.getByRole('link', {name: CASE.late}).evaluate((node) => node.click());
  await other.waitForSelector('.diagram');
  await other.goBack();
  await other.waitForFunction(() => scrollY === 150 && document.querySelector('h2').textContent === 'Cases');
  await other.getByRole('searchbox').fill('each');
  await other.evaluate(() => { document.scrollingElement.scrollTop = 90; });
  await other.getByRole('link', {name: CASE.late}).evaluate((node) => node.click());
  await other.waitForSelector('.diagram');
  await other.goBack();
  await other.waitForFunction(() => scrollY === 90 && document.querySelectorAll('tbody tr').length > 0);
  assert.equal(await other.evaluate(() => self.scrolls), 2, 'only what is new begins at its top');
});

test('an address that leads nowhere breaks nothing', async () => {
  for (const hash of ['#case/no/such', '#case/__proto__', '#requirement/constructor', '#constructor', '#%', '#case/',
    '#case/%E0%A4%A', '#cases?words=%', '#cases?verdict=none']) {
    await visit(page, hash);
    assert.ok((await page.innerText('main')).length > 0, hash);
  }
  assert.deepEqual(page.faults, []);
  await visit(page, '#case/no/such');
  assert.match(await page.innerText('main'), /no case no\/such/);
});

test('every link and control is reached by Tab, with its focus to be seen', async () => {
  for (const hash of VIEWS) {
    await visit(page, hash);
    const stops = await page.evaluate(() => {
      const all = [...document.querySelectorAll('a, button, input, select, summary, [tabindex="0"]')];
      return all.filter((node) => node.checkVisibility()).map((node, n) => { node.dataset.stop = n; }).length;
    });
    const reached = new Set();
    for (let n = 0; n < stops + 2; n++) {
      await page.keyboard.press('Tab');
      const [stop, seen] = await page.evaluate(() => {
        const node = document.activeElement, style = getComputedStyle(node);
        return [node.dataset.stop, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];
      });
      assert.ok(seen || stop === undefined, `no focus is seen: ${hash} ${stop}`);
      if (stop !== undefined) reached.add(stop);
    }
    assert.equal(reached.size, stops, hash);
  }
});

test('keys open a link, a frame and a search, and go from case to case', async () => {
  await visit(page, '');
  const {cases, causes} = run.report, at = cases.findIndex((one) => one.id === causes[0].example);
  const titled = (id) => page.waitForFunction((id) => document.querySelector('h2').textContent.endsWith(id), id);
  await page.locator('section a[href^="#case/"]').first().focus();
  await page.keyboard.press('Enter');
  await titled(cases[at].id);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'page', 'whoever listens begins here');
  await page.keyboard.press('ArrowRight');
  await titled(cases[at + 1].id);
  await page.keyboard.press('ArrowLeft');
  await titled(cases[at].id);
  await page.keyboard.press('Shift+Alt+ArrowRight');  // With these it is the browser's.
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await titled(cases[at].id);
  assert.ok(decodeURIComponent(page.url()).endsWith(cases[at].id));
  await page.locator('.frame:not([open]) summary').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.frame[open] .decoded');
  await page.evaluate(() => addEventListener('keydown', (event) => { self.kept = event.defaultPrevented; }, {once: true}));
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => self.kept), true, 'a browser may search by this key');
  await page.waitForFunction(() => document.activeElement.type === 'search');
  await page.keyboard.type('spoofed/');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await page.getByRole('searchbox').inputValue(), 'spoofed/');
  assert.match(page.url(), /#cases/);
});

test('on a phone nothing is wider than the screen, but in frames that scroll', async () => {
  const phone = await opened(browser, run, '', PHONE);
  for (const hash of VIEWS) {
    await visit(phone, hash);
    await phone.evaluate(openAll);
    const wide = await phone.evaluate(() => [...document.querySelectorAll('body *')]
      .filter((node) => !node.parentElement.closest('.scroll, .diagram, .bytes, svg'))
      .filter((node) => node.getBoundingClientRect().right > innerWidth + 0.5).map((node) => node.outerHTML.slice(0, 90)));
    assert.deepEqual([wide, await phone.evaluate(() => document.documentElement.scrollWidth)], [[], 390], hash);
  }
});

/* The least contrast of a text with what is behind it, by WCAG 2: {contrast, text}. Runs in the page. */
function leastContrast() {
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const linear = (n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((n) => linear(n / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    const band = node.closest('.breach:not(.later)')?.querySelector('rect');
    if (band) return getComputedStyle(band).fill;
    const colour = getComputedStyle(node).backgroundColor;
    return numbers(colour)[3] === 0 ? behind(node.parentElement) : colour;
  };
  const contrast = (node) => {
    const {fill, color} = getComputedStyle(node), [a, b] = [node.closest('svg') ? fill : color, behind(node)].map(light);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const {data: text, parentElement: node} = walker.currentNode;
    const seen = text.trim() && node.checkVisibility() && !node.closest('script, noscript, title');
    if (seen) found.push({contrast: contrast(node), text});
  }
  return found.sort((a, b) => a.contrast - b.contrast)[0];
}

test('text stands out from what is behind it, by day and in the dark', async () => {
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({colorScheme});
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ground === 'rgb(255, 255, 255)', colorScheme === 'light');
    for (const hash of VIEWS) {
      await visit(page, hash);
      await page.evaluate(openAll);
      const {contrast, text} = await page.evaluate(leastContrast);
      assert.ok(contrast >= 4.5, `${colorScheme} ${hash}: ${contrast} of ${text}`);
    }
  }
});

test('nothing is asked of anybody: the page has all, and may load nothing', async () => {
  for (const hash of VIEWS) await visit(page, hash);
  assert.deepEqual(page.faults, []);
  const refused = await page.evaluate(() => new Promise((done) => {
    document.addEventListener('securitypolicyviolation', (event) => done(event.blockedURI));
    const image = Object.assign(new Image(), {onerror: () => setTimeout(done, 500, 'asked for'), onload: () => done('loaded')});
    image.src = 'http://127.0.0.1:9/x.png';
    setTimeout(done, 5000, 'nothing');
  }));
  assert.match(refused, /^http:\/\/127/);
});

/* So many cases, each of its own name, with its recording. */
function large(many) {
  const {cases} = run.report, nth = (n) => cases[n % cases.length];
  const all = Array.from({length: many}, (_, n) => ({...nth(n), id: `${nth(n).id}~${n}`}));
  const recordings = Object.fromEntries(all.map(({id}) => [id, run.recordings[id.split('~')[0]]]));
  return {report: {...run.report, cases: all}, recordings};
}
/* How many nodes each view of it needs. */
async function nodesOf(other) {
  const counts = [], count = async () => counts.push(await other.evaluate(() => document.querySelectorAll('*').length));
  for (const hash of ['', '#requirement/CMB-DUP-003', '#cases?words=ack', '#cases']) {
    await visit(other, hash);
    await count();
  }
  await other.getByRole('searchbox').fill('target');
  await count();
  return counts;
}
test('5,000 cases cost no more nodes than some hundred, to open, to list and to search', async () => {
  const few = await nodesOf(await opened(browser, large(600))), many = await opened(browser, large(5000));
  const counts = await nodesOf(many), found = large(5000).report.cases.filter((one) => one.role === 'target').length;
  counts.forEach((count, n) => assert.ok(count <= few[n] + 20, `${counts} of 5,000, ${few} of 600`));
  assert.equal(await many.innerText('[role=status]'), `${found} cases`);
  assert.equal(await many.locator('tbody tr').count(), 100);
  const more = many.getByRole('button', {name: /Show more/});
  await more.click();
  assert.equal(await many.locator('tbody tr').count(), 500);
  assert.ok(await many.locator('tbody tr').nth(100).evaluate((row) => row.contains(document.activeElement)));
  for (let n = 0; n < 20 && await more.isVisible(); n++) await more.click();
  assert.deepEqual([await many.locator('tbody tr').count(), await more.isVisible()], [found, false]);
});

const HOSTILE = '</script><script>window.ran=1</script><img src=x onerror="window.ran=2"><!-- \u202e&lt;' +
  '"\'`{{REPORT}} javascript:\u0007\u200b\u2067\ufeff';
const OWN = ['verdict', 'kind', 'role', 'profile', 'direction', 'msg_type', 'hex', 'process'];
/* The same with hostile words behind every text that is no word of the page's own. */
function bent(value, key) {
  if (Array.isArray(value)) return value.map((one) => bent(one, key));
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, bent(one, name)]));
  }
  return typeof value === 'string' && !OWN.includes(key) ? value + HOSTILE : value;
}
function hostileRun() {
  const report = bent(run.report), payload = {hex: Buffer.from(HOSTILE).toString('hex')};
  report.requirements = Object.fromEntries(Object.entries(report.requirements).map(([id, one]) => [id + HOSTILE, one]));
  const lines = bent(unpacked(run.recordings[CASE.broken]));
  for (const {frame} of lines) frame?.frames.push(payload);
  return {report, recordings: {[CASE.broken + HOSTILE]: packed(lines)}};
}
/* What must not be there. Runs in the page. */
function harm() {
  const strange = document.querySelectorAll('img, iframe, object, embed, main script, main b, [onerror]').length;
  const links = [...document.links].filter((one) => !one.getAttribute('href').startsWith('#')).length;
  const width = document.documentElement.scrollWidth;
  return {ran: window.ran, scripts: document.scripts.length, strange, links, width};
}
test('hostile words are words: no script runs, and no element is made of them', async () => {
  const other = await opened(browser, hostileRun(), '', PHONE);
  for (const hash of ['', '#requirements', '#cases', '#requirement/' + encodeURIComponent('CMB-DUP-003' + HOSTILE),
    hashOf(CASE.broken + HOSTILE)]) {
    await visit(other, hash);
    await other.evaluate(openAll);
    assert.deepEqual(await other.evaluate(harm), {ran: undefined, scripts: 3, strange: 0, links: 0, width: 390}, hash);
    const text = await other.innerText('body');
    assert.ok(text.includes('<img src=x onerror="window.ran=2"><!-- \\u{202e}&lt;') && !/[\u0007\u202e\u200b\u2067\ufeff]/.test(text), hash);
  }
  assert.deepEqual(other.faults, []);
  assert.ok(await other.locator('.bytes').count() > 0);
});
