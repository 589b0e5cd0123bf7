import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyHere } from '../../test/support/verify-here.ts';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import type { Fault } from '../../src/engine/sync/sync-chain.ts';
import { checkBlockStructure } from '../../src/chains/hotstuff2/chain/check-block-structure.ts';
import { checkLink, checkProposer } from '../../src/chains/hotstuff2/chain/check-link.ts';
import { handOver, pinnedStanding, type SetStanding } from '../../src/chains/hotstuff2/chain/hand-over.ts';
import { decodeItem, type Hs2Item } from '../../src/chains/hotstuff2/chain/hs2-block.ts';
import { genesisOf } from '../../src/chains/hotstuff2/chain/network.ts';
import { KeyValueState } from '../../src/chains/hotstuff2/chain/state.ts';
import { verifyFinalityProof } from '../../src/chains/hotstuff2/chain/verify-finality.ts';
import { verifyQcs } from '../../src/chains/hotstuff2/chain/verify-qc.ts';
import { encodeProofFile } from '../../src/chains/hotstuff2/proofs/proof-file.ts';
import { joinChunks, snapshotRules } from '../../src/chains/hotstuff2/proofs/snapshot-rules.ts';
import { verifyStateProof } from '../../src/chains/hotstuff2/proofs/state-proof.ts';
import { verifyHotStuff2Proof } from '../../src/chains/hotstuff2/proofs/verify-proof-file.ts';
import { decodeFinalityProof } from '../../src/chains/hotstuff2/wire/finality-proof.ts';
import { encodeManifest, type Manifest } from '../../src/chains/hotstuff2/wire/manifest.ts';
import type { StateProofBody } from '../../src/chains/hotstuff2/wire/state-proof-body.ts';
import { decodeValidatorSet, type ValidatorSet } from '../../src/chains/hotstuff2/wire/validator-set.ts';
import { HotStuff2Net } from './hotstuff2-net.ts';

/** A chain of four replicas with view gaps, two hand-overs, a partition and an equivocating leader, as the rules of the client judge it. */
let net: HotStuff2Net;
let items: readonly Hs2Item[];
const sets = new Map<string, ValidatorSet>();

beforeAll(async () => {
  net = await HotStuff2Net.start({ recording: true, seed: 'judged' });
  await net.produce(20);
  await net.stop(1);
  await net.produce(12);
  await net.startReplica(1);
  net.handOver();
  await net.produce(10);
  await net.partition([[0, 1], [2, 3]]);
  await net.pass(20_000);
  await net.partition(undefined);
  net.put(fromHex('6b'), fromHex('76'));
  await net.fault(2, 'equivocating-leader');
  await net.produce(12);
  await net.stop(0);
  net.handOver();
  await net.produce(12);
  const { blocks, epochs } = net.record()['n4'] as { readonly blocks: readonly { readonly header: string; readonly payload: string; readonly qc?: string }[]; readonly epochs: readonly { readonly validatorsBytes: string; readonly validatorsHash: string }[] };
  items = blocks.map(({ header, payload, qc }) => decodeItem(fromHex(header + payload), fromHex(qc ?? '')));
  for (const { validatorsBytes, validatorsHash } of epochs) sets.set(validatorsHash, decodeValidatorSet(fromHex(validatorsBytes)));
});

afterAll(() => net.close());

describe('what the local network makes, judged by the client’s rules', () => {
  it('has sound blocks, linked, with the right proposers', () => {
    expect(items.length).toBeGreaterThanOrEqual(67);
    for (const [i, item] of items.entries()) {
      expect(checkBlockStructure(item, net.network)).toBeUndefined();
      const parent = items[i - 1];
      expect(parent && checkLink({ id: parent.id, header: parent.block.header }, item.block.header)).toBeUndefined();
      expect(checkProposer(item.block.header, sets.get(item.block.header.validators)!.keys.length)).toBeUndefined();
    }
    expect(items.some(({ block }, i) => i > 1 && block.header.view > items[i - 1]!.block.header.view + 1)).toBe(true);
  });

  it('has valid certificates only', async () => {
    const cases = items.slice(1).map(({ id, block }) => ({ qc: block.qc!, hash: id, view: block.header.view, set: sets.get(block.header.validators)! }));
    expect(await verifyQcs(cases, verifyHere)).toBeUndefined();
  });

  it('hands over by the rules, twice', () => {
    let standing: SetStanding = pinnedStanding(items[0]!.block.header);
    for (const { block } of items.slice(1)) {
      const next = handOver(standing, block.header);
      expect(next).toBeTypeOf('object');
      standing = next as SetStanding;
    }
    expect(new Set(items.map(({ block }) => block.header.validators)).size).toBe(3);
  });

  it('has the state that its payloads make', () => {
    const state = new KeyValueState(genesisOf(net.network).state);
    expect(state.root()).toBe(items[0]!.block.header.stateRoot);
    for (const { block } of items.slice(1)) expect(state.applyDelta(block.payload!, block.header.stateRoot)).toBeTypeOf('object');
    expect(state.get(fromHex('6b'))).toEqual(fromHex('76'));
  });

  it('proves finality, also of what a view gap or a hand-over left to later blocks', async () => {
    for (const item of items.slice(1, -8)) {
      const proof = decodeFinalityProof(net.chains[3]!.finality(item.height)!);
      expect(proof.final.header.height).toBeGreaterThanOrEqual(item.height);
      expect(await verifyFinalityProof(proof, { chainId: net.network.chainId, setOf: ({ validators }) => sets.get(validators), verify: verifyHere })).toBeUndefined();
    }
  });

  it('has snapshots that can be imported, and proofs of its state', async () => {
    const chain = net.chains[3]!;
    const manifest = chain.manifest(0) as Manifest;
    const { header } = items[manifest.height]!.block;
    let entries = 0;
    const rules = snapshotRules({
      finalHeader: async (height, hash) => (height === manifest.height && hash === items[height]!.id ? header : undefined),
      replace: async (_, given) => {
        entries = given.length;
        return undefined;
      },
    });
    const snapshot = await rules.checkManifest(encodeManifest(manifest), new AbortController().signal);
    expect(snapshot).toMatchObject({ height: manifest.height, chunks: manifest.chunkRoots.length });
    const chunks = manifest.chunkRoots.map((_, index) => chain.chunk(manifest.height, index) as Uint8Array);
    expect(joinChunks(chunks)).toHaveLength(manifest.entries);
    expect(await rules.import(snapshot as Exclude<typeof snapshot, Fault>, chunks)).toBeUndefined();
    expect(entries).toBe(manifest.entries);
    for (const [key, value] of [['genesis', net.network.name], ['acct/0', undefined], ['zzz', undefined]] as const) {
      const proof = chain.stateProof(manifest.height, new TextEncoder().encode(key)) as StateProofBody;
      expect(verifyStateProof(proof, new TextEncoder().encode(key), header.stateRoot)).toEqual({ ok: true, value: value === undefined ? undefined : new TextEncoder().encode(value) });
    }
  });

  it('makes proof files that are verified offline', async () => {
    const chain = net.chains[3]!;
    const finality = decodeFinalityProof(chain.finality(0)!);
    const { height, validators } = finality.final.header;
    const key = fromHex('6b');
    const used = Array.from(new Set([validators, finality.child.header.validators]), (hash) => sets.get(hash)!);
    const file = encodeProofFile({ chainId: net.network.chainId, key, finality, sets: used, state: chain.stateProof(height, key) as StateProofBody });
    const verdict = await verifyHotStuff2Proof(file, { chainId: net.network.chainId, trustedSets: [...sets.keys()] }, { verify: verifyHere });
    expect(verdict).toMatchObject({ ok: true, value: fromHex('76'), block: { height, hash: chain.at(height)!.hash } });
    expect(toHex(key)).toBe('6b');
  });
});
