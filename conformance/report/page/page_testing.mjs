/* What the tests of the page share: reports of real runs, made into pages, and a browser.

CMB_CONFORMANCE is the program, CMB_PAGE the page it is built with, CMB_SOURCE the tree, CMB_PROTO_PYTHON
what the Python peer needs. Pages are written into the working directory. */
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import {chromium} from 'playwright-core';

const {CMB_CONFORMANCE, CMB_PAGE, CMB_SOURCE} = process.env;
const CHROMIUM = '/usr/bin/chromium';
// Cases with each kind of fault, a forged frame, bytes that do not decode, and a crash.
const CHOSEN = ['target/each-ack-lost-once*', 'sender/each-ack-late@late=every_ack', 'sender/each-ack-lost-once*',
  'sender/every-ack-three-times@by=700ms', 'router/spoofed-source', 'router/each-answer-late',
  'target/malformed-and-unknown-messages@harm=bad_utf8', 'sender/a-wall-jump-and-a-restart@jump=-1h,at=up',
  'target/a-cancel-after-a-restart-without-a-store'];
export const CASE = {
  broken: 'target/each-ack-lost-once@lost=both', late: 'sender/each-ack-late@late=every_ack',
  lost: 'sender/each-ack-lost-once@lost=router_ack', copied: 'sender/every-ack-three-times@by=700ms',
  forged: 'router/spoofed-source', answerLate: 'router/each-answer-late',
  malformed: 'target/malformed-and-unknown-messages@harm=bad_utf8',
  restarted: 'sender/a-wall-jump-and-a-restart@jump=-1h,at=up',
};
export const STDERR = 'words <b>of</b> the peer';

/* The page that the program writes of a run of the Python peer, with a mutant or as it is. */
export function pageOfRun(name, cases, ...peer) {
  const file = path.resolve(`${process.pid}-${name}`), start = `echo '${STDERR}' >&2; exec "$@"`;
  const options = ['run', '--html', file, ...cases.flatMap((one) => ['--run', one])];
  const program = `${CMB_SOURCE}/conformance/peers/python/peer.py`;
  const command = ['sh', '-c', start, 'sh', '/usr/bin/python3', program, ...peer];
  const done = spawnSync(CMB_CONFORMANCE, [...options, '--', ...command], {encoding: 'utf8', timeout: 60_000});
  if (!fs.existsSync(file)) throw new Error(`no report of ${name}: ${done.stdout}${done.stderr}${done.error ?? ''}`);
  return fs.readFileSync(file, 'utf8');
}
export const brokenRun = (cases = CHOSEN) => pageOfRun('broken-run.html', cases, '--mutant', 'no-dedup');
export const crashedRun = () => pageOfRun('crashed-run.html', [CASE.late], '--mutant', 'crashing');

/* What a page holds, and the page of other contents: as the program fills it. */
export function held(html) {
  const [report, recordings] = ['report', 'recordings'].map((id) =>
    JSON.parse(new RegExp(`<script id="${id}" type="application/json">(.*?)</script>`, 's').exec(html)[1]));
  return {report, recordings};
}
export const pageParts = () => fs.readFileSync(CMB_PAGE, 'utf8').split(/{{REPORT}}|{{RECORDINGS}}/);
export function filled({report, recordings}) {
  const inert = (value) => JSON.stringify(value).replaceAll('<', '\\u003c');
  const [before, between, after] = pageParts();
  return before + inert(report) + between + inert(recordings) + after;
}
export function unpacked(recording) {
  const text = zlib.inflateSync(Buffer.from(recording, 'base64')).toString();
  return text.trim().split('\n').map((line) => JSON.parse(line));
}
export function packed(lines) {
  return zlib.deflateSync(lines.map((line) => JSON.stringify(line)).join('\n')).toString('base64');
}

export function launched() {
  if (!fs.existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing; ./tools/test installs it`);
  const root = process.getuid() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({executablePath: CHROMIUM, args: [...root, '--disable-dev-shm-usage']});
}

const FILE = path.resolve(`${process.pid}-page.html`);
/* A tab with the file of these contents, at this place; `faults` are what went wrong in it. */
export async function opened(browser, contents, hash = '', options = {}) {
  const page = await (await browser.newContext(options)).newPage();
  page.setDefaultTimeout(20_000);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.message));
  page.on('dialog', (dialog) => { page.faults.push('a dialog'); dialog.dismiss(); });
  page.on('request', (request) => page.faults.push(...[request.url()].filter((url) => url.split('#')[0] !== `file://${FILE}`)));
  return filledAnew(page, contents, hash);
}
/* The same tab with other contents, which costs less than another. */
export async function filledAnew(page, contents, hash = '') {
  fs.writeFileSync(FILE, filled(contents));
  if (page.url() !== 'about:blank') await page.goto('about:blank');  // Another place alone loads nothing.
  await page.goto(`file://${FILE}${hash}`);
  await drawn(page);
  return page;
}
const drawn = (page) => page.waitForFunction(() => !document.body.innerText.includes('Drawing …'));
export const hashOf = (id) => '#case/' + id.split('/').map(encodeURIComponent).join('/');

/* The same tab at another place. */
export async function visit(page, hash) {
  await page.evaluate((hash) => new Promise((done) => {
    if (location.hash === hash) done();
    addEventListener('popstate', done, {once: true});
    location.hash = hash;
  }), hash);
  await drawn(page);
}
