import { describe, expect, it, vi } from 'vitest';
import { blockAfter, eventOf, makeChain, networkOf, seal, seeds, signaturesOf, validators, type MadeBlock } from '../../../../test/support/moloch-chain-maker.ts';
import { fromHex } from '../../../base/bytes.ts';
import { ed25519PublicKey, signEd25519 } from '../../../crypto/ed25519.ts';
import { toHex } from '../../../base/bytes.ts';
import type { Item } from '../../../engine/sync/sync-chain.ts';
import { MAX_EVENT_LEAD } from '../chain/block-rules.ts';
import { eventId, validatorsHash } from '../chain/hash.ts';
import { itemOf, trustedHeaderOf, type MolochBlock } from '../chain/moloch-block.ts';
import { makeSnapshot } from '../chain/snapshot.ts';
import { MolochCodecError } from '../wire/codec-error.ts';
import { encodeSignedBlock } from '../wire/signed-block.ts';
import { encodeManifest } from '../wire/manifest.ts';
import { encodeTrustedHeader } from '../wire/trusted-header.ts';
import type { MolochEvent } from '../wire/event.ts';
import type { PinnedCheckpoint } from '../chain/network.ts';
import { verifySignature } from '../chain/verify-signature.ts';
import { MolochChain } from './moloch-chain.ts';
import { restoreChain, type StoredMoloch } from './restore-chain.ts';

const made = makeChain(12);
const items = made.map(({ item }) => item);
const { signal } = new AbortController();
const options = { each: false, signal };

function open({ now = Number.MAX_SAFE_INTEGER, checkpoint }: { readonly now?: number; readonly checkpoint?: PinnedCheckpoint } = {}) {
  const stored: Item<MolochBlock>[] = [];
  const snapshots: number[] = [];
  const returned: MolochEvent[] = [];
  const early: [number, number][] = [];
  const chain = new MolochChain({
    network: { ...networkOf(made[0]!), checkpoint },
    now: () => now,
    sink: {
      blocks: (all) => Promise.resolve(void stored.push(...all)),
      replaced: () => Promise.resolve(void snapshots.push(chain.tip().height)),
    },
    returned: (events) => void returned.push(...events),
    early: ({ height }, due) => void early.push([height, due]),
  });
  return { chain, stored, snapshots, returned, early };
}

async function opened(height: number) {
  const world = open();
  expect(await world.chain.apply(items.slice(1, height + 1))).toBeUndefined();
  return world;
}

const storedOf = (run: readonly Item<MolochBlock>[]): StoredMoloch => ({
  base: () => Promise.resolve(undefined),
  halt: () => Promise.resolve(undefined),
  spent: () => Promise.resolve(0),
  async *blocks() {
    yield run;
  },
});

const resigned = (item: Item<MolochBlock>, change: Partial<MolochBlock>) => itemOf({ ...item.block, ...change }, item.size);

describe('6.2 the checks of a run', () => {
  it('a good run passes all stages, is final, and is stored', async () => {
    const { chain, stored } = open();
    const run = items.slice(1);
    expect(run.map((item) => chain.checkStructure(item))).toEqual(run.map(() => undefined));
    expect(run.map((item, i) => chain.checkLink(run[i - 1] ?? chain.tip(), item))).toEqual(run.map(() => undefined));
    expect(await chain.checkSignatures(run, options)).toBeUndefined();
    expect(chain.checkFinality(run)).toBeUndefined();
    expect(await chain.apply(run)).toBeUndefined();
    expect(chain.tip()).toEqual({ height: 12, id: items[12]!.id });
    expect(stored.map(({ height }) => height)).toEqual(run.map(({ height }) => height));
    expect(await Promise.all([0, 1, 5, 12].map((height) => chain.checkState(height)))).toEqual([true, true, true, true]);
    expect(await chain.checkState(13)).toBeUndefined();
  });

  it('a bad seal, attestation or finality signature is found at its height', async () => {
    const { chain } = open();
    const at = async (height: number, bad: Item<MolochBlock>) => {
      const fault = await chain.checkSignatures(items.slice(1).with(height - 1, bad), options);
      return [fault?.at, fault?.code];
    };
    const { header, events, signatures } = items[7]!.block;
    expect(await at(7, resigned(items[7]!, { header: { ...header, seal: header.seal.with(0, header.seal[0]! ^ 1) } }))).toEqual([7, 'bad-seal']);
    expect(await at(7, resigned(items[7]!, { signatures: signaturesOf(items[6]!.id, 3) }))).toEqual([7, 'bad-signature']);
    expect(await at(7, resigned(items[7]!, { events: [{ ...events![0]!, attestation: eventOf(99).attestation }] }))).toEqual([7, 'bad-attestation']);
    expect(await at(7, resigned(items[7]!, { signatures: signatures.slice(1) }))).toEqual([undefined, undefined]);
  });

  it('repeated signers, strangers and wrong events are found without arithmetic', () => {
    const { chain } = open();
    const { signatures } = items[7]!.block;
    const stranger = { key: toHex(ed25519PublicKey(new Uint8Array(32).fill(9))), signature: new Uint8Array(64) };
    expect(chain.checkStructure(resigned(items[7]!, { signatures: [signatures[0]!, ...signatures] }))?.code).toBe('repeated-signer');
    expect(chain.checkStructure(resigned(items[7]!, { signatures: [...signatures, stranger] }))?.code).toBe('unknown-signer');
    expect(chain.checkStructure(resigned(items[7]!, { events: [eventOf(99)] }))?.code).toBe('events-root');
    expect(chain.checkStructure(resigned(items[7]!, { events: undefined }))).toBeUndefined();
  });

  it('blocks without enough signatures are final by a later one of the run, and not without', async () => {
    const bare = items.slice(1).map((item) => resigned(item, { signatures: [] }));
    const run = bare.with(9, items[10]!);
    const { chain, stored } = open();
    expect(chain.checkFinality(run)).toMatchObject({ code: 'not-final', at: 11, weight: 'offence' });
    expect(chain.checkFinality(bare)).toMatchObject({ at: 1 });
    expect(await chain.apply(run.slice(0, 10))).toBeUndefined();
    expect([chain.tip().height, stored.length]).toEqual([10, 10]);
  });

  it('a wrong root ends the run below it: what is good is applied', async () => {
    const { chain, stored } = open();
    const wrong = blockAfter(made[6], { header: { mmrRoot: '11'.repeat(32) } });
    expect(await chain.apply([...items.slice(1, 7), wrong.item])).toMatchObject({ code: 'mmr-root', weight: 'lie', at: 7 });
    expect([chain.tip().height, stored.length]).toEqual([6, 6]);
  });

  it('6.3 header-first: headers alone are enough', async () => {
    const { chain } = open();
    const headers = items.slice(1).map((item) => resigned(item, { events: undefined }));
    expect(headers.map((item) => chain.checkStructure(item))).toEqual(headers.map(() => undefined));
    expect(await chain.checkSignatures(headers, options)).toBeUndefined();
    expect(await chain.apply(headers)).toBeUndefined();
    expect(chain.tip().height).toBe(12);
  });

  it('6.3 a gap, a changed order and a wrong time are no chain', () => {
    const { chain } = open();
    expect(chain.checkLink(items[3]!, items[5]!)?.code).toBe('height-gap');
    expect(chain.checkLink(items[5]!, items[4]!)?.code).toBe('height-gap');
    expect(chain.checkLink(chain.tip(), blockAfter(made[0], { time: 5 }).item)?.code).toBe('time-before-parent');
  });

  it('stops with the reason of the signal', async () => {
    const { chain } = open();
    await expect(chain.checkSignatures(items.slice(1), { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
  });
});

describe('6.6, 6.7: live', () => {
  const next = (parent: MadeBlock, branch: string, signers: number, events = [eventOf(700)]) => blockAfter(parent, { branch, signers, events });
  const vote = ({ item }: MadeBlock, i: number) => ({ hash: item.id, height: item.height, signatures: [{ key: validators[i]!, signature: signEd25519(seeds[i]!, fromHex(item.id)) }] });

  it('a new block is shown as pending; the third vote makes it final and stores it', async () => {
    const { chain, stored } = await opened(3);
    const a = next(made[3]!, 'a', 0);
    expect(await chain.push(a.item, signal)).toMatchObject({ kind: 'adopted' });
    expect(chain.view(chain.head())).toMatchObject({ height: 4, finality: 'pending', details: { grade: 'tentative', signatures: undefined, events: 1 } });
    for (const i of [0, 1]) expect((await chain.finalize(vote(a, i), signal)).kind).toBe('held');
    expect((await chain.finalize(vote(a, 2), signal)).kind).toBe('adopted');
    expect(chain.view(chain.tip())).toMatchObject({ height: 4, finality: 'final', trust: 'proven', details: { grade: 'final', signatures: 3 } });
    expect(stored.at(-1)!.block.signatures).toHaveLength(3);
    expect((await chain.push(a.item, signal)).kind).toBe('known');
  });

  it('a forged vote is a lie, and counts for nothing', async () => {
    const { chain } = await opened(3);
    const a = next(made[3]!, 'a', 2);
    await chain.push(a.item, signal);
    const forged = { ...vote(a, 2), signatures: [{ key: validators[3]!, signature: vote(a, 2).signatures[0]!.signature }] };
    expect(await chain.finalize(forged, signal)).toMatchObject({ kind: 'fault', fault: { code: 'bad-signature', weight: 'lie' } });
    expect(chain.tip().height).toBe(3);
    const twice = { ...vote(a, 2), signatures: [...vote(a, 2).signatures, ...vote(a, 2).signatures] };
    expect(await chain.finalize(twice, signal)).toMatchObject({ kind: 'fault', fault: { code: 'repeated-signer' } });
  });

  it('rolls back what is not final, and returns the events that are lost', async () => {
    const { chain, returned } = await opened(3);
    const lost = eventOf(701);
    await chain.push(next(made[3]!, 'a', 2, [eventOf(700), lost]).item, signal);
    const outcome = await chain.push(next(made[3]!, 'b', 3).item, signal);
    expect(outcome).toMatchObject({ kind: 'adopted', reverted: [{ height: 4 }] });
    expect(returned.map(eventId)).toEqual([eventId(lost)]);
    expect(await chain.block(4)).toMatchObject({ place: 'chain', finality: 'final' });
  });

  it('two final blocks at a height halt it', async () => {
    const { chain } = await opened(3);
    await chain.push(next(made[3]!, 'a', 3).item, signal);
    expect(await chain.push(next(made[3]!, 'b', 3).item, signal)).toMatchObject({ kind: 'halted', height: 4 });
    expect(chain.halted()?.evidence).toHaveLength(2);
    // A sync ends with that, and blames nobody.
    const c = next(made[4]!, 'c', 3).item;
    await expect(chain.apply([c])).rejects.toMatchObject({ name: 'SyncError', code: 'halted' });
    await expect(chain.checkSignatures([c], { signal })).rejects.toMatchObject({ code: 'halted' });
    expect(() => chain.checkLink(chain.tip(), c)).toThrow('exclude each other');
    chain.reset();
    expect(chain.halted()).toBeUndefined();
  });

  it('so does a header that a peer proves to be final, and that leaves our final block out', async () => {
    for (const [parent, height] of [[2, 3], [3, 4]] as const) {
      const { chain } = await opened(4);
      const fork = trustedHeaderOf(next(made[parent]!, 'b', 3).item.block);
      expect(await chain.proveFinal({ ...fork, signatures: fork.signatures.slice(1) }, signal)).toBe('short');
      expect(chain.halted()).toBeUndefined();
      expect(await chain.proveFinal(fork, signal)).toBe('final');
      expect(chain.halted()).toMatchObject({ height });
    }
    const { chain } = await opened(3);
    const above = trustedHeaderOf(next(next(made[2]!, 'b', 3), 'b', 3).item.block);
    await chain.proveFinal(above, signal);
    expect(chain.halted()).toMatchObject({ height: 4 });
    // One of our own chain, and one that is further ahead, do not.
    const own = await opened(3);
    for (const height of [2, 3, 4, 9]) expect(await own.chain.proveFinal(trustedHeaderOf(items[height]!.block), signal)).toBe('final');
    expect([own.chain.halted(), own.chain.tip().height]).toEqual([undefined, 3]);
  });

  it('so does a block of a sync that is final and does not link to our final one; without enough signatures it does not', async () => {
    const other = blockAfter(made[4], { branch: 'other', signers: 0 });
    const world = await opened(5);
    expect(world.chain.checkLink(world.chain.tip(), blockAfter(other, { signers: 2 }).item)?.code).toBe('other-parent');
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    expect(world.chain.halted()).toBeUndefined();
    expect(world.chain.checkLink(world.chain.tip(), blockAfter(other, { signers: 3 }).item)?.code).toBe('other-parent');
    await vi.waitFor(() => expect(world.chain.halted()).toMatchObject({ height: 6, evidence: [{ length: expect.any(Number) }, { length: expect.any(Number) }] }));
    expect(() => world.chain.checkLink(world.chain.tip(), items[6]!)).toThrow('exclude each other');
  });

  it('so do two headers of one height that peers prove to be final, above our own', async () => {
    const { chain } = await opened(3);
    const other = blockAfter(made[8], { branch: 'other', signers: 3 }).item;
    expect(await chain.proveFinal(trustedHeaderOf(items[9]!.block), signal)).toBe('final');
    expect(await chain.proveFinal(trustedHeaderOf(items[9]!.block), signal)).toBe('final');
    expect(chain.halted()).toBeUndefined();
    await chain.proveFinal(trustedHeaderOf(other.block), signal);
    expect(chain.halted()).toEqual({ height: 9, evidence: [encodeTrustedHeader(trustedHeaderOf(items[9]!.block)), encodeTrustedHeader(trustedHeaderOf(other.block))] });
  });

  it('so do two headers above our own that follow on each other in height and not in hash, whichever comes first', async () => {
    const other = trustedHeaderOf(blockAfter(made[8], { branch: 'other', signers: 3 }).item.block);
    const next10 = trustedHeaderOf(items[10]!.block);
    for (const [first, second] of [[other, next10], [next10, other]] as const) {
      const { chain } = await opened(3);
      await chain.proveFinal(first, signal);
      await chain.proveFinal(second, signal);
      expect(chain.halted()).toEqual({ height: second.header.height, evidence: [encodeTrustedHeader(first), encodeTrustedHeader(second)] });
    }
    const { chain } = await opened(3);
    for (const height of [9, 10, 8]) await chain.proveFinal(trustedHeaderOf(items[height]!.block), signal);
    expect(chain.halted()).toBeUndefined();
  });

  it('a block at the height of the checkpoint that is not the pinned one is a lie', () => {
    const { header, hash } = { header: items[7]!.block.header, hash: items[7]!.id };
    const checkpoint = { height: 7, hash, mmrRoot: header.mmrRoot, validatorsHash: validatorsHash(validators), totalEvents: 7 };
    const { chain } = open({ checkpoint });
    expect(chain.checkStructure(items[7]!)).toBeUndefined();
    expect(chain.checkStructure(blockAfter(made[6], { branch: 'other' }).item)).toMatchObject({ code: 'other-checkpoint', weight: 'lie' });
  });

  it('a sealer that is no validator fills no tree', async () => {
    const { chain } = await opened(3);
    const stranger = new Uint8Array(32).fill(9);
    const { header } = next(made[3]!, 'a', 0, []).item.block;
    const sealed = seal({ ...header, sealer: toHex(ed25519PublicKey(stranger)) }, stranger);
    expect(await chain.push(itemOf({ header: sealed, events: [], signatures: [] }, 1), signal)).toMatchObject({ kind: 'fault', fault: { code: 'unknown-sealer', weight: 'offence' } });
  });

  it('a block whose events are ahead of the clock waits', async () => {
    const event = eventOf(700);
    const early = open({ now: event.time - MAX_EVENT_LEAD - 1 });
    await early.chain.apply(items.slice(1, 4));
    expect((await early.chain.push(next(made[3]!, 'a', 0, [event]).item, signal)).kind).toBe('held');
    expect(early.early).toEqual([[4, event.time - MAX_EVENT_LEAD]]);
    expect((await early.chain.push(next(made[3]!, 'a', 3, [event]).item, signal)).kind).toBe('adopted');
  });
});

describe('6.4 warp', () => {
  const { chain: source } = open();
  const made10 = (async () => {
    await source.apply(items.slice(1, 11));
    return makeSnapshot({
      chainId: source.parameters.chainId,
      validators,
      trusted: source.finalProof!,
      mmrNodes: source.finalBlocks.mmr.nodes.slice(0, -1),
      index: source.finalBlocks.places(),
      events: source.finalBlocks.events,
      created: 1,
      chunkSize: 700,
    });
  })();
  const checkpointOf = async (): Promise<PinnedCheckpoint> => {
    const { manifest } = await made10;
    const { height, blockHash: hash, mmrRoot, stateRoot } = manifest;
    return { height, hash, mmrRoot, stateRoot, validatorsHash: validatorsHash(validators), totalEvents: manifest.events };
  };

  it('from the pinned checkpoint, then on from its height', async () => {
    const { chunks, manifest } = await made10;
    const { chain, snapshots, stored } = open({ checkpoint: await checkpointOf() });
    const snapshot = await chain.snapshots.checkManifest(encodeManifest(manifest), signal);
    if ('code' in snapshot) throw new Error(snapshot.code);
    expect(await chain.snapshots.import(snapshot, chunks)).toBeUndefined();
    expect([chain.tip(), snapshots.length]).toEqual([{ height: 10, id: items[10]!.id }, 1]);
    expect(chain.trust()).toMatchObject({ level: 'pinned', anchor: { kind: 'pinned', height: 10 } });
    expect(chain.view(chain.tip())).toMatchObject({ details: { grade: 'checkpoint' }, trust: 'pinned' });
    expect(await chain.apply(items.slice(11))).toBeUndefined();
    expect([chain.tip().height, stored.length, chain.finalBlocks.events]).toEqual([12, 2, 12]);
    expect(await chain.checkState(12)).toBe(true);
    // The same again is not newer.
    expect(await chain.snapshots.import(snapshot, chunks)).toMatchObject({ code: 'not-newer' });
  });

  it('a chain that stands still takes none, and stands still', async () => {
    const { chunks, manifest } = await made10;
    const { chain, snapshots } = open({ checkpoint: await checkpointOf() });
    await chain.apply(items.slice(1, 3));
    const snapshot = await chain.snapshots.checkManifest(encodeManifest(manifest), signal);
    if ('code' in snapshot) throw new Error(snapshot.code);
    await chain.proveFinal(trustedHeaderOf(blockAfter(made[1], { branch: 'other', signers: 3 }).item.block), signal);
    const halt = chain.halted();
    expect(halt).toBeDefined();
    await expect(chain.snapshots.import(snapshot, chunks)).rejects.toMatchObject({ name: 'SyncError', code: 'halted' });
    expect([chain.tip().height, chain.halted(), snapshots]).toEqual([2, halt, []]);
  });

  it('of another chain it is refused, and nothing has changed', async () => {
    const { chunks, manifest } = await made10;
    const { chain, snapshots } = open({ checkpoint: await checkpointOf() });
    const snapshot = await chain.snapshots.checkManifest(encodeManifest(manifest), signal);
    if ('code' in snapshot) throw new Error(snapshot.code);
    await chain.push(blockAfter(made[0], { branch: 'other', signers: 3 }).item, signal);
    const before = chain.tip();
    expect(await chain.snapshots.import(snapshot, chunks)).toMatchObject({ code: 'not-linked', weight: 'lie' });
    expect([chain.tip(), snapshots]).toEqual([before, []]);
  });

  it('against a header that a peer has proven to be final', async () => {
    const { chunks, manifest } = await made10;
    const { chain } = open();
    const trusted = trustedHeaderOf(items[10]!.block);
    expect(await chain.proveFinal({ ...trusted, signatures: trusted.signatures.slice(1) }, signal)).toBe('short');
    expect(await chain.proveFinal({ ...trusted, mmrRoot: '11'.repeat(32) }, signal)).toMatchObject({ code: 'mmr-root-field' });
    expect(await chain.snapshots.checkManifest(encodeManifest(manifest), signal)).toMatchObject({ code: 'unknown-anchor' });
    expect(await chain.proveFinal(trusted, signal)).toBe('final');
    const snapshot = await chain.snapshots.checkManifest(encodeManifest(manifest), signal);
    if ('code' in snapshot) throw new Error(snapshot.code);
    // No checkpoint has the state root, so the index is a hint.
    expect(snapshot.indexProven).toBe(false);
    expect(await chain.snapshots.import(snapshot, chunks)).toBeUndefined();
    expect(chain.tip().height).toBe(10);
  });

  it('without a final block at its height there is no anchor', async () => {
    const { manifest } = await made10;
    expect(await open().chain.snapshots.checkManifest(encodeManifest(manifest), signal)).toMatchObject({ code: 'unknown-anchor' });
  });
});

describe('what is stored', () => {
  it('is taken up to the newest good signatures', async () => {
    const { chain, stored } = open();
    await restoreChain(chain, storedOf(items.slice(1)), verifySignature);
    expect([chain.tip(), stored]).toEqual([{ height: 12, id: items[12]!.id }, []]);
    const cut = open();
    const forged = resigned(items[12]!, { signatures: signaturesOf(items[11]!.id, 3) });
    await restoreChain(cut.chain, storedOf([...items.slice(1, 12), forged]), verifySignature);
    expect(cut.chain.tip().height).toBe(11);
    const gap = open();
    await restoreChain(gap.chain, storedOf([...items.slice(1, 5), ...items.slice(6)]), verifySignature);
    expect(gap.chain.tip().height).toBe(4);
  });

  it('reset goes back to genesis', async () => {
    const { chain } = await opened(5);
    chain.reset();
    expect(chain.tip()).toEqual({ height: 0, id: items[0]!.id });
    expect(await chain.apply(items.slice(1))).toBeUndefined();
  });
});

describe('a block in one piece', () => {
  it('is read as it was written, and refused with a code', () => {
    const { chain } = open();
    for (const item of items.slice(0, 3)) {
      const bytes = encodeSignedBlock(item.block);
      expect(chain.decodeItem(bytes)).toEqual({ ...item, size: bytes.length });
      expect(() => chain.decodeItem(bytes.subarray(1))).toThrow(MolochCodecError);
      expect(chain.decodeItem(encodeSignedBlock({ ...item.block, events: undefined })).block.events).toBeUndefined();
    }
  });
});

describe('views', () => {
  it('a block by height or hash, with its place and its header', async () => {
    const { chain } = await opened(5);
    const view = await chain.block(3);
    expect(view).toMatchObject({ hash: items[3]!.id, parentHash: items[2]!.id, place: 'chain', finality: 'final', details: { eventsRoot: items[3]!.block.header.eventsRoot } });
    expect(await chain.block(items[3]!.id)).toEqual(view);
    expect(await chain.block(6)).toBeUndefined();
    expect(chain.network).toMatchObject({ genesisHeight: 0, details: { threshold: 3, validators: 4 } });
    expect(trustedHeaderOf(items[3]!.block).signatures).toHaveLength(3);
  });
});
