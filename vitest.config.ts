import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Node 20 has relaxed SIMD, which the crypto module needs, behind a flag; later ones have it without. */
const relaxedSimd = Number(process.versions.node.split('.')[0]) < 21 ? ['--experimental-wasm-relaxed-simd'] : [];

/** `unit`: everything beside the code and in `test/`; `judge`: the official client against the devnet, one file at a time. */
export default defineConfig({
  test: {
    // Vitest leaves a core free by default; on two cores that halves the speed.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'unit',
          execArgv: relaxedSimd,
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'devnet/**/*.test.ts', 'test/**/*.test.ts', 'workers/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['test/judge/**', 'node_modules/**'],
          setupFiles: ['./src/network/with-resolvers.ts', './test/support/patient-waits.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'judge',
          include: ['test/judge/**/*.test.ts'],
          setupFiles: ['./src/network/with-resolvers.ts', './test/support/patient-waits.ts'],
          testTimeout: 900_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
