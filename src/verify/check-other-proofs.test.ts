import { describe, expect, it } from 'vitest';
import { toHex } from '../base/bytes.ts';
import { BlockMaker, bytesOf, put, testSet } from '../../test/support/hotstuff2/block-maker.ts';
import { networkOfMaker, runThrough, testChain } from '../../test/support/hotstuff2/test-chain.ts';
import { eventOf, blockAfter, makeChain, networkOf } from '../../test/support/moloch-chain-maker.ts';
import { Losers } from '../chains/hotstuff2/chain/losers.ts';
import { KeyValueState } from '../chains/hotstuff2/chain/state.ts';
import { encodeProofFile, MAX_PROOF_FILE_BYTES } from '../chains/hotstuff2/proofs/proof-file.ts';
import { proveState } from '../chains/hotstuff2/proofs/state-proof.ts';
import { decodeFinalityProof } from '../chains/hotstuff2/wire/finality-proof.ts';
import { encodeValidatorSet } from '../chains/hotstuff2/wire/validator-set.ts';
import { trustedHeaderOf } from '../chains/moloch/chain/moloch-block.ts';
import { makeCompactProof } from '../chains/moloch/proofs/compact-proof-rules.ts';
import { makeMolochReceipt } from '../chains/moloch/proofs/make-receipt.ts';
import { MAX_RECEIPT } from '../chains/moloch/proofs/receipt-file.ts';
import { checkHotStuff2Proof } from './check-hotstuff2-proof.ts';
import { checkMolochReceipt } from './check-moloch-receipt.ts';
import { proofKindOf, proofKinds } from './proof-kinds.ts';

const signal = new AbortController().signal;
const limitOf = (chain: string) => proofKinds.find((kind) => kind.chain === chain)?.maxBytes;

describe('a state proof of HotStuff-2', () => {
  const maker = new BlockMaker();
  const state = new KeyValueState();
  const final = maker.make(maker.genesis, state, { operations: [put('a', '1'), put('c', '3')] });
  const child = maker.make(final, new KeyValueState(state.entries));
  const network = networkOfMaker(maker);
  const file = (key: string) =>
    encodeProofFile({ chainId: network.chainId, key: bytesOf(key), finality: decodeFinalityProof(Losers.proofOf(final, child)), sets: [maker.set], state: proveState(state, bytesOf(key)) });

  it('is known by its first bytes, and shows key, value and block', async () => {
    expect([proofKindOf(file('c'))?.chain, limitOf('hotstuff2')]).toEqual(['hotstuff2', MAX_PROOF_FILE_BYTES]);
    const proof = await checkHotStuff2Proof(file('c'), { network, signal });
    expect(proof).toMatchObject({ ok: true, value: [{ name: 'key', text: 'c' }, { name: 'value', text: '3' }, { name: 'block', text: '1 (view 0)' }, { name: 'hash', text: final.id }, { name: 'time' }] });
    expect(proof.steps.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'done'));
    expect((await checkHotStuff2Proof(file('b'), { network, signal })).value[1]?.text).toContain('absent');
    // As the page that reads values shows them, and not all of a long one.
    const shown = async (key: string) => (await checkHotStuff2Proof(file(key), { network, signal })).value[0]?.text;
    expect([await shown('é'), await shown('\0'), await shown('k'.repeat(1001))]).toEqual(['é', '0x00', `${'k'.repeat(1000)}…`]);
  });

  it('made by a client after its validators have changed shows how they took over', async () => {
    const next = testSet('next');
    const values = new KeyValueState();
    const row = [maker.genesis];
    const sets = [[maker.set, maker.set], [maker.set, next], [maker.set, next], [next, next], [next, next], [next, next]] as const;
    for (const [at, [set, announced]] of sets.entries()) row.push(maker.make(row.at(-1)!, values, { set, next: announced, operations: at === 0 ? [put('c', '3')] : [] }));
    const { chain } = testChain(network, { fetchSet: async (hash) => (hash === next.hash ? encodeValidatorSet(next) : undefined) });
    await runThrough(chain, row.slice(1));
    for (const item of row.slice(chain.tip().height + 1)) await chain.push(item, signal);
    expect(chain.final.header.validators).toBe(next.hash);
    const proof = await checkHotStuff2Proof(chain.proofFile(bytesOf('c'))!, { network, signal });
    expect(proof).toMatchObject({ ok: true, value: [{ name: 'key', text: 'c' }, { name: 'value', text: '3' }, {}, {}, {}] });
    expect(proof.steps.find(({ name }) => name === 'sets')?.data).toEqual({ handOvers: 1 });

    // One that begins with the new validators is for those whose network file pins a block of theirs.
    const [pinned, last, after] = row.slice(-3);
    const ofNext = encodeProofFile({ chainId: network.chainId, key: bytesOf('c'), finality: decodeFinalityProof(Losers.proofOf(last!, after!)), sets: [next], state: proveState(values, bytesOf('c')) });
    const pinning = { ...network, pinned: { header: toHex(pinned!.block.headerBytes), validators: toHex(encodeValidatorSet(next)) } };
    expect(await checkHotStuff2Proof(ofNext, { network: pinning, signal })).toMatchObject({ ok: true, value: [{ text: 'c' }, { text: '3' }, {}, {}, {}] });
    expect((await checkHotStuff2Proof(ofNext, { network, signal })).steps.map(({ code }) => code)).toContain('set-not-trusted');
  });

  it('is refused at its step', async () => {
    const states = async (bytes: Uint8Array, of: unknown) => {
      const { ok, steps, value } = await checkHotStuff2Proof(bytes, { network: of, signal });
      expect([ok, value]).toEqual([false, []]);
      return steps.map(({ state, code }) => code ?? state);
    };
    expect(await states(file('c'), undefined)).toEqual(['open', 'unknown-network', 'open', 'open', 'open']);
    expect(await states(file('c'), { chain: 'hotstuff2' })).toEqual(['open', 'unknown-network', 'open', 'open', 'open']);
    expect(await states(file('c').slice(0, 60), network)).toEqual(['damaged', 'open', 'open', 'open', 'open']);
    const last = file('c').length - 1;
    expect(await states(file('c').with(last, file('c')[last]! ^ 1), network)).toEqual(['done', 'done', 'done', 'done', 'state']);
  });
});

describe('a receipt of Moloch', () => {
  const early = makeChain(3);
  const event = eventOf(42);
  const block = blockAfter(early.at(-1), { events: [event] });
  const network = networkOf(early[0]!);
  const bare = { header: block.item.block.header, events: [event] };
  const file = makeMolochReceipt({ network, trusted: trustedHeaderOf(block.item.block), header: bare.header, proof: makeCompactProof(bare, 0), event });

  it('is known by its first bytes, and shows the event and its block', async () => {
    expect([proofKindOf(file)?.chain, limitOf('moloch')]).toEqual(['moloch', MAX_RECEIPT]);
    const proof = await checkMolochReceipt(file, { network, signal });
    expect(proof).toMatchObject({ ok: true, chain: 'moloch', value: [{ name: 'event' }, { name: 'block', text: `${block.item.height}, event 0` }, { name: 'hash', text: block.item.id }, { name: 'time' }] });
    expect(proof.steps.every(({ state }) => state === 'done')).toBe(true);
  });

  it('is refused at its step', async () => {
    const first = async (bytes: Uint8Array, of: unknown) => {
      const { ok, steps } = await checkMolochReceipt(bytes, { network: of, signal });
      const failed = steps.find(({ state }) => state === 'failed');
      return [ok, failed?.name, failed?.code];
    };
    expect(await first(file, undefined)).toEqual([false, 'network', 'unknown-network']);
    expect(await first(file, { chain: 'moloch' })).toEqual([false, 'network', 'unknown-network']);
    expect(await first(file.slice(0, 40), network)).toEqual([false, 'format', 'damaged']);
    expect(await first(file.with(file.length - 1, file.at(-1)! ^ 1), network)).toEqual([false, expect.any(String), expect.any(String)]);
  });
});
