import { describe, expect, it } from 'vitest';
import { BlockMaker, bytesOf, put, testSet } from '../../../../test/support/hotstuff2/block-maker.ts';
import { itemOfVector, setOfBytes } from '../../../../test/support/hotstuff2/items.ts';
import { networkOfMaker, networkOfRun, runThrough, testChain } from '../../../../test/support/hotstuff2/test-chain.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import { decodeHeaderItem, decodeItem } from '../chain/hs2-block.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import { hashOfSet } from '../chain/hash.ts';
import { Losers } from '../chain/losers.ts';
import { KeyValueState } from '../chain/state.ts';
import { decodeFinalityProof } from '../wire/finality-proof.ts';
import { encodeValidatorSet } from '../wire/validator-set.ts';
import { verifyHotStuff2Proof } from '../proofs/verify-proof-file.ts';

const { signal } = new AbortController();
const n4 = vectors.n4.blocks.map(itemOfVector);
const headerOnly = ({ block }: Hs2Item) => decodeHeaderItem(block.headerBytes, block.qcBytes);

describe('validate_block_chain', () => {
  it.each([vectors.n4, vectors.n7])('run $name: all but the last blocks are final, with the state of the header', async (run) => {
    const { chain, kept } = testChain(networkOfRun(run));
    const items = run.blocks.map(itemOfVector);
    const fault = await runThrough(chain, items.slice(1), { each: true });
    expect(fault).toMatchObject({ code: 'not-final', weight: 'offence', at: chain.tip().height + 1 });
    expect(items.length - 1 - chain.tip().height).toBeLessThan(4);
    expect(await chain.checkState(chain.tip().height)).toBe(true);
    expect(kept.flatMap((change) => change.items).map(({ height }) => height)).toEqual(items.slice(1, chain.tip().height + 1).map(({ height }) => height));
  });

  it('in runs of any length, with the certificates that suffice, and with a proven target the last block too', async () => {
    const { chain, jobs } = testChain(networkOfRun(vectors.n4));
    const last = n4.at(-1)!;
    for (let size = 7; chain.tip().height < last.height; size += 3) {
      const from = chain.tip().height;
      await runThrough(chain, n4.slice(from + 1, from + 1 + size), { target: { height: last.height, id: last.id, proven: true } });
      expect(chain.tip().height).toBeGreaterThan(from);
    }
    expect(chain.tip().id).toBe(last.id);
    expect(jobs.length).toBeLessThan(20);
    expect(chain.state!.root()).toBe(last.block.header.stateRoot);
  });

  it('one flipped byte each in header, payload and certificate ends the run before that block', async () => {
    const at = 20;
    const { block } = n4[at]!;
    const bytes = concatBytes(block.headerBytes, block.payload!);
    const bad: readonly (readonly [string, Hs2Item])[] = [
      ['qc-hash', decodeItem(bytes.with(140, bytes[140]! ^ 1), block.qcBytes)],
      ['payload-root', decodeItem(bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1), block.qcBytes)],
      ['qc', decodeItem(bytes, block.qcBytes.with(270, block.qcBytes[270]! ^ 1))],
    ];
    for (const [code, item] of bad) {
      const { chain } = testChain(networkOfRun(vectors.n4));
      expect(await runThrough(chain, n4.slice(1, 40).with(at - 1, item), { each: true })).toMatchObject({ code, at, weight: 'lie' });
      expect(chain.tip().height).toBe(at - 2);
    }
  });
});

describe('fast_validate_block and validate_block_headers_only', () => {
  it('structure and link ask for no signature, and give no grade above linked', () => {
    const { chain, jobs } = testChain(networkOfRun(vectors.n4));
    const forged = { ...n4[1]!, block: { ...n4[1]!.block, qc: { ...n4[1]!.block.qc!, signers: [] } as never } };
    expect([chain.checkStructure(forged), chain.checkLink(chain.tip(), forged), jobs]).toEqual([undefined, undefined, []]);
    expect(chain.head().height).toBe(0);
  });

  it('headers alone are followed, without a state', async () => {
    const { chain } = testChain(networkOfRun(vectors.n4));
    await runThrough(chain, n4.slice(1, 100).map(headerOnly), { headersOnly: true });
    expect(chain.tip().height).toBe(98);
    expect([chain.state, await chain.checkState(98)]).toEqual([undefined, undefined]);
    // There is no state that these could change: they are followed as headers.
    expect(await runThrough(chain, n4.slice(99, 120))).toMatchObject({ code: 'not-final', at: 119 });
    expect([chain.tip().height, chain.state]).toEqual([118, undefined]);
  });
});

describe('the state', () => {
  it('a final block whose state root is wrong is asked of others, and is no lie: a quorum has signed it; the state of the one before it stays', async () => {
    const maker = new BlockMaker();
    const state = new KeyValueState();
    const good = maker.row(12, maker.genesis, state);
    const bad = maker.make(good.at(-1)!, state, { operations: [put('x', 'y')], header: { stateRoot: 'a'.repeat(64) } });
    const computed = state.root();
    const rest = maker.row(6, bad, state);
    const { chain } = testChain(networkOfMaker(maker));
    expect(await runThrough(chain, [...good, bad, ...rest])).toMatchObject({ weight: 'offence' });
    expect(chain.tip().height).toBe(12);
    expect(await chain.apply([bad], { headersOnly: false })).toMatchObject({ code: 'state-root', weight: 'offence', at: 13 });
    expect(chain.state!.root()).toBe(good.at(-1)!.block.header.stateRoot);
    expect(await chain.checkState(12)).toBe(true);
    expect(await chain.checkState(11)).toBeUndefined();
    // It is the third time.
    await expect(chain.apply([bad], { headersOnly: false })).rejects.toMatchObject({ code: 'halted', data: { height: 13, reason: 'state-root' } });
    const halt = chain.halted()!;
    expect([halt.height, halt.reason, chain.tip().height, chain.state!.root()]).toEqual([13, 'state-root', 12, good.at(-1)!.block.header.stateRoot]);
    expect([chain.decodeItem(halt.evidence[0]).id, toHex(halt.evidence[1])]).toEqual([bad.id, computed]);
    expect(await chain.push(rest[0]!, signal)).toMatchObject({ kind: 'halted', reason: 'state-root' });
    chain.reset();
    expect([chain.halted(), await chain.apply(good, { headersOnly: false })]).toEqual([undefined, undefined]);
  });

  it('a block with a wrong state root that becomes final live halts at once; nothing of it is kept', async () => {
    const maker = new BlockMaker();
    const state = new KeyValueState();
    const good = maker.row(4, maker.genesis, state);
    const bad = maker.make(good.at(-1)!, state, { header: { stateRoot: 'a'.repeat(64) } });
    const halts: Halt[] = [];
    const { chain, kept } = testChain(networkOfMaker(maker), { onHalt: (halt) => void halts.push(halt) });
    for (const item of [...good, bad]) await chain.push(item, signal);
    expect(await chain.push(maker.make(bad, state), signal)).toMatchObject({ kind: 'halted', height: 5, reason: 'state-root' });
    expect(halts).toMatchObject([{ height: 5, reason: 'state-root' }]);
    expect([chain.state, kept.at(-1)!.root.header.height, chain.view(chain.tip())]).toMatchObject([undefined, 4, { height: 5, hash: bad.id, finality: 'final' }]);
  });

  it('a snapshot takes the place of the blocks before it, and the chain goes on from there', async () => {
    const { snapshot } = vectors;
    const at = n4[snapshot.height]!;
    const { chain } = testChain(networkOfRun(vectors.n4), { fetchFinalHeader: async () => at.block });
    const manifest = fromHex(`${snapshot.height.toString(16).padStart(16, '0')}${snapshot.blockHash}${snapshot.stateRoot}${snapshot.entries.toString(16).padStart(16, '0')}${'00000010'}${'00000005'}${snapshot.chunkRoots.join('')}`);
    const taken = await chain.snapshots!.checkManifest(manifest, signal);
    expect(taken).toMatchObject({ height: 150, chunks: 5 });
    expect(await chain.snapshots!.import(taken as Exclude<typeof taken, Fault>, snapshot.chunks.map(fromHex))).toBeUndefined();
    expect(chain.tip()).toEqual({ height: 150, id: at.id });
    expect(chain.view(chain.tip())).toMatchObject({ height: 150, finality: 'final', details: { grade: 'final' } });
    await runThrough(chain, n4.slice(151));
    expect(chain.tip().height).toBeGreaterThan(195);
    expect(await chain.checkState(chain.tip().height)).toBe(true);
  });
});

describe('live', () => {
  it('announced blocks move the head, and pairs of views the tip, with its state', async () => {
    const { chain } = testChain(networkOfRun(vectors.n4));
    for (const item of n4.slice(1, 60)) expect((await chain.push(item, signal)).kind).toBe('adopted');
    expect([chain.head().height, chain.tip().height]).toEqual([59, 58]);
    expect(await chain.checkState(58)).toBe(true);
    expect(await chain.push(n4[30]!, signal)).toEqual({ kind: 'known' });
    expect(await chain.push(n4[80]!, signal)).toEqual({ kind: 'gap', from: 60 });
    expect(chain.view(chain.head())).toMatchObject({ finality: 'pending', details: { chain: 'hotstuff2', grade: 'certified', signers: 3, validators: 4 } });
    expect(await chain.block(20)).toMatchObject({ place: 'chain', hash: n4[20]!.id, parentHash: n4[19]!.id, finality: 'final', details: { stateRoot: n4[20]!.block.header.stateRoot } });
    expect(chain.trust()).toMatchObject({ level: 'proven', checked: { blocks: 58, certificates: 59 } });
    const forged = { ...n4[60]!, block: { ...n4[60]!.block, qc: { ...n4[60]!.block.qc!, signers: [0, 1] } as never } };
    expect(await chain.push(forged, signal)).toMatchObject({ kind: 'fault', fault: { code: 'qc-quorum', weight: 'lie' } });
  });

  it('a finality proof makes what is here final; of what is not here it says what is missing; a bad one is a lie', async () => {
    const { chain } = testChain(networkOfRun(vectors.n4));
    for (const item of n4.slice(1, 41)) await chain.push(item, signal);
    const before = chain.tip().height;
    const proof = (i: number) => decodeFinalityProof(Losers.proofOf(n4[i]!, n4[i + 1]!));
    expect(await chain.finalize(proof(90), signal)).toEqual({ kind: 'gap', from: 41 });
    expect(await chain.finalize(proof(before - 2), signal)).toEqual({ kind: 'known' });
    expect(await chain.finalize({ ...proof(90), child: proof(91).child }, signal)).toMatchObject({ kind: 'fault' });
  });

  it('halts for good on two final blocks of one height, and keeps both proofs', async () => {
    const { chain } = testChain(networkOfRun(vectors.n4));
    const { a, b } = vectors.situations.conflictingFinals;
    const last = n4.at(-1)!;
    // The state roots of these blocks are not true ones.
    await runThrough(chain, n4.slice(1), { headersOnly: true, target: { height: last.height, id: last.id, proven: true } });
    const [a1, a2] = a.map(itemOfVector);
    const [b1, b2] = b.map(itemOfVector);
    for (const item of [a1!, a2!]) expect((await chain.push(item, signal)).kind).toBe('adopted');
    const halted = await chain.finalize(decodeFinalityProof(Losers.proofOf(b1!, b2!)), signal);
    expect(halted).toEqual({ kind: 'halted', height: 201, evidence: [Losers.proofOf(a1!, a2!), Losers.proofOf(b1!, b2!)] });
    expect(chain.halted()).toEqual({ height: 201, evidence: [Losers.proofOf(a1!, a2!), Losers.proofOf(b1!, b2!)] });
    expect((await chain.push(a2!, signal)).kind).toBe('halted');
  });

  it('halts when two blocks of one height are proven to be final, wherever they come from', async () => {
    const halts: unknown[] = [];
    const { chain } = testChain(networkOfRun(vectors.n4), { onHalt: (halt) => halts.push(halt) });
    const [a, b] = [vectors.situations.conflictingFinals.a, vectors.situations.conflictingFinals.b].map((pair) => pair.map(itemOfVector));
    const proofs = [Losers.proofOf(a![0]!, a![1]!), Losers.proofOf(b![0]!, b![1]!)];
    expect(await chain.checkProof(decodeFinalityProof(proofs[0]!), signal)).toBeUndefined();
    expect([await chain.checkProof(decodeFinalityProof(proofs[0]!), signal), chain.halted()]).toEqual([undefined, undefined]);
    expect(await chain.checkProof(decodeFinalityProof(proofs[1]!), signal)).toBeUndefined();
    expect(chain.halted()).toEqual({ height: a![0]!.height, evidence: proofs });
    expect(halts).toEqual([chain.halted()]);
    expect((await chain.push(n4[1]!, signal)).kind).toBe('halted');
    chain.reset();
    expect([chain.halted(), chain.tip().height, (await chain.push(n4[1]!, signal)).kind]).toEqual([undefined, 0, 'adopted']);
  });
  it('a block from the future is pushed by itself when its time has come', async () => {
    const maker = new BlockMaker();
    const [b1, b2] = maker.row(2);
    let now = b1!.block.header.time - 60_001;
    const { chain } = testChain(networkOfMaker(maker), { clock: { now: () => now, monotonic: () => 0, after: () => () => undefined } });
    expect(await chain.push(b1!, signal)).toEqual({ kind: 'held' });
    now += 5_000;
    expect(await chain.push(b2!, signal)).toMatchObject({ kind: 'adopted', adopted: [b1, b2], reverted: [] });
  });

  it('a block from the future that is pushed before a bad block or a gap is told with that', async () => {
    const maker = new BlockMaker();
    const [b1, b2, b3] = maker.row(3);
    const bad = { ...b2!, block: { ...b2!.block, qc: { ...b2!.block.qc!, signers: [0, 1] } as never } };
    for (const [item, wanted] of [[bad, { kind: 'fault', fault: { code: 'qc-quorum' } }], [b3!, { kind: 'gap', from: 2 }]] as const) {
      let now = b1!.block.header.time - 60_001;
      const { chain } = testChain(networkOfMaker(maker), { clock: { now: () => now, monotonic: () => 0, after: () => () => undefined } });
      await chain.push(b1!, signal);
      now += 5_000;
      expect(await chain.push(item, signal)).toMatchObject({ ...wanted, earlier: { adopted: [b1], reverted: [] } });
      expect(chain.head().id).toBe(b1!.id);
    }
  });
});

describe('hand-over of validators', () => {
  it.each(vectors.handover.cases)('as a run and block by block, $name: $expect', async ({ blocks, sets, expect: wanted, finalHeight }) => {
    const items = blocks.map(itemOfVector);
    const known = new Map(sets.map((hex) => [hashOfSet(setOfBytes(hex)), fromHex(hex)]));
    const genesis = items[0]!;
    const network = { ...networkOfRun(vectors.n4), chainId: genesis.block.header.chainId, genesis: toHex(genesis.block.headerBytes), genesisHash: genesis.id, genesisState: [], validators: sets[0]! };
    const fetchSet = async (hash: string) => known.get(hash);
    const runs = testChain(network, { fetchSet }).chain;
    const fault = await runThrough(runs, items.slice(1).map(headerOnly), { headersOnly: true, each: true });
    const live = testChain(network, { fetchSet }).chain;
    const outcomes = [];
    for (const item of items.slice(1)) outcomes.push(await live.push(headerOnly(item), signal));
    const codes = outcomes.flatMap((it) => (it.kind === 'fault' ? [it.fault.code] : []));
    const plain = (code: string | undefined) => (code?.startsWith('qc') ? 'qc' : code);
    expect(plain(codes[0]) ?? 'ok').toBe(wanted);
    expect(wanted === 'ok' ? 'not-final' : wanted).toBe(plain(fault?.code));
    const last = finalHeight ?? live.tip().height;
    expect([live.tip().height, runs.tip().height <= last]).toEqual([last, true]);
  });

  it('a finality proof by the new set that comes before the block that makes it rule asks for that block, and blames nobody', async () => {
    const { blocks, sets } = vectors.handover.cases.find((one) => one.expect === 'ok' && itemOfVector(one.blocks.at(-1)!).block.header.validators !== itemOfVector(one.blocks[0]!).block.header.validators)!;
    const items = blocks.map(itemOfVector);
    const [genesis] = items;
    const known = new Map(sets.map((hex) => [hashOfSet(setOfBytes(hex)), fromHex(hex)]));
    const network = { ...networkOfRun(vectors.n4), chainId: genesis!.block.header.chainId, genesis: toHex(genesis!.block.headerBytes), genesisHash: genesis!.id, genesisState: [], validators: sets[0]! };
    const { chain } = testChain(network, { fetchSet: async (hash: string) => known.get(hash) });
    const first = items.findIndex(({ block }) => block.header.validators !== genesis!.block.header.validators);
    const proof = decodeFinalityProof(Losers.proofOf(items[first]!, items[first + 1]!));
    for (const item of items.slice(1, first + 1)) expect((await chain.push(headerOnly(item), signal)).kind).toBe('adopted');
    expect(await chain.finalize(proof, signal)).toEqual({ kind: 'gap', from: first + 1 });
    expect((await chain.push(headerOnly(items[first + 1]!), signal)).kind).toBe('adopted');
    expect(await chain.finalize(proof, signal)).toEqual({ kind: 'known' });
    expect([chain.tip().height, chain.sets.trusted.length]).toEqual([first, 2]);
  });
  it('a set of BLS keys is not taken from a hand-over', async () => {
    const maker = new BlockMaker();
    const bls = fromHex(vectors.bls.validatorsBytes);
    const { chain } = testChain(networkOfMaker(maker), { fetchSet: async () => bls });
    const hash = hashOfSet(setOfBytes(vectors.bls.validatorsBytes));
    expect(await chain.sets.find(hash, signal)).toBe('bls-handover');
    expect(await chain.sets.find('0'.repeat(64), signal)).toBe('set-unknown-bytes');
    const other = testSet('other');
    expect(chain.sets.take(other.hash, encodeValidatorSet(other))).toMatchObject({ scheme: 'ed25519' });
    expect([chain.sets.rulingSet({ height: 1, view: 1, validators: other.hash }), chain.sets.trusted]).toEqual([undefined, [maker.set.hash]]);
  });
});

describe('proof files', () => {
  it('are made of the newest final state and verified without the chain', async () => {
    const { chain } = testChain(networkOfRun(vectors.n4));
    for (const item of n4.slice(1, 60)) await chain.push(item, signal);
    const [entry] = chain.state!.entries;
    const file = chain.proofFile(entry!.key)!;
    const network = { chainId: vectors.n4.chainId, trustedSets: chain.sets.trusted };
    expect(await verifyHotStuff2Proof(file, network, { verify: verifyHere })).toMatchObject({ ok: true, value: entry!.value, block: { height: 58 } });
    expect(await verifyHotStuff2Proof(chain.proofFile(bytesOf('nothing'))!, network, { verify: verifyHere })).toMatchObject({ ok: true, value: undefined });
    expect(testChain(networkOfRun(vectors.n4)).chain.proofFile(bytesOf('a'))).toBeUndefined();
  });
});

describe('blocks as they come', () => {
  it('are read with their certificate, and refused with a code', () => {
    const { chain } = testChain(networkOfRun(vectors.n4));
    const { headerBytes, payload, qcBytes } = n4[5]!.block;
    const block = concatBytes(headerBytes, payload!);
    const bytes = concatBytes(Uint8Array.of(0, 0, 0, block.length), Uint8Array.of(qcBytes.length >> 8, qcBytes.length & 255));
    const whole = concatBytes(fromHex(block.length.toString(16).padStart(8, '0')), block, bytes.slice(4), qcBytes);
    expect(chain.decodeItem(whole)).toEqual(n4[5]);
    expect(() => chain.decodeItem(whole.slice(0, -1))).toThrow(expect.objectContaining({ code: 'truncated' }));
  });
});
