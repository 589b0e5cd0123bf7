import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Node 20 has relaxed SIMD, which the crypto module needs, behind a flag; later ones have it without. */
const relaxedSimd = Number(process.versions.node.split('.')[0]) < 21 ? ['--experimental-wasm-relaxed-simd'] : [];

const setupFiles = ['./src/base/with-resolvers.ts', './test/support/patient-waits.ts', './test/support/many-listeners.ts'];
/** Measured by `npm test`, see `scripts/slowness.mjs`. */
const slowness = Number(process.env['PETREL_SLOWNESS'] ?? 1);
/** These limits stop tests that hang. A test on a slow machine must not reach them. */
const patient = { testTimeout: 300_000 * slowness, hookTimeout: 300_000 * slowness };

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

/** `unit`: what is left, in a minute; `judge`: the official client against the local network, one file at a time. */
export default defineConfig({
  test: {
    // Vitest leaves a core free by default; on two cores that halves the speed.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      { test: { name: 'unit', execArgv: relaxedSimd, include: ['src/**/*.test.{ts,tsx}', 'workers/**/*.test.ts'], exclude: system, setupFiles, ...patient } },
      { test: { name: 'system', execArgv: relaxedSimd, include: system, exclude: [judge], setupFiles, ...patient } },
      { test: { name: 'judge', include: [judge], setupFiles, testTimeout: 900_000, hookTimeout: 300_000, fileParallelism: false } },
    ],
  },
});
