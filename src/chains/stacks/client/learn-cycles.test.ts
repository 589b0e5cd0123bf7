import { beforeAll, describe, expect, it, vi } from 'vitest';
import { backFrom, signedBy } from '../../../../devnet/stacks/dev-block.ts';
import { MarfDraft } from '../../../../devnet/stacks/marf-trie.ts';
import { proveKey } from '../../../../devnet/stacks/prove-key.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { chainOf, gatewayOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import { signerSetKey } from '../proofs/hand-over.ts';
import type { Gateway } from '../net/gateway.ts';
import type { MarfEntry } from '../wire/marf-proof.ts';
import { learnCycles } from './learn-cycles.ts';

const { signal } = new AbortController();
let net: StacksNet;

beforeAll(async () => {
  net = await smallNet({ cycles: 4 });
});

function setup(changes: Partial<Gateway> = {}, cycle = 1) {
  const world = chainOf(net.networkWith({ checkpoint: cycle }));
  const gateway = gatewayOf(net, changes);
  const { cycles } = world.chain;
  return { gateway, cycles, learn: (target: number) => learnCycles(gateway, target, { ...world.options, cycles, signal }) };
}

describe('signer sets, cycle by cycle', () => {
  it('from the checkpoint to the newest, each with what proves it', async () => {
    const { learn, cycles, gateway } = setup();
    await learn(4);
    expect(cycles.newest).toBe(4);
    for (const cycle of [2, 3, 4]) expect(cycles.setOf(cycle)!.members.map(({ keyHash, weight }) => [keyHash, weight])).toEqual(net.chain.sets.of(cycle).map(({ key, weight }) => [key.keyHash, weight]));
    expect(cycles.handOvers.map(({ set, statement }) => set.cycle * 1000 + statement.header.chainLength).every((it, i, all) => i === 0 || it > all[i - 1]!)).toBe(true);
    expect(cycles.setOf(5)).toBeUndefined();
    expect(cycles.floorOf(5)).toEqual({ height: Infinity, time: Infinity });
    gateway.calls.length = 0;
    await learn(4);
    expect(gateway.calls).toEqual([]);
  });

  it('a forged stacker set changes nothing: the proven one is kept, and the gateway has committed an offence', async () => {
    const forged = setup({ signerKeys: async (cycle) => net.chain.sets.of(cycle).map(({ key, weight }, i) => ({ key: key.key, weight: i === 0 ? weight + 1 : weight })) });
    await expect(forged.learn(2)).rejects.toMatchObject({ name: 'PeerFault', code: 'candidate-weight', weight: 'offence' });
    expect(forged.cycles.setOf(2)!.members.map(({ weight }) => weight)).toEqual(net.chain.sets.of(2).map(({ weight }) => weight));
    const none = setup({ signerKeys: async () => undefined });
    await none.learn(3);
    expect(none.cycles.newest).toBe(3);
  });

  it('an altered proof, another value, a header that the set did not sign: lies, and nothing is learned', async () => {
    const { state, tenureTip } = gatewayOf(net);
    const altered = (change: (answer: { readonly value: string; readonly proof: readonly MarfEntry[] }) => object) => setup({
      state: async (path, tip, ask) => {
        const answer = (await state(path, tip, ask))!;
        return { ...answer, value: { ...answer.value, ...change({ value: answer.value.value, proof: answer.value.proof! }) } };
      },
    });
    const flipped = altered(({ proof }) => ({ proof: proof.map((entry): MarfEntry => (entry.kind === 'node' ? { ...entry, hashes: entry.hashes.map((hash, i) => (i === 3 ? hash.map((byte) => byte ^ 1) : hash)) } : entry)) }));
    await expect(flipped.learn(2)).rejects.toMatchObject({ name: 'PeerFault', code: 'false-state', weight: 'lie' });
    const other = altered(({ value }) => ({ value: value.replace(/.$/u, (digit) => (digit === '1' ? '2' : '1')) }));
    await expect(other.learn(2)).rejects.toMatchObject({ code: 'false-state', weight: 'lie' });
    const unsigned = setup({
      tenureTip: async (consensusHash, ask) => {
        const tip = await tenureTip(consensusHash, ask);
        return tip?.kind === 'nakamoto' ? { ...tip, header: { ...tip.header, signerSignatures: [] } } : tip;
      },
    });
    await expect(unsigned.learn(2)).rejects.toMatchObject({ code: 'weight', weight: 'lie' });
    expect([flipped, other, unsigned].map(({ cycles }) => cycles.newest)).toEqual([1, 1, 1]);
  });

  it('no entry, no proof, no block of the cycle: refused, without blame', async () => {
    const absent = setup({ state: async () => undefined });
    const squashed = setup({ state: async () => ({ value: { value: '00', proof: undefined }, size: 1 }) });
    const empty = setup({ tenureTip: async () => undefined });
    for (const { learn } of [absent, squashed, empty]) await expect(learn(2)).rejects.toBeInstanceOf(RequestError);
    await expect(setup({}).learn(9)).rejects.toMatchObject({ code: 'refused' });
  });

  it.each([
    ['0a0b00000000', { name: 'StacksClientError', code: 'no-participation', data: { cycle: 2 } }],
    ['0a0100000000000000000000000000000001', { name: 'PeerFault', code: 'hand-over', weight: 'offence' }],
  ])('a state that names no signers (%s)', async (value, error) => {
    const last = [...backFrom(net.tip)].find(({ tenure }) => net.chain.cycleOf(tenure) === 1)!;
    const state = new MarfDraft().put(signerSetKey(2, { mainnet: false }), value).seal(() => last.id);
    const header = signedBy({ ...last.header!, stateRoot: state.stateRoot }, net.chain.sets.of(1).map(({ key }) => key));
    const shown = proveKey(state, signerSetKey(2, { mainnet: false }))!;
    const { learn, cycles } = setup({ tenureTip: async () => ({ kind: 'nakamoto', header }), state: async () => ({ value: shown, size: 1 }) });
    await expect(learn(2)).rejects.toMatchObject(error);
    expect(cycles.newest).toBe(1);
  });

  it('a gateway that names another block than that of the tenure lies', async () => {
    const { tenureTip } = gatewayOf(net);
    const foreign = setup({ tenureTip: async () => tenureTip(net.tip.tenure.consensusHash, { signal }) });
    await expect(foreign.learn(2)).rejects.toMatchObject({ code: 'foreign-tenure', weight: 'lie' });
  });

  it('a header whose JSON cannot be read is asked for in bytes', async () => {
    const { learn, cycles, gateway } = setup({ tenureTip: async () => Promise.reject(new RequestError('malformed', 'another form')) });
    await learn(2);
    expect([cycles.newest, gateway.calls.includes('header')]).toEqual([2, true]);
    await expect(setup({ tenureTip: async () => Promise.reject(new RequestError('timeout', 'late')) }).learn(2)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('two gateways at once learn each cycle once', async () => {
    const { learn, cycles } = setup();
    await Promise.all([learn(4), learn(4)]);
    expect(cycles.handOvers.map(({ set }) => set.cycle)).toEqual([2, 3, 4]);
  });

  it('a cycle that was learned while its proof was fetched is not learned again: one wrong stacker set is one offence', async () => {
    const { state } = gatewayOf(net);
    const late = Promise.withResolvers<void>();
    let asked = 0;
    const { learn, cycles, gateway } = setup({
      async state(...args) {
        asked += 1;
        if (asked === 1) await late.promise;
        return state(...args);
      },
      signerKeys: async (cycle) => net.chain.sets.of(cycle).map(({ key, weight }) => ({ key: key.key, weight: weight + 1 })),
    });
    const beside = learn(2);
    await vi.waitFor(() => expect(asked).toBe(1));
    await expect(learn(2)).rejects.toMatchObject({ code: 'candidate-weight' });
    late.resolve();
    await beside;
    expect([cycles.newest, gateway.calls.filter((call) => call === 'signerKeys').length]).toEqual([2, 1]);
  });
});
