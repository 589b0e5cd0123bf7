import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MolochNet } from '../../devnet/moloch/moloch-net.ts';
import { checkMolochNetwork } from '../../src/chains/moloch/chain/network.ts';
import { MolochChain } from '../../src/chains/moloch/client/moloch-chain.ts';
import type { Finalized, MolochBlock } from '../../src/chains/moloch/chain/moloch-block.ts';
import { checkChainPart, checkEventPart } from '../../src/chains/moloch/proofs/compact-proof-rules.ts';
import type { MolochSession } from '../../src/chains/moloch/net/moloch-session.ts';
import type { Item, Snapshot } from '../../src/engine/sync/sync-chain.ts';
import { MolochTestClient } from '../support/moloch-client.ts';

/** The local network, judged by the client's own rules: what is right passes every check, and what a fault makes wrong is found. */

const signal = new AbortController().signal;
const options = { headersOnly: false, signal };
const BLOCKS = 120;
let net: MolochNet;
let client: MolochTestClient;
let sessions: MolochSession[];

beforeAll(async () => {
  net = await MolochNet.start({ blocks: BLOCKS, chunkSize: 4096 });
  client = new MolochTestClient(net.network);
  client.ids = net.chain.map(({ hash }) => hash);
  sessions = await Promise.all(net.network.seeds.map((seed) => client.connect(seed)));
});
afterAll(async () => {
  client.close();
  await net.close();
});

function chain(checkpoint?: number): MolochChain {
  const network = checkMolochNetwork(net.networkWith(checkpoint === undefined ? {} : { checkpoint }));
  return new MolochChain({ network, now: () => Date.now(), sink: { blocks: async () => undefined, replaced: async () => undefined } });
}

/** The stages of a sync over the blocks that a node sends. The code of the first fault, or undefined. */
async function sync(to: MolochChain, session: MolochSession, count = 100): Promise<{ readonly code: string; readonly at: number } | undefined> {
  const { value: run } = await session.getBlocks(to.tip().height + 1, count, options);
  let parent: Item<MolochBlock> | ReturnType<MolochChain['tip']> = to.tip();
  for (const item of run) {
    const fault = to.checkStructure(item) ?? to.checkLink(parent, item);
    if (fault !== undefined) return { code: fault.code, at: item.height };
    parent = item;
  }
  return (await to.checkSignatures(run, { signal })) ?? to.checkFinality(run) ?? (await to.apply(run));
}

describe('what the local network makes', () => {
  it('passes every stage of a sync, and ends at its head', async () => {
    const judge = chain();
    expect(await sync(judge, sessions[0]!, 60)).toBeUndefined();
    expect(await sync(judge, sessions[1]!, 60)).toBeUndefined();
    expect(judge.tip()).toEqual({ height: BLOCKS, id: net.chain[BLOCKS]!.hash });
    expect(await judge.checkState(BLOCKS)).toBe(true);
  });

  it('has proofs that hold against its headers, for every event of some blocks', async () => {
    const later = net.chain[BLOCKS]!.block.header;
    for (const height of [1, 63, 64, 100, BLOCKS]) {
      const { block, eventIds } = net.chain[height]!;
      for (const [index, id] of eventIds.entries()) {
        const answer = await sessions[2]!.prove({ kind: 'Event', id }, { signal });
        const proof = answer.kind === 'Event' ? answer.proof : undefined;
        expect(checkEventPart(proof!, block.events[index]!, block.header)).toBeUndefined();
        expect(height === BLOCKS ? proof!.mmr : checkChainPart(proof!, later)).toBeUndefined();
      }
    }
  });

  it('has snapshots that a client takes: from several nodes, and then blocks after them', async () => {
    const judge = chain(100);
    const { value: manifest } = await sessions[0]!.getManifest(100, { signal });
    const snapshot = (await judge.snapshots.checkManifest(manifest, signal)) as Snapshot & Parameters<typeof judge.snapshots.import>[0];
    expect(snapshot).toMatchObject({ height: 100 });
    const chunks: Uint8Array[] = [];
    for (let index = 0; index < snapshot.chunks; index += 1) {
      const { value } = await sessions[index % sessions.length]!.getChunk(100, index, { signal });
      expect(judge.snapshots.checkChunk(snapshot, index, value)).toBeUndefined();
      chunks.push(value);
    }
    expect(await judge.snapshots.import(snapshot, chunks)).toBeUndefined();
    expect(judge.tip()).toEqual({ height: 100, id: net.chain[100]!.hash });
    expect(await sync(judge, sessions[3]!, 20)).toBeUndefined();
    expect(judge.tip().height).toBe(BLOCKS);
  });

  it('has live blocks and votes that make them final, in the order of the diagram', async () => {
    const judge = chain();
    await sync(judge, sessions[0]!, 100);
    await sync(judge, sessions[0]!, 100);
    const seen: string[] = [];
    const own = new MolochTestClient(net.network);
    own.ids = net.chain.map(({ hash }) => hash);
    const session = await own.connect(net.network.seeds[0]!);
    await expect.poll(() => net.nodes[0]!.clients).toBe(2);
    const [block] = net.produce(1);
    await expect.poll(() => own.announced.length).toBe(6);
    for (const it of own.announced) {
      const outcome = 'block' in it ? await judge.push(it as Item<MolochBlock>, signal) : await judge.finalize(it as Finalized, signal);
      seen.push(`${outcome.kind} ${judge.head().height}/${judge.tip().height}`);
    }
    // Block, two votes, the third that makes it final, the notice, the fourth vote.
    expect(seen).toEqual(['adopted 121/120', 'held 121/120', 'held 121/120', 'adopted 121/121', 'known 121/121', 'known 121/121']);
    expect(judge.tip().id).toBe(block!.hash);
    session.close();
  });
});

describe('what a fault makes wrong', () => {
  it('bad-events-root at height 37: the blocks before it are good, and another node has the right one', async () => {
    net.fault(0, 'bad-events-root', { height: 37 });
    const judge = chain();
    expect(await sync(judge, sessions[0]!)).toMatchObject({ at: 37, code: expect.stringMatching(/events/) as unknown });
    expect(await sync(judge, sessions[0]!, 36)).toBeUndefined();
    expect(judge.tip().height).toBe(36);
    expect(await sync(judge, sessions[1]!)).toBeUndefined();
    net.fault(0, 'none');
  });

  it('wrong-manifest and bad-chunk', async () => {
    const judge = chain(100);
    net.fault(0, 'wrong-manifest');
    expect(await judge.snapshots.checkManifest((await sessions[0]!.getManifest(100, { signal })).value, signal)).toMatchObject({ weight: 'lie' });
    net.fault(0, 'none');
    const snapshot = (await judge.snapshots.checkManifest((await sessions[0]!.getManifest(100, { signal })).value, signal)) as Parameters<typeof judge.snapshots.import>[0];
    net.fault(0, 'bad-chunk');
    expect(judge.snapshots.checkChunk(snapshot, 0, (await sessions[0]!.getChunk(100, 0, { signal })).value)).toMatchObject({ weight: 'lie' });
    net.fault(0, 'none');
  });

  it('fork: two final chains, and the client stands still with both proofs', async () => {
    const judge = chain();
    await sync(judge, sessions[0]!);
    net.fault(1, 'fork', { height: 95 });
    const { value } = await sessions[1]!.getBlocks(95, 10, options);
    const outcomes: string[] = [];
    for (const item of value) outcomes.push((await judge.push(item, signal)).kind);
    expect(outcomes).toContain('halted');
    net.fault(1, 'none');
  });
});
