import { beforeAll, describe, expect, it } from 'vitest';
import { genesisLink, makeChain, makeMicro, testNow } from '../../../../test/support/chain-maker.ts';
import { verifyNow } from '../../../../test/support/verify-now.ts';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import { LightChain } from '../chain/light-chain.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import type { PeerReport } from '../../../engine/peers/peer-net.ts';
import type { SyncNet } from '../sync/net.ts';
import type { BlockRequest, MissingBlocksRequest } from '../wire/requests.ts';
import type { Block, MacroBlock } from '../wire/types.ts';
import { sleep } from '../../../base/clock.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { BlockFinder } from './block-finder.ts';

const links = makeChain(genesisLink, 466);
const linkAt = (height: number) => links[height - 201]!;

/** The chain after macro sync over 328 and 456, and a few live blocks. It holds no blocks of the first epochs. */
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

const indexOf = (hash: string) => links.findIndex((link) => link.hash === hash);

/** A peer's blocks: `block` gives a single block, `batch` the blocks back to a macro block. */
interface Peer {
  readonly block: (hash: string) => Block | undefined;
  readonly batch?: (hash: string) => readonly Block[];
  readonly silent?: boolean;
}

function setup(peers: Readonly<Record<string, Peer>>, stored: Pick<Store, 'election'> = store) {
  const asked: string[] = [];
  const clock = new VirtualClock();
  const reports: [string, PeerReport][] = [];
  const net = {
    peers: () => Object.keys(peers).map((id) => ({ id, services: 9, subnet: id, witness: true })),
    request: async (peer: string, kind: string, body: BlockRequest | MissingBlocksRequest, options?: { readonly signal?: AbortSignal; readonly onSent?: () => void }) => {
      options?.onSent?.();
      asked.push(`${kind} ${peer}`);
      if (peers[peer]!.silent) await sleep(clock, 8000, options?.signal);
      const answer = 'hash' in body ? peers[peer]!.block(body.hash) : { blocks: (peers[peer]!.batch ?? batch)(body.targetHash) };
      return answer ? { ok: true, value: answer } : { ok: false, error: 'TargetHashNotFound' };
    },
  } as unknown as SyncNet;
  const report = (peer: string, what: PeerReport) => void reports.push([peer, what]);
  const finder = new BlockFinder({ chain, clock, store: stored, net: () => net, report, rank: (ids) => ids });
  return { finder, asked, reports, clock };
}

function batch(hash: string): readonly Block[] {
  const last = indexOf(hash);
  let first = last;
  while (first > 0 && links[first]!.block.type !== 'macro') first -= 1;
  return last < 0 ? [] : links.slice(first, last + 1).map(({ block }) => block);
}

const honest: Peer = { block: (hash) => links[indexOf(hash)]?.block };

describe('BlockFinder', () => {
  it('finds held blocks by hash and height without a request to any peer', async () => {
    const { finder, asked } = setup({ a: honest });
    for (const height of [456, 460, 466]) {
      expect(await finder.find(height)).toMatchObject({ hash: linkAt(height).hash, whole: true, place: 'chain', linkedFrom: undefined });
      expect(await finder.find(linkAt(height).hash)).toMatchObject({ block: { header: { blockNumber: height } } });
    }
    expect((await finder.find(200))?.hash).toBe(unitAlbatross.genesisHash);
    expect(asked).toEqual([]);
  });

  it('issue 12.3: finds a block at any height, first along the election blocks and then batch by batch', async () => {
    const { finder, asked } = setup({ a: honest });
    for (const height of [201, 232, 233, 300, 327, 328, 329, 392, 455]) {
      expect(await finder.find(height)).toMatchObject({ hash: linkAt(height).hash, block: { header: { blockNumber: height } }, place: 'chain', linkedFrom: height < 328 ? 328 : 456 });
    }
    const before = asked.length;
    expect(await finder.find(300)).toMatchObject({ hash: linkAt(300).hash });
    expect(asked).toHaveLength(before);
  });

  it('issue 12.3: finds the same blocks by hash, and reports a block that it could not link', async () => {
    const { finder } = setup({ a: honest });
    expect(await finder.find(linkAt(301).hash)).toMatchObject({ hash: linkAt(301).hash, place: 'chain', linkedFrom: 328 });
    const stranger = makeMicro(linkAt(299), {}, { salt: 9 });
    const giving: Peer = { block: (hash) => (hash === stranger.hash ? stranger.block : honest.block(hash)) };
    expect(await setup({ a: giving }).finder.find(stranger.hash)).toMatchObject({ hash: stranger.hash, place: 'unlinked' });
    // Without a batch no link leads to the block, so it rests on one peer's word.
    const forgetful: Peer = { ...honest, batch: () => [] };
    expect(await setup({ a: forgetful }).finder.find(linkAt(301).hash)).toMatchObject({ hash: linkAt(301).hash, place: 'unlinked' });
    expect(await setup({ a: forgetful }).finder.find(301)).toBeUndefined();
  });

  it('issue 11: asks the peers even when the store gives a wrong height', async () => {
    const { finder, asked } = setup({ a: honest }, { election: async (key) => (key === linkAt(301).hash ? { height: 328, hash: linkAt(301).hash, block: linkAt(328).block as MacroBlock } : store.election(key)) });
    expect(await finder.find(linkAt(301).hash)).toMatchObject({ hash: linkAt(301).hash, place: 'chain' });
    expect(asked).toContain('block a');
  });

  it('issue 11: does not wait for silent peers one after the other', async () => {
    const silent: Peer = { ...honest, silent: true };
    const { finder, asked, clock } = setup({ x: silent, y: silent, a: honest });
    expect(await clock.until(finder.find(linkAt(328).hash))).toMatchObject({ hash: linkAt(328).hash });
    expect(asked).toEqual(['block x', 'block y', 'block a']);
    expect(clock.monotonic()).toBe(4000);
    // Their requests go on, so that a late answer counts for them.
    await clock.advance(8000);
    expect(clock.pending).toBe(0);
  });

  it('issue 11: waits once for a silent peer, not at each request for one block', async () => {
    const silent: Peer = { ...honest, silent: true };
    const { finder, asked, clock } = setup({ x: silent, y: silent, a: honest });
    expect(await clock.until(finder.find(201))).toMatchObject({ hash: linkAt(201).hash });
    expect(asked.length).toBeGreaterThan(4);
    expect(clock.monotonic()).toBe(4000);
    // Their requests go on, so that a late answer counts for them.
    await clock.advance(8000);
    expect(clock.pending).toBe(0);
  });

  it('issue 11: asks more than four peers if the first ones do not have the block', async () => {
    const poor: Peer = { block: () => undefined, batch: () => [] };
    const { finder } = setup({ p: poor, q: poor, r: poor, s: poor, a: honest });
    expect(await finder.find(300)).toMatchObject({ hash: linkAt(300).hash });
  });

  it('gets an old election block whole from a peer, or its stored header without one', async () => {
    expect(await setup({ a: honest }).finder.find(328)).toMatchObject({ hash: linkAt(328).hash, whole: true, block: { header: { validators: [{}] } } });
    expect(await setup({}).finder.find(linkAt(328).hash)).toMatchObject({ hash: linkAt(328).hash, whole: false, place: 'chain' });
  });

  it('does not accept another block than the requested one, and reports the peer', async () => {
    const liar: Peer = { block: () => linkAt(454).block, batch: () => batch(linkAt(390).hash) };
    const { finder, asked, reports } = setup({ liar, poor: { block: () => undefined, batch: () => [] }, a: honest });
    expect((await finder.find(450))?.hash).toBe(linkAt(450).hash);
    expect((await finder.find(328))?.hash).toBe(linkAt(328).hash);
    expect(asked).toEqual(['missing-blocks', 'block'].flatMap((kind) => ['liar', 'poor', 'a'].map((peer) => `${kind} ${peer}`)));
    expect(reports).toMatchObject([['liar', { kind: 'lie', code: 'wrong-block' }], ['liar', { kind: 'lie', code: 'wrong-block' }]]);
    // A batch with a wrong block in the middle.
    const gap: Peer = { ...honest, batch: (hash) => batch(hash).with(3, linkAt(300).block) };
    const second = setup({ gap });
    expect(await second.finder.find(450)).toBeUndefined();
    expect(second.reports).toMatchObject([['gap', { kind: 'lie', code: 'wrong-block' }]]);
  });

  it('finds nothing for unknown hashes and for heights beyond the chain, and marks a block that lost', async () => {
    const { finder, asked } = setup({ a: honest });
    const rival = makeMicro(linkAt(460), {}, { salt: 9 });
    expect((await chain.push(rival.block)).result).toBe('forked');
    for (const key of [467, 1_000_000, 0, 199]) expect(await finder.find(key)).toBeUndefined();
    expect(await finder.find(rival.hash)).toMatchObject({ place: 'reverted' });
    expect(asked).toEqual([]);
    expect(await finder.find('ab'.repeat(32))).toBeUndefined();
  });

  it('after a reset it does not use links of the old chain', async () => {
    const { finder, asked } = setup({ a: honest });
    await finder.find(450);
    const before = asked.length;
    finder.reset();
    await finder.find(450);
    expect(asked.length).toBeGreaterThan(before);
  });

  it('rejects only with the reason of its signal', async () => {
    const { finder } = setup({ a: honest });
    await expect(finder.find(455, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
