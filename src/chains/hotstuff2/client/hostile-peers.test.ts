import { describe, expect, it } from 'vitest';
import { BlockMaker, put, testSet } from '../../../../test/support/hotstuff2/block-maker.ts';
import type { TestSet } from '../../../../test/support/hotstuff2/block-maker.ts';
import { networkOfMaker, networkOfRun, runThrough, testChain } from '../../../../test/support/hotstuff2/test-chain.ts';
import { itemOfVector } from '../../../../test/support/hotstuff2/items.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { fromHex } from '../../../base/bytes.ts';
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import { Losers } from '../chain/losers.ts';
import { KeyValueState } from '../chain/state.ts';
import { decodeFinalityProof } from '../wire/finality-proof.ts';
import { encodeManifest } from '../wire/manifest.ts';
import { encodeValidatorSet } from '../wire/validator-set.ts';
import { encodeChainFile } from './chain-file.ts';
import { importChain } from './import-chain.ts';
import { verifyStored } from './verify-stored.ts';

const { signal } = new AbortController();

describe('blocks that strangers certify', () => {
  it('a set that never ruled cannot halt the chain, and its bytes are not asked for', async () => {
    const maker = new BlockMaker();
    const strangers = testSet('strangers');
    let asked = 0;
    const { chain } = testChain(networkOfMaker(maker), { fetchSet: async () => ((asked += 1), encodeValidatorSet(strangers)) });
    const row = maker.row(6);
    for (const item of row) await chain.push(item, signal);
    const b2 = maker.make(row[0]!, new KeyValueState(), { set: strangers, operations: [put('other', 'block')] });
    const b3 = maker.make(b2, new KeyValueState(), { set: strangers });
    for (const item of [b2, b3]) await chain.push(item, signal);
    expect([chain.halted(), asked]).toEqual([undefined, 0]);
    expect((await chain.push(maker.row(1, row.at(-1))[0]!, signal)).kind).not.toBe('halted');
  });
});

describe('blocks from the future', () => {
  const world = () => {
    const maker = new BlockMaker();
    let now = maker.genesis.block.header.time;
    const made = testChain(networkOfMaker(maker), { clock: { now: () => now, monotonic: () => 0, after: () => () => undefined } });
    return { ...made, maker, wait: (milliseconds: number) => (now += milliseconds) };
  };

  it('one with a forged certificate is refused when it comes, so that nobody else is blamed for it', async () => {
    const { chain, maker, wait } = world();
    const [good] = maker.row(1);
    const forged = maker.make(maker.genesis, new KeyValueState(), { signedBy: testSet('strangers'), header: { time: maker.genesis.block.header.time + 70_000 } });
    expect(await chain.push(forged, signal)).toMatchObject({ kind: 'fault', fault: { code: 'qc', weight: 'lie' } });
    wait(20_000);
    expect(await chain.push(good!, signal)).toMatchObject({ kind: 'adopted', adopted: [{ id: good!.id }] });
  });

  it('one of a stranger\'s set whose parent is not here is not kept', async () => {
    const { chain, maker, wait, jobs } = world();
    const strangers = testSet('strangers');
    const row = maker.row(3);
    const ahead = maker.make(row[2]!, new KeyValueState(), { set: strangers, header: { time: maker.genesis.block.header.time + 70_000 } });
    expect(await chain.push(ahead, signal)).toEqual({ kind: 'gap', from: 1 });
    wait(20_000);
    expect(await chain.push(row[0]!, signal)).toMatchObject({ kind: 'adopted', adopted: [{ id: row[0]!.id }] });
    expect(jobs).toHaveLength(1);
  });
});

describe('a clock that is behind', () => {
  it('in a sync nobody is blamed for blocks that are final and ahead of it; they are taken when their time has come', async () => {
    const maker = new BlockMaker();
    const row = maker.row(8);
    let now = row[4]!.block.header.time - 60_000;
    const { chain } = testChain(networkOfMaker(maker), { clock: { now: () => now, monotonic: () => 0, after: () => () => undefined } });
    const target = { height: 8, id: row[7]!.id, proven: true };
    expect(await runThrough(chain, row, { target })).toBeUndefined();
    expect(chain.tip().height).toBe(5);
    await expect(runThrough(chain, row.slice(5), { target })).rejects.toMatchObject({ name: 'SyncError', code: 'incomplete', data: { height: 6 } });
    now += 10_000;
    expect(await runThrough(chain, row.slice(5), { target })).toBeUndefined();
    expect(chain.tip().height).toBe(8);
  });
});

describe('a quorum that lies', () => {
  it('a final block with a wrong state root is no fault of the peer that sent it', async () => {
    const maker = new BlockMaker();
    const state = new KeyValueState();
    const row = maker.row(3, maker.genesis, state);
    const bad = maker.make(row[2]!, state, { operations: [put('x', 'y')], header: { stateRoot: 'a'.repeat(64) } });
    const last = maker.make(bad, state);
    const { chain } = testChain(networkOfMaker(maker));
    const outcomes = [];
    for (const item of [...row, bad, last]) outcomes.push(await chain.push(item, signal));
    expect(outcomes.flatMap((it) => (it.kind === 'fault' ? [it.fault] : []))).toEqual([]);
    expect([chain.tip().height, chain.state]).toEqual([4, undefined]);
  });
});

describe('a second final block', () => {
  it('that a peer proves at a height of ours halts the chain in a sync, too', async () => {
    const maker = new BlockMaker();
    const row = maker.row(4);
    const { chain } = testChain(networkOfMaker(maker));
    for (const item of row) await chain.push(item, signal);
    expect(chain.tip().height).toBe(3);
    const other = maker.make(row[1]!, new KeyValueState(), { operations: [put('other', 'block')] });
    const proof = Losers.proofOf(other, maker.make(other, new KeyValueState()));
    await chain.checkProof(decodeFinalityProof(proof), signal);
    expect(chain.halted()).toEqual({ height: 3, evidence: [chain.final.proof, proof] });
  });
});

describe('validators that have handed over', () => {
  const world = async (length = 8) => {
    const maker = new BlockMaker();
    const [old, next] = [maker.set, testSet('next')];
    const state = new KeyValueState();
    const row = [...maker.row(3, maker.genesis, state)];
    for (let i = 0; i < 2; i += 1) row.push(maker.make(row.at(-1)!, state, { set: old, next }));
    while (row.length < length) row.push(maker.make(row.at(-1)!, state, { set: next }));
    const { chain } = testChain(networkOfMaker(maker), { fetchSet: async (hash) => (hash === next.hash ? encodeValidatorSet(next) : undefined) });
    for (const item of row) expect((await chain.push(item, signal)).kind).toBe('adopted');
    /** A pair of the old set on a block of ours, in place of ours. */
    const forged = (above: number, operations = [put('other', 'block')], announced = old) => {
      const first = maker.make(row[above]!, new KeyValueState(), { operations, set: old, next: announced });
      return [first, maker.make(first, new KeyValueState(), { set: old, next: announced })] as const;
    };
    return { maker, old, next, row, chain, forged };
  };

  it('can neither halt the chain at a later height nor prove a block there', async () => {
    const { chain, forged, row } = await world();
    for (const above of [5, 6, 7]) {
      const [first, second] = forged(above);
      const proof = decodeFinalityProof(Losers.proofOf(first, second));
      expect(await chain.checkProof(proof, signal)).toMatchObject({ code: 'set-unknown-bytes', weight: 'offence' });
      for (const item of [first, second]) await chain.push(item, signal);
    }
    expect([chain.halted(), chain.tip().height]).toEqual([undefined, 7]);
    // Two proofs of one height, both of keys of before.
    const proofs = [put('a', '1'), put('a', '2')].map((operation) => Losers.proofOf(...forged(7, [operation])));
    for (const proof of proofs) await chain.checkProof(decodeFinalityProof(proof), signal);
    expect(chain.halted()).toBeUndefined();
    // A true proof of before, as a peer that is behind has it.
    expect(await chain.finalize(decodeFinalityProof(Losers.proofOf(row[1]!, row[2]!)), signal)).toEqual({ kind: 'known' });
    expect(await chain.checkProof(decodeFinalityProof(Losers.proofOf(row[4]!, row[5]!)), signal)).toBeUndefined();
  });

  it('cannot after a restart, nor by a file of a chain', async () => {
    const { chain, forged, maker, row, old } = await world();
    const stored = { record: { root: chain.final, from: 8, blockBytes: 0, hasState: true, checked: chain.checked, links: chain.sets.links }, itemsFrom: 8, items: [], state: chain.state!.entries, pending: [] };
    const again = testChain(networkOfMaker(maker)).chain;
    expect(await verifyStored(stored, { chain: again, verify: verifyHere, signal })).toBeUndefined();
    const proof = Losers.proofOf(...forged(7));
    expect(await again.checkProof(decodeFinalityProof(proof), signal)).toMatchObject({ code: 'set-unknown-bytes' });
    expect(await again.checkProof(decodeFinalityProof(Losers.proofOf(row[1]!, row[2]!)), signal)).toBeUndefined();
    // A file by the old set alone, further than ours: its own scratch chain cannot know better, ours does.
    const source = testChain(networkOfMaker(maker)).chain;
    const state = new KeyValueState();
    let parent = maker.row(3, maker.genesis, state).at(-1)!;
    for (const item of row.slice(0, 3)) await source.push(item, signal);
    for (let i = 0; i < 8; i += 1) await source.push((parent = maker.make(parent, state, { set: old })), signal);
    expect(source.tip().height).toBeGreaterThan(chain.tip().height);
    const file = encodeChainFile({ root: source.final, checked: source.checked, links: [] }, source.state, source.pending);
    const tip = chain.tip();
    await expect(importChain(file, { chain, scratch: testChain(networkOfMaker(maker)).chain, verify: verifyHere, signal })).rejects.toMatchObject({ code: 'refused', data: { reason: 'set-unknown-bytes' } });
    expect([chain.tip(), chain.halted()]).toEqual([tip, undefined]);
  });

  it('cannot announce another set, nor make a block of the ruling set final that is only certified', async () => {
    const { chain, forged, row, maker, old, next } = await world();
    const stranger = testSet('stranger');
    const [first, second] = forged(2, [], stranger);
    chain.sets.take(stranger.hash, encodeValidatorSet(stranger));
    expect(await chain.learnSet(decodeFinalityProof(Losers.proofOf(first, second)), signal)).toBeDefined();
    expect(chain.sets.trusted).toEqual([old.hash, next.hash]);
    const child = maker.make(row.at(-1)!, new KeyValueState(), { set: old });
    expect(await chain.checkProof(decodeFinalityProof(Losers.proofOf(row.at(-1)!, child)), signal)).toMatchObject({ code: 'unknown-set' });
  });

  it('a child that lost to the first block of the next set still makes its parent final', async () => {
    const { chain, row, maker, old, next } = await world();
    const lost = maker.make(row[4]!, new KeyValueState(), { set: old, next });
    expect(await chain.checkProof(decodeFinalityProof(Losers.proofOf(row[4]!, lost)), signal)).toBeUndefined();
  });
});

describe('a state above the bound', () => {
  it('ends, and the chain goes on without it: no peer is to blame', async () => {
    const maker = new BlockMaker();
    const row = maker.row(6);
    const world = () => testChain(networkOfMaker(maker), { maxStateBytes: 30 }).chain;
    const [live, synced] = [world(), world()];
    for (const item of row) expect((await live.push(item, signal)).kind).toBe('adopted');
    expect(await runThrough(synced, row, { target: { height: 6, id: row[5]!.id, proven: true } })).toBeUndefined();
    expect([live.tip().height, live.state, synced.tip().height, synced.state]).toEqual([5, undefined, 6, undefined]);
  });

  it('is not taken from a snapshot', async () => {
    const { snapshot, n4 } = vectors;
    const { block } = itemOfVector(n4.blocks[snapshot.height]!);
    const [blockHash, stateRoot, ...chunkRoots] = [snapshot.blockHash, snapshot.stateRoot, ...snapshot.chunkRoots].map(fromHex);
    const manifest = encodeManifest({ height: snapshot.height, blockHash: blockHash!, stateRoot: stateRoot!, entries: snapshot.entries, entriesPerChunk: snapshot.entriesPerChunk, chunkRoots });
    const { chain } = testChain(networkOfRun(n4), { maxStateBytes: 1000, fetchFinalHeader: async () => block });
    const taken = await chain.snapshots!.checkManifest(manifest, signal);
    expect(await chain.snapshots!.import(taken as Exclude<typeof taken, Fault>, snapshot.chunks.map(fromHex))).toMatchObject({ code: 'state-too-large', weight: 'offence' });
    expect(chain.tip().height).toBe(0);
  });
});

describe('a chain that stands still', () => {
  it('takes no file: it would choose between two final blocks', async () => {
    const maker = new BlockMaker();
    const row = maker.row(4);
    const { chain } = testChain(networkOfMaker(maker));
    chain.restoreHalt({ height: 3, evidence: [new Uint8Array(1), new Uint8Array(1)] });
    const source = testChain(networkOfMaker(maker)).chain;
    for (const item of row) await source.push(item, signal);
    const file = encodeChainFile({ root: source.final, checked: source.checked, links: [] }, source.state, source.pending);
    const scratch = testChain(networkOfMaker(maker)).chain;
    await expect(importChain(file, { chain, scratch, verify: verifyHere, signal })).rejects.toMatchObject({ code: 'refused', data: { reason: 'halted' } });
    expect(chain.tip().height).toBe(0);
  });
});

describe('sets that a run invents', () => {
  const invented = async (isForged: boolean) => {
    const maker = new BlockMaker();
    const state = new KeyValueState();
    const sets = Array.from({ length: 6 }, (_, i) => testSet(`invented ${i}`));
    const row = [...maker.row(2, maker.genesis, state)];
    let set: TestSet = maker.set;
    for (const next of sets) {
      // Announced in two blocks of following views, as a hand-over must be.
      for (let i = 0; i < 2; i += 1) row.push(maker.make(row.at(-1)!, state, { set, next, ...(isForged ? { signedBy: sets[5]! } : {}) }));
      row.push(maker.make(row.at(-1)!, state, { set: next }));
      set = next;
    }
    const asked: string[] = [];
    const fetchSet = async (hash: string) => {
      asked.push(hash);
      const found = sets.find((one) => one.hash === hash);
      return found && encodeValidatorSet(found);
    };
    const { chain } = testChain(networkOfMaker(maker), { fetchSet });
    return { chain, row, sets, asked };
  };

  it('are not asked for before the certificate of the block that announces them is good', async () => {
    const { chain, row, asked } = await invented(true);
    expect(await runThrough(chain, row, { each: false })).toMatchObject({ code: 'qc', at: 3 });
    expect(asked).toEqual([]);
  });

  it('are asked for one by one where the hand-overs are true', async () => {
    const { chain, row, sets, asked } = await invented(false);
    expect(await runThrough(chain, row)).toMatchObject({ code: 'not-final' });
    expect(asked).toEqual(sets.map(({ hash }) => hash));
  });

  it('are not asked for in a run that begins with a set that never ruled, but for that set', async () => {
    const { chain, row, sets, asked } = await invented(false);
    expect(await chain.checkSignatures(row.slice(4), { each: false, signal })).toMatchObject({ code: 'set-unknown-bytes', at: 9 });
    expect(asked).toEqual([sets[0]!.hash]);
  });
});

describe('a file with another final block at a height of ours', () => {
  it.each([['our newest', 4, false], ['an older', 8, false], ['final by the blocks above', 4, true]] as const)('halts the chain: %s', async (_which, length, isAbove) => {
    const maker = new BlockMaker();
    const state = new KeyValueState();
    const [b1, b2] = maker.row(2, maker.genesis, state);
    const rest = maker.row(length - 2, b2, new KeyValueState(state.entries));
    const halts: unknown[] = [];
    const { chain } = testChain(networkOfMaker(maker), { onHalt: (halt) => halts.push(halt) });
    const source = testChain(networkOfMaker(maker)).chain;
    for (const item of [b1!, b2!, ...rest]) await chain.push(item, signal);
    const other = maker.make(b2!, state, { operations: [put('other', 'block')] });
    const row = [b1!, b2!, other, maker.make(other, state)];
    for (const item of row) expect(await source.push(item, signal)).toMatchObject({ kind: 'adopted' });
    const root = testChain(networkOfMaker(maker)).chain;
    for (const item of row.slice(0, 2)) await root.push(item, signal);
    const from = isAbove ? root : source;
    const pending = isAbove ? row.slice(1) : source.pending;
    const file = encodeChainFile({ root: from.final, checked: from.checked, links: [] }, from.state, pending);
    const tip = chain.tip();
    const outcome = await importChain(file, { chain, scratch: testChain(networkOfMaker(maker)).chain, verify: verifyHere, signal });
    expect(outcome).toEqual({ kind: 'halted', height: 3, evidence: [chain.final.proof, source.final.proof] });
    expect([halts, chain.tip()]).toEqual([[chain.halted()], tip]);
  });
});
