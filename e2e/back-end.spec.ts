import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { serve } from '../scripts/serve.mjs';
import { untilEstablished, untilHead } from './support/app.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { withoutWasm } from './support/without-wasm.ts';

const dist = resolve(import.meta.dirname, '../dist');

/** What the verifiers compute on, by the status, once each has said so and has had a job. */
async function backEnds(page: Page): Promise<(string | undefined)[]> {
  const read = () => page.evaluate(async () => (await globalThis.petrel?.getStatus())?.verification.verifiers ?? []);
  await expect.poll(async () => (await read()).some(({ reason, done }) => reason !== 'starting' && done > 0)).toBe(true);
  return (await read()).map(({ backend, reason }) => reason ?? backend);
}

test('verifies in WebAssembly, and under a policy without it on BigInt, to the same head', async ({ startDevnet, openApp, context }) => {
  const strict = await serve({ directory: dist, headers: withoutWasm });
  try {
    const devnet = await startDevnet('--seed', 'back-end');
    // Past an election block, so that there are voting keys to decode and justifications to verify.
    await devnet.produce(340);
    const page = await openApp(devnet);
    await untilEstablished(page);
    await untilHead(page, devnet.head);
    expect(new Set(await backEnds(page))).toEqual(new Set(['wasm']));

    const bare = await context.newPage();
    await bare.goto(appUrl({ url: strict.url, files: {} }, devnet));
    await untilEstablished(bare);
    await untilHead(bare, devnet.head);
    expect(new Set(await backEnds(bare))).toEqual(new Set(['csp']));

    // Live, too: both take the same blocks.
    await devnet.produce(64);
    await untilHead(page, devnet.head);
    await untilHead(bare, devnet.head);
    await bare.close();
  } finally {
    await strict.close();
  }
});
