import { expect, it } from 'vitest';
import { Params } from './params.ts';

const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const wrong = (field: string) => expect.objectContaining({ code: -32602, data: { reason: 'wrong-value', field } });
const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

it('takes an object, a list with one, or nothing, and no name that the method does not have', () => {
  expect(new Params({ a: true }, ['a']).flag('a')).toBe(true);
  expect(new Params([{ a: 'x' }], ['a']).text('a')).toBe('x');
  for (const nothing of [undefined, null, []]) expect(new Params(nothing, []).has('a')).toBe(false);
  for (const params of ['text', 5, [1], [{}, {}], [[]]]) expect(thrown(() => new Params(params, []))).toMatchObject({ code: -32602, data: { reason: 'no-object' } });
  expect(thrown(() => new Params({ fee: 1 }, ['value']))).toMatchObject({ code: -32602, data: { reason: 'unknown-field', field: 'fee' } });
});

it('reads each kind, and names the field that is wrong', () => {
  const params = new Params({ address: RICH.toLowerCase(), value: 5, big: '2100000000000000', zero: 0, text: 'x'.repeat(5000), half: '\ud800', count: 21, hash: 'AB'.repeat(32) }, ['address', 'value', 'big', 'zero', 'text', 'half', 'count', 'hash']);
  expect(params.address('address')).toBe(RICH);
  expect(params.luna('value')).toBe('5');
  expect(params.luna('big')).toBe('2100000000000000');
  expect(params.luna('zero', 0n)).toBe('0');
  expect(params.optional('none', (name) => params.luna(name))).toBe(undefined);
  for (const [field, read] of [['zero', () => params.luna('zero')], ['text', () => params.text('text')], ['half', () => params.text('half')], ['count', () => params.integer('count', 1, 20)], ['hash', () => params.hash('hash')], ['value', () => params.address('value')], ['none', () => params.luna('none')], ['value', () => params.flag('value')]] as const) expect(thrown(read)).toEqual(wrong(field));
});
