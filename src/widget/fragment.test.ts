import { expect, it } from 'vitest';
import { fromFragment, toFragment } from './fragment.ts';

it('carries values through a fragment, whatever their characters', () => {
  const value = { message: 'Grüße & = # ? 😀', list: [1, null] };
  expect(fromFragment(`#other=1&answer=${toFragment(value)}`, 'answer')).toEqual(value);
  expect(toFragment(value)).toMatch(/^[\w-]+$/u);
});

it('reads nothing from what is missing, damaged or too long', () => {
  for (const hash of ['', '#', '#answer=', '#answer=%%%', '#answer=bm8', `#answer=${'A'.repeat(70_000)}`, '#request=e30']) expect(fromFragment(hash, 'answer')).toBe(undefined);
});
