import { describe, expect, it, vi } from 'vitest';
import { FakeChain, fakeVerify } from '../../../../test/support/fake-chain.ts';
import { ElectionArchive } from '../chain/election-archive.ts';
import { LightChain } from '../chain/light-chain.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { serveHeaders, withoutBody } from './serve.ts';
import type { Block, MacroBlock } from '../wire/types.ts';
import { OwnServedChain, signedOnly } from './served-chain.ts';

const made = new FakeChain().growTo(598);
const election = (height: number) => made.at(height).block as MacroBlock;

/** A light chain from the election block 584 on, up to 598. Of earlier epochs it has only the blocks in `archived`. */
async function setup(archived: readonly number[]) {
  const chain = new LightChain({ network: unitAlbatross, verify: fakeVerify, clock: { now: () => Number.MAX_SAFE_INTEGER } });
  const tail: Block[] = [];
  for (let height = 585; height <= 598; height += 1) tail.push(made.at(height).block);
  expect(await chain.restore({ election: election(584), checkpoint: undefined, tail })).toBe('restored');
  const archive = new ElectionArchive();
  for (const height of archived) archive.add(made.at(height).hash, election(height));
  const overrides: { disputed?: boolean; undecided?: number } = {};
  const own = new Proxy(chain, {
    get: (target, name) => {
      if (name === 'keys') return { disputed: overrides.disputed ?? false };
      if (name === 'undecided') return overrides.undecided;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
  return { view: new OwnServedChain(own, archive), archive, overrides };
}

const hash = (height: number) => made.at(height).hash;

describe('the chain as served to other Petrel clients', () => {
  it('issue 11: lists the epochs without reading a block', async () => {
    const { view, archive } = await setup([328, 456]);
    const read = vi.spyOn(archive, 'get');
    expect(serveHeaders(view, 'macro-chain', { locators: [hash(200)], maxEpochs: 9 }, withoutBody)).toMatchObject({ ok: true, value: { epochs: [hash(328), hash(456), hash(584)] } });
    expect(serveHeaders(view, 'missing-blocks', { targetHash: hash(598), includeBody: false, locators: Array.from({ length: 100 }, (_, at) => `${at}`.padStart(64, '0')), direction: 'forward' }, withoutBody)).toMatchObject({ ok: false });
    expect(read).not.toHaveBeenCalled();
  });

  it('issue 11: does not serve a block with unverified signatures, but names it', async () => {
    const { view, archive } = await setup([328]);
    archive.add(hash(456), { ...election(456), justification: undefined });
    expect(serveHeaders(view, 'macro-chain', { locators: [hash(328)], maxEpochs: 9 }, signedOnly(view.policy))).toMatchObject({ ok: true, value: { epochs: [hash(456), hash(584)] } });
    expect(serveHeaders(view, 'block', { hash: hash(456), includeBody: false }, signedOnly(view.policy))).toEqual({ ok: false, error: 'TargetHashNotFound' });
    expect(serveHeaders(view, 'block', { hash: hash(328), includeBody: false }, signedOnly(view.policy))).toMatchObject({ ok: true });
    expect(serveHeaders(view, 'block', { hash: hash(200), includeBody: false }, signedOnly(view.policy))).toMatchObject({ ok: true });
  });

  it('is the whole way from genesis if the client has verified all of it', async () => {
    const { view } = await setup([328, 456]);
    expect(serveHeaders(view, 'head', {}, withoutBody)).toEqual({ blockNumber: 598, blockHash: hash(598), macroHash: hash(584), electionHash: hash(584) });
    expect(serveHeaders(view, 'macro-chain', { locators: [hash(200)], maxEpochs: 9 }, withoutBody)).toEqual({ ok: true, value: { epochs: [hash(328), hash(456), hash(584)], checkpoint: undefined } });
    expect(serveHeaders(view, 'block', { hash: hash(456), includeBody: false }, withoutBody)).toEqual({ ok: true, value: { ...election(456), body: undefined } });
    expect(serveHeaders(view, 'block', { hash: hash(456), includeBody: true }, withoutBody)).toEqual({ ok: false, error: 'TargetHashNotFound' });
    expect(serveHeaders(view, 'missing-blocks', { targetHash: hash(598), includeBody: true, locators: [hash(590)], direction: 'forward' }, withoutBody)).toEqual({ ok: false, error: 'FailedToGetBlocks' });
    const missing = serveHeaders(view, 'missing-blocks', { targetHash: hash(598), includeBody: false, locators: [hash(590)], direction: 'forward' }, withoutBody);
    expect(missing.ok && missing.value.blocks.map(({ header, body }) => [header.blockNumber, body])).toEqual([591, 592, 593, 594, 595, 596, 597, 598].map((height) => [height, undefined]));
  });

  it('may have gaps, and reports them', async () => {
    const { view, archive } = await setup([328]);
    expect(serveHeaders(view, 'macro-chain', { locators: [hash(200)], maxEpochs: 9 }, withoutBody)).toEqual({ ok: false, error: 'Other' });
    expect(serveHeaders(view, 'block', { hash: hash(328), includeBody: false }, withoutBody)).toEqual({ ok: false, error: 'TargetHashNotFound' });
    expect(serveHeaders(view, 'macro-chain', { locators: [hash(456)], maxEpochs: 9 }, withoutBody)).toEqual({ ok: false, error: 'UnknownLocators' });
    expect(serveHeaders(view, 'missing-blocks', { targetHash: hash(590), includeBody: false, locators: [hash(580)], direction: 'forward' }, withoutBody)).toEqual({ ok: false, error: 'UnknownLocators' });
    archive.add(hash(456), election(456));
    expect(serveHeaders(view, 'macro-chain', { locators: [hash(456)], maxEpochs: 9 }, withoutBody)).toMatchObject({ ok: true, value: { epochs: [hash(584)] } });
  });

  it.each([{ disputed: true }, { undecided: 599 }])('has no pending blocks while validator lists are in dispute: %o', async (state) => {
    const { view, overrides } = await setup([]);
    Object.assign(overrides, state);
    expect(serveHeaders(view, 'head', {}, withoutBody)).toMatchObject({ blockNumber: 584, blockHash: hash(584) });
    expect(serveHeaders(view, 'block', { hash: hash(598), includeBody: false }, withoutBody)).toEqual({ ok: false, error: 'TargetHashNotFound' });
    expect(serveHeaders(view, 'block', { hash: hash(584), includeBody: false }, withoutBody)).toMatchObject({ ok: true });
  });
});
