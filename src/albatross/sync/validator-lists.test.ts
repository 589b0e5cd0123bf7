import { describe, expect, it } from 'vitest';
import { FakeChain, withPoisonedValidators } from '../../../test/support/fake-chain.ts';
import type { MacroBlock } from '../wire/types.ts';
import { agreedList, crossChecked, sameValidators } from './validator-lists.ts';

const good = new FakeChain().growTo(328).head.block as MacroBlock;
const bad = withPoisonedValidators(new FakeChain().growTo(328).head).block as MacroBlock;
const copy = (peer: string, block: MacroBlock, subnet = peer) => ({ peer, subnet, block });

describe('sameValidators', () => {
  it('looks at every field', () => {
    const list = good.header.validators!;
    const [first] = list;
    expect(sameValidators(list, structuredClone(list))).toBe(true);
    expect(sameValidators(list, [])).toBe(false);
    expect(sameValidators(list, undefined)).toBe(false);
    for (const change of [{ address: new Uint8Array(20) }, { signingKey: new Uint8Array(32) }, { votingKey: new Uint8Array(285) }, { slots: { start: 1, end: 512 } }, { slots: { start: 0, end: 511 } }]) {
      expect(sameValidators(list, [{ ...first!, ...change }])).toBe(false);
    }
  });
});

describe('agreedList', () => {
  it('needs two subnets and more than any other list', () => {
    expect(agreedList([copy('a', good)])).toBeUndefined();
    expect(agreedList([copy('a', good, 'x'), copy('b', good, 'x')])).toBeUndefined();
    expect(agreedList([copy('a', good), copy('b', good)])).toMatchObject({ supporters: 2, dissenting: [] });
    expect(agreedList([copy('a', bad), copy('b', good), copy('c', good)])).toMatchObject({ block: good, dissenting: [{ peer: 'a' }] });
    expect(agreedList([copy('a', bad), copy('b', good), copy('c', good), copy('d', bad)])).toBeUndefined();
  });
});

describe('crossChecked', () => {
  const blocks: Record<string, MacroBlock | undefined> = { a: bad, b: undefined, c: good, d: good };
  const fetch = async (peer: string) => blocks[peer];
  const others = ['b', 'c', 'd'].map((peer) => ({ peer, subnet: peer }));

  it('asks until two agree', async () => {
    expect(await crossChecked(copy('a', bad), others, fetch)).toEqual({ block: good, compared: true, dissenting: ['a'] });
    const asked: string[] = [];
    await crossChecked(copy('a', good), others, async (peer) => (asked.push(peer), blocks[peer]));
    expect(asked).toEqual(['b', 'c', 'd']);
    asked.length = 0;
    const five = ['c', 'd', 'e', 'f'].map((peer) => ({ peer, subnet: peer }));
    await crossChecked(copy('a', good), five, async (peer) => (asked.push(peer), good));
    expect(asked).toEqual(['c', 'd']);
    // Two that lie alike, asked first.
    expect(await crossChecked(copy('a', good), five, async (peer) => ('cd'.includes(peer) ? bad : good))).toEqual({ block: good, compared: true, dissenting: ['c', 'd'] });
  });

  it('goes on with what it has when nobody else has any', async () => {
    expect(await crossChecked(copy('a', bad), others.slice(0, 1), fetch)).toEqual({ block: bad, compared: false, dissenting: [] });
  });

  it('asks nobody about a version 2 block', async () => {
    const block = { ...bad, header: { ...bad.header, version: 2 } };
    expect(await crossChecked(copy('a', block), others, fetch)).toEqual({ block, compared: true, dissenting: [] });
  });
});
