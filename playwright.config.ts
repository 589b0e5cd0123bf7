import { defineConfig } from '@playwright/test';

const report = process.env['PETREL_E2E_REPORT'];
/** Measured by `npm test`, see `scripts/slowness.mjs`. */
const slowness = Number(process.env['PETREL_SLOWNESS'] ?? 1);
/** What needs windows, profiles or sleeping tabs takes the whole browser (`e2e/support/whole-chromium.ts`). */
const executablePath = process.env['PETREL_HEADLESS_SHELL'] ?? process.env['PETREL_CHROMIUM'];

/** Most of their time are waits of the client's own (links that are given up, a sleep, frames that nobody sees), so `npm test` runs them beside what works. */
const waits = ['stall.spec.ts', 'sleep.spec.ts', 'frozen.spec.ts', 'webrtc.spec.ts', 'widget.spec.ts', 'chain-scenarios.spec.ts'];

/** The tests start the local network and the page's server themselves (e2e/support), one pair a test: nothing is shared. */
export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/support/bundle-devnet.ts',
  projects: process.env['PETREL_SCREENSHOTS']
    ? // Pictures for the documentation are no test: `npm run screenshots`.
      [{ name: 'screenshots', testMatch: 'screenshots*.spec.ts' }]
    : [
        { name: 'chromium', testIgnore: ['screenshots*.spec.ts', 'firefox.spec.ts', 'chaos.spec.ts', 'package.spec.ts', 'official-example.spec.ts', 'package-matrix.spec.ts', ...waits] },
        { name: 'chaos', testMatch: 'chaos.spec.ts' },
        { name: 'waits', testMatch: waits },
        // What `npm run pack` has made. The matrix fetches other bundlers: `npm run test:long`.
        { name: 'package', testMatch: ['package.spec.ts', 'official-example.spec.ts', ...(process.env['PETREL_LONG'] ? ['package-matrix.spec.ts'] : [])] },
        // Playwright runs these, but cannot drive Debian's Firefox (`support/firefox.ts`).
        { name: 'firefox', testMatch: 'firefox.spec.ts' },
      ],
  // These limits stop tests that hang. A test on a slow machine must not reach them.
  timeout: 300_000 * slowness,
  expect: { timeout: 60_000 * slowness },
  // With two workers, two cores are idle for a third of the time; with four, for a seventh (31 tests, measured on 2026-12-01).
  workers: 4,
  fullyParallel: true,
  retries: 0,
  // These tests take much time for what they add. `npm run test:long` runs them.
  ...(process.env['PETREL_LONG'] === '1' ? {} : { grepInvert: /@long/u }),
  forbidOnly: Boolean(process.env['CI']),
  reporter: report ? [['list'], ['json', { outputFile: report }]] : [['list']],
  use: {
    browserName: 'chromium',
    trace: 'off',
    // A page that comes from the service worker would not ask the test's server; `pwa.spec.ts` wants just that.
    serviceWorkers: 'block',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // A root user (containers, CI) has no sandbox; the rest keeps the browser from calling its maker.
      // WebRTC leaves loopback out, and hides the machine's own addresses behind names that are asked of the local network; see `webrtc.spec.ts`, too.
      args: [
        '--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic',
        '--allow-loopback-in-peer-connection',
      ],
    },
  },
});
