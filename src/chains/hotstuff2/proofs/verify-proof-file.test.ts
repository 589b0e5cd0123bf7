import { describe, expect, it } from 'vitest';
import { BlockMaker, bytesOf, type MadeBlock, put, testSet } from '../../../../test/support/hotstuff2/block-maker.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { concatBytes } from '../../../base/bytes.ts';
import { decodeFinalityProof } from '../wire/finality-proof.ts';
import { Losers } from '../chain/losers.ts';
import { hashOfSet } from '../chain/hash.ts';
import { KeyValueState } from '../chain/state.ts';
import { makeProofFile, type ProofFileParts } from './make-proof-file.ts';
import { decodeProofFile, encodeProofFile, isHotStuff2ProofFile } from './proof-file.ts';
import type { Hs2ProofFile } from './proof-file.ts';
import { proveState } from './state-proof.ts';
import { verifyHotStuff2Proof } from './verify-proof-file.ts';

const maker = new BlockMaker();
const state = new KeyValueState();
const final = maker.make(maker.genesis, state, { operations: [put('a', '1'), put('c', '3'), put('e', '5')] });
const child = maker.make(final, new KeyValueState(state.entries), { operations: [put('a', '2')] });
const network = { chainId: maker.genesis.block.header.chainId, trustedSets: [maker.set.hash] };
const fileOf = (key: string, changed: Partial<Hs2ProofFile> = {}) =>
  encodeProofFile({ chainId: network.chainId, key: bytesOf(key), finality: decodeFinalityProof(Losers.proofOf(final, child)), sets: [maker.set], state: proveState(state, bytesOf(key)), ...changed });
const verify = (bytes: Uint8Array, net = network) => verifyHotStuff2Proof(bytes, net, { verify: verifyHere });

describe('a proof file', () => {
  it('shows a value, or that there is none, with what was checked', async () => {
    expect(await verify(fileOf('c'))).toEqual({
      ok: true, checked: ['form', 'network', 'sets', 'finality', 'state'], key: bytesOf('c'), value: bytesOf('3'),
      block: { height: 1, hash: final.id, view: 0, time: final.block.header.time, stateRoot: state.root() },
      child: { height: 2, hash: child.id, view: 1 }, signers: [{ signed: 3, validators: 4 }, { signed: 3, validators: 4 }], set: maker.set.hash, handOvers: 0,
    });
    expect(await verify(fileOf('d'))).toMatchObject({ ok: true, value: undefined });
  });

  it('is refused for another chain, by an untrusted set, without finality, and with another state', async () => {
    expect(await verify(fileOf('c'), { ...network, chainId: '0'.repeat(64) })).toMatchObject({ ok: false, code: 'other-network', checked: ['form', 'network'] });
    expect(await verify(fileOf('c'), { ...network, trustedSets: [] })).toMatchObject({ ok: false, code: 'set-not-trusted', detail: maker.set.hash });
    expect(await verify(fileOf('c', { sets: [] }))).toMatchObject({ ok: false, code: 'finality', detail: 'set-unknown-bytes' });
    expect(await verify(fileOf('c', { sets: [testSet('other')] }))).toMatchObject({ ok: false, code: 'finality' });
    const late = maker.make(final, new KeyValueState(state.entries), { view: 5 });
    expect(await verify(fileOf('c', { finality: decodeFinalityProof(Losers.proofOf(final, late)) }))).toMatchObject({ ok: false, code: 'finality', detail: 'not-final' });
    // A set that signs for itself: only the list of trusted sets tells it from the network's.
    const thief = new BlockMaker(testSet('thief'));
    const forged = thief.make(thief.genesis, new KeyValueState(), { operations: [put('c', '999')] });
    const forgedState = new KeyValueState([{ key: bytesOf('c'), value: bytesOf('999') }]);
    const forgery = fileOf('c', { finality: decodeFinalityProof(Losers.proofOf(forged, thief.make(forged, new KeyValueState()))), sets: [thief.set], state: proveState(forgedState, bytesOf('c')) });
    expect(await verify(forgery)).toMatchObject({ ok: false, code: 'set-not-trusted' });
    expect(await verify(fileOf('c', { state: proveState(forgedState, bytesOf('c')) }))).toMatchObject({ ok: false, code: 'state', detail: 'state-root' });
    expect(await verify(fileOf('c', { key: bytesOf('d') }))).toMatchObject({ ok: false, code: 'state', detail: 'other-key' });
  });

  describe('of a block after hand-overs', () => {
    const [old, second, third] = [maker.set, testSet('second'), testSet('third')];
    const values = new KeyValueState();
    const row = [maker.genesis];
    const add = (made: MadeBlock) => row[row.push(maker.make(row.at(-1)!, values, made)) - 1]!;
    add({ operations: [put('c', '3')] });
    const links = [[old, second], [second, third]].map(([set, next]) => {
      const [announcing, after] = [add({ set: set!, next: next! }), add({ set: set!, next: next! })];
      add({ set: next! });
      return { set: next!, proof: Losers.proofOf(announcing, after) };
    });
    const [last, next] = [row.at(-1)!, maker.make(row.at(-1)!, new KeyValueState(values.entries), { set: third })];
    const setOf = (hash: string) => [old, second, third].find((set) => set.hash === hash);
    const made = (changed: Partial<ProofFileParts> = {}) => makeProofFile({ key: bytesOf('c'), state: values, finality: Losers.proofOf(last, next), setOf, links, ...changed })!;

    it('shows how its validators took over from those of genesis', async () => {
      const bytes = made();
      expect(await verify(bytes)).toMatchObject({ ok: true, value: bytesOf('3'), block: { hash: last.id }, set: third.hash, handOvers: 2 });
      expect(encodeProofFile(decodeProofFile(bytes))).toEqual(bytes);
      expect(decodeProofFile(bytes).sets).toHaveLength(3);
      // Whoever trusts the last set needs no links; and a block before the hand-overs has none.
      expect(await verify(made({ links: [] }), { ...network, trustedSets: [third.hash] })).toMatchObject({ ok: true });
      expect(decodeProofFile(fileOf('c')).links).toEqual([]);
      const early = makeProofFile({ key: bytesOf('c'), state, finality: Losers.proofOf(final, child), setOf, links })!;
      expect([decodeProofFile(early).links, (await verify(early)).ok]).toEqual([[], true]);
    });

    it('is refused if a link is missing, in another order, forged, or announces nothing', async () => {
      expect(await verify(made({ links: [] }))).toMatchObject({ code: 'set-not-trusted', detail: third.hash, checked: ['form', 'network', 'sets'] });
      expect(await verify(made({ links: links.slice(1) }))).toMatchObject({ code: 'set-not-trusted', detail: second.hash });
      expect(await verify(made({ links: links.slice(0, 1) }))).toMatchObject({ code: 'set-not-trusted', detail: third.hash });
      const file = decodeProofFile(made());
      const changed = (change: Partial<Hs2ProofFile>) => verify(encodeProofFile({ ...file, ...change }));
      expect(await changed({ links: [file.links![1]!, file.links![0]!] })).toMatchObject({ code: 'set-not-trusted', detail: second.hash });
      expect(await changed({ links: [decodeFinalityProof(Losers.proofOf(final, child)), ...file.links!] })).toMatchObject({ code: 'hand-over', detail: 'unknown-set' });
      // The pair across the switch: its second block is of the announced set, so that it proves nothing.
      expect(await changed({ links: [decodeFinalityProof(Losers.proofOf(row[3]!, row[4]!))] })).toMatchObject({ code: 'hand-over', detail: 'unknown-set' });
      const forged = maker.make(row[1]!, new KeyValueState(), { set: old, next: third, signedBy: third });
      expect(await changed({ links: [decodeFinalityProof(Losers.proofOf(forged, maker.make(forged, new KeyValueState(), { set: old, next: third, signedBy: third })))] })).toMatchObject({ code: 'hand-over', detail: 'qc' });
      const bls = { scheme: 'bls' as const, keys: [new Uint8Array(96).fill(1)] };
      const blsSet = { ...testSet('unused'), hash: hashOfSet(bls) };
      const announcing = maker.make(row[1]!, new KeyValueState(), { set: old, next: blsSet });
      const announced = maker.make(announcing, new KeyValueState(), { set: old, next: blsSet });
      expect(await changed({ links: [decodeFinalityProof(Losers.proofOf(announcing, announced))], sets: [old, bls] })).toMatchObject({ code: 'hand-over', detail: 'bls-handover' });
    });

    it('is refused if a set has handed over before the block that it signs: hand-overs and blocks ascend', async () => {
      const late = maker.make(row.at(-1)!, new KeyValueState([{ key: bytesOf('c'), value: bytesOf('9') }]), { set: old });
      const forged = { finality: decodeFinalityProof(Losers.proofOf(late, maker.make(late, new KeyValueState(), { set: old }))) };
      const file = decodeProofFile(made());
      const changed = (change: Partial<Hs2ProofFile>, net = network) => verify(encodeProofFile({ ...file, ...change }), net);
      expect(await changed(forged)).toMatchObject({ code: 'set-not-trusted', detail: old.hash, checked: ['form', 'network', 'sets'] });
      // A hand-over that is proven by a block below the one before it.
      const early = maker.make(row[1]!, new KeyValueState(), { set: second, next: third });
      const below = decodeFinalityProof(Losers.proofOf(early, maker.make(early, new KeyValueState(), { set: second, next: third })));
      expect(await changed({ links: [file.links![0]!, below] })).toMatchObject({ code: 'hand-over', detail: 'height' });
      // A client that has seen the hand-over.
      const known = {
        rulingSet: ({ validators, height }: { readonly validators: string; readonly height: number }) => [old, second, third].find((set, i) => set.hash === validators && height >= i * 3 && (i === 2 || height < i * 3 + 4)),
        followingSet: ({ validators }: { readonly validators: string }) => ({ [old.hash]: second.hash, [second.hash]: third.hash })[validators],
      };
      const client = { ...network, trustedSets: [old, second, third].map(({ hash }) => hash), known };
      expect(await changed({}, client)).toMatchObject({ ok: true });
      expect(await changed({ ...forged, links: [] }, client)).toMatchObject({ code: 'set-not-trusted', detail: old.hash });
      const announcing = maker.make(row[1]!, new KeyValueState(), { set: old, next: third });
      const other = decodeFinalityProof(Losers.proofOf(announcing, maker.make(announcing, new KeyValueState(), { set: old, next: third })));
      expect(await changed({ links: [other] }, client)).toMatchObject({ code: 'hand-over', detail: 'unknown-set' });
    });

    it('is refused with any byte flipped', async () => {
      const bytes = made();
      for (let at = 0; at < bytes.length; at += 41) expect([at, (await verify(bytes.with(at, bytes[at]! ^ 1))).ok]).toEqual([at, false]);
    });
  });

  it('truncated at every byte, or with any byte flipped, is refused with a code', async () => {
    const bytes = fileOf('c');
    expect(encodeProofFile(decodeProofFile(bytes))).toEqual(bytes);
    for (let length = 0; length < bytes.length; length += 1) expect((await verify(bytes.slice(0, length))).ok).toBe(false);
    expect(await verify(concatBytes(bytes, Uint8Array.of(0)))).toMatchObject({ ok: false, code: 'damaged' });
    for (let at = 0; at < bytes.length; at += 3) expect([at, (await verify(bytes.with(at, bytes[at]! ^ 1))).ok]).toEqual([at, false]);
  });

  it('is known by its first bytes', () => {
    expect(isHotStuff2ProofFile(fileOf('c'))).toBe(true);
    expect(isHotStuff2ProofFile(bytesOf('HS2PROOX'))).toBe(false);
    expect(isHotStuff2ProofFile(new Uint8Array())).toBe(false);
  });
});
