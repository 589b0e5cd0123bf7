import { beforeAll, describe, expect, it } from 'vitest';
import { backFrom } from '../../../../devnet/stacks/dev-block.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { peerOf } from '../../../../test/support/stacks/line-of.ts';
import { chainOf, gatewayOf, smallNet, verifyOnce } from '../../../../test/support/stacks/stacks-world.ts';
import type { StacksAccount, StacksInventory, StacksStateAnswer, StacksTransactionAnswer } from '../chain/details.ts';
import { checkpointSet } from '../chain/network.ts';
import type { Answer } from '../../../engine/questions.ts';
import type { Gateway } from '../net/gateway.ts';
import { verifyStacksProof } from '../proofs/verify-proof-file.ts';
import { serialisedHex } from '../proofs/state-key.ts';
import { stacksQuestions } from './stacks-questions.ts';

const { signal } = new AbortController();
let net: StacksNet;
let world: ReturnType<typeof chainOf>;

beforeAll(async () => {
  net = await smallNet();
  world = chainOf(net.network);
  const { peer } = peerOf(net, world, gatewayOf(net));
  const target = await peer.proveTarget(0, { signal });
  await world.chain.snapshots!.import({ id: '', height: target.height, chunks: 0, size: undefined }, []);
  for (const item of (await peer.getBlocks(target.height + 1, 1_000, { signal })).value) await world.chain.push(item, signal);
});

function setup(...gateways: readonly Gateway[]) {
  const stored: StacksInventory[] = [];
  const made = gateways.map((gateway) => peerOf(net, world, gateway));
  const questions = stacksQuestions({
    ...world.options, verify: verifyOnce, clock: world.clock, counted: () => undefined,
    inventories: { stored: async (cycle) => stored.find((it) => it.cycle === cycle), keep: async (inventory) => void stored.push(inventory) },
  });
  const ask = async <T>(name: string, ...args: unknown[]): Promise<T> => (await questions[name]!(args, { peers: made.map(({ peer }) => peer), signal })) as T;
  return { ask, stored, faults: made.map(({ faults }) => faults) };
}

const altered = () => {
  const { state } = gatewayOf(net);
  return gatewayOf(net, { state: async (path, tip, ask) => state(path, tip, ask).then((answer) => answer && { ...answer, value: { ...answer.value, value: answer.value.value.replace(/.$/u, (it) => (it === '1' ? '2' : '1')) } }) });
};

describe('values of the state', () => {
  it('an account on the newest confirmed block, or on the newest signed one', async () => {
    const { ask } = setup(gatewayOf(net));
    const [user] = net.chain.users;
    const final = await ask<StacksStateAnswer<StacksAccount>>('getAccount', user!.address);
    const at = net.viewOf(0).block(world.chain.tip().id)!;
    expect(final).toMatchObject({ level: 'pinned', finality: 'final', block: { hash: at.id }, value: { principal: user!.address } });
    expect(final.value.nonce).toBe(Number(net.chain.valueAt(at, `vm-account::${user!.address}::18`) ?? Number.NaN) || undefined);
    expect(final.proof.path.at(-1)!.block).toBe(at.id);
    const latest = await ask<StacksStateAnswer<StacksAccount>>('getAccount', user!.address, { at: 'latest' });
    expect(latest).toMatchObject({ finality: 'pending', block: { hash: net.tip.id } });
  });

  it('a variable and an entry of a map', async () => {
    const { ask } = setup(gatewayOf(net));
    const set = await ask<StacksStateAnswer<{ readonly kind: string; readonly value: { readonly type: string } }>>('getContractValue', `${net.network.bootAddress}.signers`, 'cycle-signer-set', serialisedHex({ type: 'uint', value: 3n }));
    expect(set.value).toMatchObject({ kind: 'map-entry', value: { type: 'list' } });
    const last = await ask<StacksStateAnswer<unknown>>('getContractValue', `${net.network.bootAddress}.signers`, 'last-set-cycle');
    expect(last.value).toMatchObject({ kind: 'variable', value: { type: 'uint' } });
  });

  it('a false proof bans the gateway, and the next one answers; 404 proves nothing', async () => {
    const [user] = net.chain.users;
    const { ask, faults } = setup(altered(), gatewayOf(net));
    expect((await ask<StacksStateAnswer<StacksAccount>>('getAccount', user!.address)).finality).toBe('final');
    expect(faults).toMatchObject([[{ code: 'false-state', weight: 'lie', data: { rule: 'value' } }], []]);
    const alone = setup(altered());
    await expect(alone.ask('getAccount', user!.address)).rejects.toMatchObject({ name: 'QuestionError', code: 'no-answer', data: { reason: 'false-state' } });
    const absent = setup(gatewayOf(net, { state: async () => undefined }));
    await expect(absent.ask('getAccount', user!.address)).rejects.toMatchObject({ code: 'no-answer', data: { reason: 'absence-not-provable' } });
    expect(absent.faults).toEqual([[]]);
    await expect(setup().ask('getAccount', user!.address)).rejects.toMatchObject({ code: 'no-peers' });
  });

  it('arguments that are none are refused at the door', async () => {
    const { ask } = setup(gatewayOf(net));
    const wrong: readonly (readonly [string, ...unknown[]])[] = [
      ['getAccount'], ['getAccount', 7], ['getAccount', 'SP123'], ['getAccount', net.chain.users[0]!.address, { at: 'never' }], ['getAccount', net.chain.users[0]!.address, 3],
      ['getContractValue', net.chain.users[0]!.address, 'x'], ['getContractValue', net.chain.demo, 'no name'], ['getContractValue', net.chain.demo, 'map', 'zz'], ['getStateValue', null], ['getStateValue', { kind: 'other' }],
      ['getStateValue', { kind: 'nonce', account: {} }], ['getTransaction', 'ab'], ['getTransaction', 'ab'.repeat(32), 3], ['getInventory', -1], ['getInventory', '1'], ['proveStateValue', 'x'],
    ];
    for (const [name, ...args] of wrong) await expect(ask(name, ...args), `${name} ${JSON.stringify(args)}`).rejects.toMatchObject({ name: 'QuestionError', code: 'bad-argument' });
    for (const principal of ['SP123', 7]) await expect(ask('getAccount', principal)).rejects.toMatchObject({ data: { argument: 'principal' } });
    await expect(ask('getAccount', net.chain.users[0]!.address, { minLevel: 'proven' })).rejects.toMatchObject({ code: 'level-too-low' });
  });

  it('a proof file that the offline verifier takes', async () => {
    const { ask } = setup(gatewayOf(net));
    const { address } = net.chain.users[0]!;
    const { value } = await ask<Answer<Uint8Array>>('proveStateValue', { kind: 'balance', account: address }, { at: 'latest' });
    const { checkpoint, networkId } = net.network;
    const verdict = await verifyStacksProof(value, { networkId, mainnet: false, checkpoint: { ...checkpointSet(checkpoint), height: checkpoint.block.height } }, { verify: verifyOnce });
    expect(verdict).toMatchObject({ ok: true, cycle: 3, key: { kind: 'balance', account: address }, block: { id: net.tip.id }, handOvers: [{ cycle: 2 }, { cycle: 3 }] });
  });
});

describe('transactions', () => {
  const some = () => [...backFrom(net.tip)].filter(({ header }) => header);

  it('in a block that is here, in one that hashes lead down to, and in one that only its signers show', async () => {
    const { ask } = setup(gatewayOf(net));
    const [newest, , , , , , below] = some();
    const first = some().findLast(({ height }) => height > net.network.checkpoint.block.height)!;
    const here = await ask<Answer<StacksTransactionAnswer>>('getTransaction', newest!.transactionIds[0]!, undefined, {});
    expect(here).toMatchObject({ finality: 'pending', block: { hash: newest!.id }, value: { index: 0, standing: 'linked', bytes: newest!.transactions[0]!.bytes } });
    const linked = await ask<Answer<StacksTransactionAnswer>>('getTransaction', below!.transactionIds.at(-1)!, below!.id, {});
    expect(linked).toMatchObject({ finality: 'final', value: { index: below!.transactionIds.length - 1, standing: 'linked' }, block: { hash: below!.id } });
    // A chain that has no block leads down to none.
    const bare = chainOf(net.network);
    const alone = stacksQuestions({ ...bare.options, clock: bare.clock, counted: () => undefined, inventories: { stored: async () => undefined, keep: async () => undefined } });
    const context = { peers: [peerOf(net, bare, gatewayOf(net)).peer], signal };
    expect(await alone['getTransaction']!([first.transactionIds[0]!], context)).toMatchObject({ finality: 'pending', value: { standing: 'signed' } });
    await expect(alone['getTransaction']!([newest!.transactionIds[0]!], context)).rejects.toMatchObject({ data: { reason: 'cycle-unproven' } });
  });

  it('not in the block, in no block, in a block with another root', async () => {
    const [newest] = some();
    const { ask } = setup(gatewayOf(net));
    await expect(ask('getTransaction', 'ab'.repeat(32), newest!.id)).rejects.toMatchObject({ data: { reason: 'not-in-block' } });
    await expect(ask('getTransaction', 'ab'.repeat(32))).rejects.toMatchObject({ data: { reason: 'absence-not-provable' } });
    const forged = setup(gatewayOf(net, { block: async () => ({ value: { header: newest!.header!, transactions: newest!.transactions.slice(1) }, size: 1 }) }));
    await expect(forged.ask('getTransaction', newest!.transactionIds[0]!, newest!.id)).rejects.toMatchObject({ data: { reason: 'transaction-root' } });
    expect(forged.faults).toMatchObject([[{ code: 'transaction-root', weight: 'lie' }]]);
  });
});

describe('cycles and inventories', () => {
  it('the cycles are told without a gateway', async () => {
    const { ask } = setup();
    expect(await ask('getCycles')).toMatchObject([{ cycle: 1, from: 'checkpoint' }, { cycle: 2, from: 'hand-over', weight: { total: expect.any(Number) as number } }, { cycle: 3 }]);
  });

  it('an inventory has the bits of tenures that began; that of a past cycle is derived once', async () => {
    const gateway = gatewayOf(net);
    const { ask, stored } = setup(gateway);
    const began = new Set(all().map(({ tenure }) => tenure.burnHeight));
    for (const cycle of [1, 2, 3]) {
      const { bits, from, source } = await ask<StacksInventory>('getInventory', cycle);
      expect(source).toBe('derived');
      expect(bits).toEqual(Array.from({ length: bits.length }, (_, i) => began.has(from + i)));
    }
    expect(stored.map(({ cycle, next }) => [cycle, next])).toEqual([[1, undefined], [2, undefined], [3, undefined]]);
    gateway.calls.length = 0;
    await ask('getInventory', 2);
    expect(gateway.calls).toEqual([]);
    await expect(ask('getInventory', 99)).rejects.toMatchObject({ code: 'no-answer', data: { reason: 'cycle-not-begun' } });
  });

  const all = () => [...backFrom(net.tip)];
});
