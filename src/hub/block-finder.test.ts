import { beforeAll, describe, expect, it } from 'vitest';
import { genesisLink, makeChain, makeMicro, testNow } from '../../test/support/chain-maker.ts';
import { verifyNow } from '../../test/support/verify-now.ts';
import { LightChain } from '../albatross/chain/light-chain.ts';
import { unitAlbatross } from '../albatross/chain/networks/unit-albatross.ts';
import type { PeerReport, SyncNet } from '../albatross/sync/net.ts';
import type { BlockRequest } from '../albatross/wire/requests.ts';
import type { Block } from '../albatross/wire/types.ts';
import { createMemoryStore } from '../storage/memory-store.ts';
import { BlockFinder } from './block-finder.ts';

const links = makeChain(genesisLink, 466);
const linkAt = (height: number) => links[height - 201]!;

/** The chain after macro sync over 328, 456 and a few live blocks; nothing of the first epochs is held. */
const chain = new LightChain({ network: unitAlbatross, verify: verifyNow, clock: { now: () => testNow } });
const store = createMemoryStore({ network: unitAlbatross });

beforeAll(async () => {
  for (const height of [328, 456]) await chain.pushMacro(linkAt(height).block);
  for (let height = 457; height <= 466; height++) await chain.push(linkAt(height).block);
  const block = linkAt(328).block;
  await store.commit({
    anchor: { kind: 'genesis', height: 200, hash: unitAlbatross.genesisHash, witnesses: [], fewWitnesses: false },
    checked: chain.checked, checkpoint: undefined, tail: [], elections: block.type === 'macro' ? [block] : [], head: { height: 328, hash: linkAt(328).hash },
  });
});

function setup(answers: Readonly<Record<string, (hash: string) => Block | undefined>>) {
  const asked: string[] = [];
  const reports: [string, PeerReport][] = [];
  const net = {
    peers: () => Object.keys(answers).map((id) => ({ id, services: 9, subnet: id })),
    request: async (peer: string, _: string, { hash }: BlockRequest) => {
      asked.push(peer);
      const value = answers[peer]!(hash);
      return value ? { ok: true, value } : { ok: false, error: 'TargetHashNotFound' };
    },
  } as unknown as SyncNet;
  const report = (peer: string, what: PeerReport) => void reports.push([peer, what]);
  const finder = new BlockFinder({ chain, store, net: () => net, report, rank: (peers) => peers });
  return { finder, asked, reports };
}

const honest = (hash: string) => links.find((link) => link.hash === hash)?.block;

describe('BlockFinder', () => {
  it('finds held blocks by hash and height without asking anybody', async () => {
    const { finder, asked } = setup({ a: honest });
    for (const height of [456, 460, 466]) {
      expect(await finder.find(height)).toMatchObject({ hash: linkAt(height).hash, whole: true });
      expect(await finder.find(linkAt(height).hash)).toMatchObject({ block: { header: { blockNumber: height } } });
    }
    expect((await finder.find(200))?.hash).toBe(unitAlbatross.genesisHash);
    expect(asked).toEqual([]);
  });

  it('fetches what a held block names, and walks on from there', async () => {
    const { finder, asked } = setup({ a: honest });
    // The parent of the election block is named by it; its own parent only once it is here.
    expect(await finder.find(454)).toBeUndefined();
    expect(await finder.find(linkAt(454).hash)).toBeUndefined();
    expect((await finder.find(455))?.hash).toBe(linkAt(455).hash);
    expect((await finder.find(linkAt(454).hash))?.block.header.blockNumber).toBe(454);
    const before = asked.length;
    expect((await finder.find(454))?.hash).toBe(linkAt(454).hash);
    expect(asked).toHaveLength(before);
    finder.reset();
    expect(await finder.find(454)).toBeUndefined();
  });

  it('gives an old election block whole from a peer, and its stored header without one', async () => {
    expect(await setup({ a: honest }).finder.find(328)).toMatchObject({ hash: linkAt(328).hash, whole: true, block: { header: { validators: [{}] } } });
    expect(await setup({}).finder.find(linkAt(328).hash)).toMatchObject({ hash: linkAt(328).hash, whole: false });
  });

  it('does not take another block for the one it asked for, and reports who tried', async () => {
    const { finder, asked, reports } = setup({ liar: () => linkAt(454).block, poor: () => undefined, a: honest });
    expect((await finder.find(455))?.hash).toBe(linkAt(455).hash);
    expect(asked).toEqual(['liar', 'poor', 'a']);
    expect(reports).toMatchObject([['liar', { kind: 'lie', code: 'wrong-block' }]]);
  });

  it('has nothing for unknown hashes, future heights and blocks of a lost branch', async () => {
    const { finder, asked } = setup({ a: honest });
    const rival = makeMicro(linkAt(460), {}, { salt: 9 });
    expect((await chain.push(rival.block)).result).toBe('forked');
    for (const key of ['ab'.repeat(32), 467, 1_000_000, 0, 199, rival.hash]) expect(await finder.find(key)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('rejects with the reason of its signal only', async () => {
    const { finder } = setup({ a: honest });
    await expect(finder.find(455, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
