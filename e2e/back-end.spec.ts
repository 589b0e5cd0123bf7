import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { serve } from '../scripts/serve.mjs';
import { untilEstablished, untilHead } from './support/app.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { withoutWasm } from './support/without-wasm.ts';

const dist = resolve(import.meta.dirname, '../dist');

/** The back ends of the verifiers that have had a job and have ended. */
async function backEnds(page: Page): Promise<unknown[]> {
  const read = () => page.evaluate(async () => (await petrel!.getLog()).filter(({ code, data }) => code === 'verifier-ended' && Number(data?.['jobs']) > 0).map(({ data }) => data?.['reason'] ?? data?.['backend']));
  await expect.poll(async () => (await read()).length).toBeGreaterThan(0);
  return read();
}

/** The proven part of the chain, and the kind of its proof. */
async function proofOf(page: Page) {
  await expect(page.getByTestId('trust')).toHaveAttribute('data-level', 'proven');
  const { anchor, checked } = await page.evaluate(async () => petrel!.getTrust());
  return { anchor, proofs: checked['proofs'], electionBlocks: checked['electionBlocks'] };
}

// The chain has election blocks, so there are voting keys to decode and justifications to verify.
for (const { era, options, proofs, electionBlocks } of [
  { era: 'one proof', options: ['--epochs', '2', '--zkp', 'fresh'], proofs: 1, electionBlocks: 0 },
  { era: 'the election chain', options: ['--epochs', '4', '--validators', '5', '--version', '2'], proofs: 0, electionBlocks: 4 },
].slice(0, process.env['PETREL_LONG'] === '1' ? 2 : 1)) {
  test(`verifies in WebAssembly, and under a policy without it on BigInt, to the same head, proven by ${era}`, async ({ startDevnet, openApp, context }) => {
    const strict = await serve({ directory: dist, headers: withoutWasm });
    try {
      const devnet = await startDevnet('--seed', 'back-end', ...options);
      await devnet.produce(84);
      const page = await openApp(devnet);
      await untilEstablished(page);
      await untilHead(page, devnet.head);
      const proof = await proofOf(page);
      expect(proof).toMatchObject({ anchor: { kind: 'genesis' }, proofs, electionBlocks });
      expect(new Set(await backEnds(page))).toEqual(new Set(['wasm']));

      const bare = await context.newPage();
      await bare.goto(appUrl({ url: strict.url, files: {} }, devnet));
      await untilEstablished(bare);
      await untilHead(bare, devnet.head);
      expect(await proofOf(bare)).toEqual(proof);
      expect(new Set(await backEnds(bare))).toEqual(new Set(['csp']));

      // Both also follow new blocks, up to the next election block and beyond.
      await devnet.produce(64);
      for (const each of [page, bare]) {
        await untilHead(each, devnet.head);
        await expect(each.getByTestId('trust')).toHaveAttribute('data-level', 'proven');
      }
      await bare.close();
    } finally {
      await strict.close();
    }
  });
}
