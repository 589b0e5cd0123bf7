import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { drawIdenticon } from './draw-identicon.ts';

const require = createRequire(import.meta.url);
const official = (require('@nimiq/iqons') as { readonly default: { svg(text: string): Promise<string> } }).default;
const parts = readFileSync(require.resolve('@nimiq/iqons/dist/iqons.min.svg'), 'utf8');
const alphabet = '0123456789ABCDEFGHJKLMNPQRSTUVXY';

/** Deterministic texts of the shape of addresses: a linear congruential sequence. */
function* addresses(count: number): Generator<string> {
  let state = 1;
  const next = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
  for (let i = 0; i < count; i++) {
    const rest = Array.from({ length: 8 }, () => Array.from({ length: 4 }, () => alphabet[next(32)]).join('')).join(' ');
    yield `NQ${String(next(100)).padStart(2, '0')} ${rest}`;
  }
}

it('draws as the official package does', async () => {
  const plain = (svg: string) => svg.replaceAll(/hexagon(?:-clip-\d+)?/gu, 'hexagon');
  const known = ['NQ07 0000 0000 0000 0000 0000 0000 0000 0000', 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A'];
  for (const address of [...known, ...addresses(60)]) expect(drawIdenticon(address, parts)).toBe(plain(await official.svg(address)));
}, 120_000);
