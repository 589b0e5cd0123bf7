import { expect, it } from 'vitest';
import { unitAlbatross } from '../chains/albatross/chain/networks/unit-albatross.ts';
import { requirePlain } from './plain-options.ts';

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i += 1) value = [value];
  return value;
}

it('issue 12: what cannot be sent to the hub is refused by code', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = [circle, circle];
  for (const value of [nested(20_000), { settings: nested(20_000) }, circle, Array.from({ length: 10_001 }, () => 1)]) {
    expect(() => requirePlain('network', value)).toThrow(expect.objectContaining({ name: 'ClientError', code: 'bad-options', data: { option: 'network', reason: 'too-deep' } }) as Error);
  }
  expect(() => requirePlain('settings', { witnesses: () => 3 })).toThrow(expect.objectContaining({ data: { option: 'settings', reason: 'not-plain' } }) as Error);
});

it('what the hub judges by itself passes', () => {
  for (const value of [unitAlbatross, undefined, null, [], [1], 'text', { settings: [1] }]) expect(() => requirePlain('network', value)).not.toThrow();
});
