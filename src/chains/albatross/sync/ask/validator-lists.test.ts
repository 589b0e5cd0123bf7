import { describe, expect, it } from 'vitest';
import { FakeChain, withPoisonedValidators } from '../../../../../test/support/fake-chain.ts';
import { VirtualClock } from '../../../../../test/support/virtual-clock.ts';
import type { MacroBlock } from '../../wire/types.ts';
import { agreedList, gatherCopies } from './validator-lists.ts';

const good = new FakeChain().growTo(328).head.block as MacroBlock;
const bad = withPoisonedValidators(new FakeChain().growTo(328).head).block as MacroBlock;
const copy = (peer: string, block: MacroBlock, subnet = peer, witness = true) => ({ peer, subnet, witness, block });

describe('agreedList', () => {
  it('needs two subnets and more support than any other list', () => {
    expect(agreedList([copy('a', good)])).toBeUndefined();
    expect(agreedList([copy('a', good, 'x'), copy('b', good, 'x')])).toBeUndefined();
    expect(agreedList([copy('a', good), copy('b', good)])).toMatchObject({ supporters: 2, dissenting: [] });
    expect(agreedList([copy('a', bad), copy('b', good), copy('c', good)])).toMatchObject({ block: good, dissenting: [{ peer: 'a' }] });
    expect(agreedList([copy('a', bad), copy('b', good), copy('c', good), copy('d', bad)])).toBeUndefined();
  });

  it('counts no copies of Petrel clients', () => {
    const petrels = ['x', 'y', 'z'].map((peer) => copy(peer, bad, peer, false));
    expect(agreedList(petrels)).toBeUndefined();
    expect(agreedList([...petrels, copy('a', good), copy('b', good)])).toMatchObject({ block: good, supporters: 2 });
  });
});

describe('gatherCopies', () => {
  const blocks: Record<string, MacroBlock | undefined> = { a: bad, b: undefined, c: good, d: good, e: good, f: good };
  const asked: string[] = [];
  const fetch = async (peer: string) => (asked.push(peer), blocks[peer]);
  const others = 'bcdef'.split('').map((peer) => ({ peer, subnet: peer, witness: true }));
  const gathered = async (first: MacroBlock, from = others) => (asked.splice(0), (await gatherCopies(copy('a', first), from, new VirtualClock(), fetch)).map(({ peer }) => peer).join(''));

  it('asks until three are the same, and asks all peers when two differ', async () => {
    expect(await gathered(good)).toBe('acd');
    expect(asked).toEqual(['b', 'c', 'd']);
    expect(await gathered(bad)).toBe('acdef');
  });

  it('asks one peer of each subnet', async () => {
    expect(await gathered(good, others.map(({ peer }) => ({ peer, subnet: peer === 'f' ? 'y' : 'x', witness: true })))).toBe('afc');
    expect(asked).toEqual(['b', 'f', 'c']);
  });

  it('issue 11: a network that does not answer delays only its own turn', async () => {
    const clock = new VirtualClock();
    const silent = ['p', 'q', 'r', 's'].map((peer) => ({ peer, subnet: 'x', witness: true }));
    const copies = gatherCopies(copy('a', good), [...silent, ...others], clock, (peer) => ('pqrs'.includes(peer) ? new Promise<undefined>(() => {}) : fetch(peer)));
    expect((await clock.until(copies)).map(({ peer }) => peer).join('')).toBe('acd');
    // Four silent peers in one network, asked in turn, beside the two that answer.
    expect(clock.monotonic()).toBeLessThanOrEqual(2000);
  });

  it('asks no peer about a version 2 block', async () => {
    expect(await gathered({ ...bad, header: { ...bad.header, version: 2 } })).toBe('a');
    expect(asked).toEqual([]);
  });
});
