/**
 * `npm test`: installs what is missing and runs everything that can fail: types, lint, dead code, build, unit tests, system tests (local
 * networks, sockets, long histories), the judge (the official client against the local network), chaos, the npm package in projects of its users, Playwright in Chromium, and Firefox where there is one. Every check and every test counts once in
 * the closing line; what was not run is named and counts nothing.
 * `npm test -- unit judge` runs only the steps named. `npm run test:long` builds, and runs at full size what `npm test` runs at a small one.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureChromium, headlessShell } from './chromium.mjs';
import { findFirefox } from './firefox.mjs';
import { RunningSteps } from './running-steps.mjs';
import { ensureInstalled, packageBin, root } from './setup.mjs';
import { slowness } from './slowness.mjs';

ensureInstalled();
const reports = mkdtempSync(join(tmpdir(), 'petrel-test-'));
const results = [];
const running = new RunningSteps();
/** Milliseconds between two lines that say what is going on. */
const TELL = 20_000;
setInterval(() => process.stdout.write(running.lines(Date.now())), TELL).unref();
const notRun = [];
/** On a slow or busy machine the limits of time are longer. */
const patience = process.env['PETREL_SLOWNESS'] ?? String(slowness());
const long = process.argv.includes('--long');
const named = process.argv.slice(2).filter((argument) => argument !== '--long');
const wanted = long && named.length === 0 ? ['build', 'pack', 'judge', 'package', 'chaos', 'waits', 'e2e', 'attacks', 'simulator', 'transactions', 'scenarios', 'whole', 'alone', 'fuzz'] : named;

/** `name`: of a step that runs only these files of the project. */
const vitest = (project, name = project, ...files) => ({
  name,
  args: [packageBin('vitest'), 'run', '--project', project, ...(project === 'system' ? ['--project', 'alone'] : []), '--reporter=dot', '--reporter=json', `--outputFile.json=${join(reports, `${name}.json`)}`, ...files],
  prepare: () => (long ? { PETREL_LONG: '1' } : {}),
  count: () => countVitest(join(reports, `${name}.json`)),
});

/** The decoders of the other chains, which read a million damaged inputs each. */
const fuzzed = ['hotstuff2/wire', 'moloch/wire', 'stacks/wire', 'stacks/proofs'].map((folder) => `src/chains/${folder}`);

const playwright = [packageBin('@playwright/test', 'playwright'), 'test'];

const inChromium = (name, args) => ({
  name,
  args: [...playwright, ...args],
  prepare: () => {
    const path = ensureChromium();
    const shell = path && headlessShell(path);
    return path && { PETREL_CHROMIUM: path, ...(shell ? { PETREL_HEADLESS_SHELL: shell } : {}), PETREL_E2E_REPORT: join(reports, `${name}.json`), ...(long ? { PETREL_LONG: '1' } : {}) };
  },
  count: () => countPlaywright(join(reports, `${name}.json`)),
});

const firefox = {
  name: 'firefox',
  args: [...playwright, '--project=firefox', '--workers=2'],
  // Not every machine has one, and none is installed for it: neither a failure nor a pass.
  missing: () => (findFirefox() ? undefined : 'no Firefox was found (Debian: apt-get install firefox-esr; PETREL_FIREFOX names another)'),
  prepare: () => ({ PETREL_E2E_REPORT: join(reports, 'firefox.json') }),
  count: () => countPlaywright(join(reports, 'firefox.json')),
};

/** The groups run one after the other. What a group names runs side by side, what stands there in a list of its own in that order. */
const groups = [
  [
    // Playwright and the package's tests need these two.
    { name: 'build', args: [packageBin('vite'), 'build', '--logLevel', 'warn'] },
    { name: 'pack', args: ['--import', 'tsx', 'scripts/pack.ts'] },
    { name: 'types', args: [packageBin('typescript', 'tsc'), '--noEmit'] },
    { name: 'lint', args: [packageBin('oxlint'), '--deny-warnings'] },
    { name: 'dead code', args: [packageBin('knip'), '--no-progress'] },
  ],
  // The judge mostly waits: the official client takes no more than so many headers in ten seconds. So does the chaos test, for hubs that hang, and what is called 'waits'.
  [vitest('system'), [vitest('unit'), inChromium('package', ['--project=package', '--workers=2']), inChromium('chaos', ['--project=chaos', '--workers=2'])], [vitest('judge'), inChromium('waits', ['--project=waits', '--workers=2', ...(long ? ['--grep=@long'] : [])]), firefox]],
  [inChromium('e2e', ['--project=chromium', ...(long ? ['proven', 'poisoned-cache', 'journey', 'presence', 'back-end', 'defence', 'pwa', 'hotstuff2', 'moloch', 'stacks', 'trusted-types'].map((name) => `${name}.spec.ts`).concat('--workers=1') : [])])],
  // In `npm test` they are part of the system tests, at a small size.
  long ? [{ name: 'attacks', args: ['--import', 'tsx', 'test/attacks/main.ts'] }] : [],
  long ? [{ name: 'simulator', args: ['--import', 'tsx', 'test/simulator/main.ts', '--seeds', '1000'] }] : [],
  long ? [vitest('system', 'transactions', 'test/keys/official-transactions.test.ts')] : [],
  long ? [vitest('system', 'scenarios', 'test/hotstuff2/scenarios.test.ts', 'test/moloch/scenarios.test.ts')] : [],
  long ? [vitest('system', 'whole', 'devnet/history.test.ts', 'test/groth16-vectors.test.ts', 'src/chains/albatross/sync/live/request-storm.test.ts')] : [],
  // Each file in a process of its own, so that none needs what another one left behind.
  long ? [vitest('unit', 'alone', '--isolate')] : [],
  // Those of Albatross take hours: docs/testing.md.
  long ? [vitest('unit', 'fuzz', ...fuzzed)] : [],
];

const steps = groups.flat(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  rmSync(reports, { recursive: true, force: true });
  process.stderr.write(`No step ${unknown.map((name) => `'${name}'`).join(', ')}; there are ${steps.map(({ name }) => `'${name}'`).join(', ')}.\n`);
  process.exit(2);
}

for (const group of groups) {
  await Promise.all(
    group.map(async (row) => {
      for (const step of [row].flat()) if (wanted.length === 0 || wanted.includes(step.name)) await run(step);
    }),
  );
}
rmSync(reports, { recursive: true, force: true });

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
process.stdout.write('\n');
// Named once more at the end: that is what is left of a long output.
for (const { name, failures } of results) for (const failure of failures) process.stdout.write(`FAILED  ${name}: ${failure}\n`);
for (const result of results) process.stdout.write(`${result.failed === 0 ? 'ok    ' : 'FAILED'}  ${result.name.padEnd(10)} ${String(result.seconds).padStart(4)} s  ${result.passed} passed, ${result.failed} failed\n`);
for (const { name, reason } of notRun) process.stdout.write(`NOT RUN ${name}: ${reason}\n`);
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;

async function run(step) {
  const reason = step.missing?.();
  if (reason) return void notRun.push({ name: step.name, reason });
  const begun = Date.now();
  const extra = step.prepare ? step.prepare() : {};
  const code = extra ? await spawned(step, extra) : 1;
  const counted = step.count?.() ?? { passed: code === 0 ? 1 : 0, failures: [] };
  // A step that ended badly has failed, whatever it counted: a crash after the last test must not pass.
  const failures = counted.failures.length > 0 || (code === 0 && counted.passed > 0) ? counted.failures : [`ended with ${code}`];
  results.push({ name: step.name, seconds: Math.round((Date.now() - begun) / 1000), passed: counted.passed, failed: failures.length, failures });
}

/** Output is shown whole when the step is over, so that steps side by side do not mix; a long step says that it has begun, and now and then how far it is. */
function spawned(step, extra) {
  process.stdout.write(`--- ${step.name}\n`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, step.args, { cwd: root, env: { ...process.env, PETREL_SLOWNESS: patience, ...extra }, stdio: ['ignore', 'pipe', 'pipe'] });
    running.begin(step.name, Date.now());
    const output = [];
    const hear = (chunk) => {
      output.push(chunk);
      running.heard(step.name, String(chunk));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', () => resolve(1));
    child.on('close', (code) => {
      running.end(step.name);
      const text = Buffer.concat(output).toString();
      if (code !== 0 || step.count) process.stdout.write(`--- ${step.name}: ${code === 0 ? 'done' : `ended with ${code}`}\n${code === 0 ? text.slice(-3000) : text}\n`);
      resolve(code ?? 1);
    });
  });
}

function countVitest(file) {
  const report = read(file);
  const failures = (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    if (status === 'failed' && assertionResults.length === 0) return [describeFailure(relative(root, name), message)];
    return assertionResults.filter((test) => test.status === 'failed').map((test) => describeFailure(`${relative(root, name)} › ${test.fullName}`, test.failureMessages[0]));
  });
  return { passed: report?.numPassedTests ?? 0, failures };
}

function countPlaywright(file) {
  const report = read(file);
  const specsOf = ({ suites = [], specs = [] }) => [...specs, ...suites.flatMap(specsOf)];
  // A test that only passed when tried again is a failure: it would fail somewhere else. And an error can belong to none: what a test left running.
  const failures = specsOf(report ?? {}).flatMap(({ title, file: path, line, tests }) =>
    tests.filter(({ status }) => status === 'unexpected' || status === 'flaky').map(({ results: runs }) => describeFailure(`${path}:${line} › ${title}`, runs.find(({ error }) => error)?.error.message)),
  );
  return { passed: report?.stats.expected ?? 0, failures: [...failures, ...(report?.errors ?? []).map(({ message, location }) => describeFailure(location ? `${relative(root, location.file)}:${location.line}` : 'no test', message))] };
}

/** What failed, and the first line of why, without colours. */
function describeFailure(what, why = '') {
  return `${what}: ${stripVTControlCharacters(why).split('\n', 1)[0]}`.slice(0, 300);
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
