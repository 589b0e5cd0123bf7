import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Node 20 has relaxed SIMD, which the crypto module needs, behind a flag; later ones have it without. */
const relaxedSimd = Number(process.versions.node.split('.')[0]) < 21 ? ['--experimental-wasm-relaxed-simd'] : [];

const setupFiles = ['./src/base/with-resolvers.ts', './test/support/patient-waits.ts', './test/support/many-listeners.ts'];
/** Measured by `npm test`, see `scripts/slowness.mjs`. */
const slowness = Number(process.env['PETREL_SLOWNESS'] ?? 1);
/** These limits stop tests that hang. A test on a slow machine must not reach them. */
const patient = { testTimeout: 300_000 * slowness, hookTimeout: 300_000 * slowness, expect: { poll: { timeout: 120_000 * slowness } } };

/** What opens sockets, starts a local network or runs through long histories. */
const system = [
  'test/**/*.test.ts',
  'devnet/**/*.test.ts',
  'bench/**/*.test.ts',
  'scripts/**/*.test.ts',
  'src/network/**/*.test.ts',
  'src/chains/albatross/net/**/*.test.ts',
  'src/chains/albatross/sync/albatross-sync-*.test.ts',
  'src/chains/albatross/sync/{live/request-storm,past/past-verifier,past/past-doubt,past/bulk-verifier,past/zk-proofs,macro/chain-dispute}.test.ts',
];
const judge = 'test/judge/**/*.test.ts';
/** These replace modules or globals, or measure memory: each has a process of its own. */
const alone = [
  'test/attacks/**/*.test.ts',
  'test/hub/**/*.test.ts',
  'test/keys/**/*.test.ts',
  'test/client/{encoded-once,storage-faults,indexed-db,sharing}.test.ts',
  'test/{hotstuff2,moloch}/scenarios.test.ts',
  'devnet/history.test.ts',
  'src/network/{guarded-yamux,registrable-domain}.test.ts',
];

/** Vitest leaves a core free by default; on two cores that halves the speed. */
const maxWorkers = Math.max(2, availableParallelism() - 1);
/** These tests wait a quarter of their time: for head rounds, deadlines, and the official client's limit of headers in ten seconds. */
const waiting = { maxWorkers: maxWorkers + 1 };
/** Loading the modules anew for each file takes two thirds of the processor time of unit tests, which leave nothing behind. The tests in `alone` do. */
const isolate = false;

/** `unit`: what is left; `judge`: the official client against the local network. Projects with different `maxWorkers` run one after the other. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', maxWorkers, isolate, sequence: { groupOrder: 0 }, execArgv: relaxedSimd, include: ['src/**/*.test.{ts,tsx}', 'workers/**/*.test.ts'], exclude: system, setupFiles, ...patient } },
      { test: { name: 'system', ...waiting, sequence: { groupOrder: 1 }, execArgv: relaxedSimd, isolate, include: system, exclude: [judge, ...alone], setupFiles, ...patient } },
      { test: { name: 'alone', ...waiting, sequence: { groupOrder: 1 }, execArgv: relaxedSimd, include: alone, setupFiles, ...patient } },
      { test: { name: 'judge', ...waiting, sequence: { groupOrder: 2 }, include: [judge], setupFiles, testTimeout: 900_000, hookTimeout: 300_000 } },
    ],
  },
});
