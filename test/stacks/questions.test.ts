import { describe, expect, it, vi } from 'vitest';
import type { StacksAccount, StacksCycleCheck, StacksInventory, StacksStateAnswer, StacksTransactionAnswer } from '../../src/chains/stacks/chain/details.ts';
import type { Answer } from '../../src/engine/questions.ts';
import { isStacksProofFile } from '../../src/chains/stacks/proofs/proof-file.ts';
import { atHead, banned, stacksBench, waits } from '../support/stacks/stacks-bench.ts';

const { network, clientOf } = stacksBench();

describe('questions to gateways over HTTP', () => {
  it('account, transaction, inventory, tenures of a cycle, and a proof file; all by GET', async () => {
    const net = await network({ gateways: 2 });
    const { client } = await clientOf(net);
    await atHead(client, net);
    const { address } = net.chain.users[0]!;
    const account = (await client.ask('getAccount', [address])) as StacksStateAnswer<StacksAccount>;
    expect(account).toMatchObject({ level: 'pinned', finality: 'final', value: { principal: address, unlocked: expect.any(BigInt) as bigint } });
    expect(account.proof.bytes).toBeGreaterThan(1_000);
    const id = net.tip.transactionIds[0]!;
    expect((await client.ask('getTransaction', [id])) as Answer<StacksTransactionAnswer>).toMatchObject({ value: { id, standing: 'linked' }, block: { hash: net.tip.id } });
    expect((await client.ask('getInventory', [2])) as StacksInventory).toMatchObject({ source: 'derived', cycle: 2 });
    expect((await client.ask('verifyCycle', [3])) as StacksCycleCheck).toMatchObject({ cycle: 3, linked: true, gated: 0 });
    const file = (await client.ask('proveStateValue', [{ kind: 'balance', account: address }])) as Answer<Uint8Array>;
    expect(isStacksProofFile(file.value)).toBe(true);
    expect(new Set(net.log.all.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(client.getTrust().checked['stateProofs']).toBeGreaterThanOrEqual(2);
  });

  it('a value that was changed is refused with the reason, and the gateways that sent it are banned', async () => {
    const net = await network({ gateways: 2 });
    const { client } = await clientOf(net);
    await atHead(client, net);
    await vi.waitFor(() => expect(client.getPeers()).toHaveLength(2), waits);
    net.fault('all', 'altered-value');
    const { address } = net.chain.users[0]!;
    await expect(client.ask('getAccount', [address])).rejects.toMatchObject({ name: 'QuestionError', code: 'no-answer', data: { reason: 'false-state' } });
    expect(banned(client)).toMatchObject([{ reason: { code: 'false-state', data: { rule: 'value' } } }, { reason: { code: 'false-state' } }]);
  });
});

describe('a question before the client is live', () => {
  it('waits for gateways, signer sets and blocks, and is answered', async () => {
    const net = await network({ gateways: 2 });
    const { client } = await clientOf(net);
    expect(client.getStatus().phase).toBe('connecting');
    const { address } = net.chain.users[0]!;
    const id = net.tip.transactionIds[0]!;
    const [account, transaction] = await Promise.all([client.ask('getAccount', [address]), client.ask('getTransaction', [id])]);
    expect(account).toMatchObject({ level: 'pinned', finality: 'final' });
    expect(transaction).toMatchObject({ value: { id } });
  });

  it('rejects with no-peers where no gateway answers, and with its deadline where one is slow', async () => {
    const net = await network({ gateways: 2 });
    net.fault('all', 'gateway-down');
    const { client } = await clientOf(net);
    const { address } = net.chain.users[0]!;
    await expect(client.ask('getAccount', [address])).rejects.toMatchObject({ name: 'QuestionError', code: 'no-peers' });
    net.fault('all', 'none');
    net.fault('all', 'slow', { delay: 60_000 });
    const other = await clientOf(net);
    const ending = new AbortController();
    const answer = other.client.ask('getAccount', [address], { signal: ending.signal });
    ending.abort(new Error('deadline'));
    await expect(answer).rejects.toThrow('deadline');
  });
});

describe('the checkpoint', () => {
  it('is called old when it is, and its trust is told', async () => {
    const net = await network();
    const { client, told } = await clientOf(net);
    await atHead(client, net);
    // The local network begins in 2023.
    await vi.waitFor(() => expect(told.notices.map(({ code }) => code)).toContain('checkpoint-old'), waits);
    expect(told.notices.find(({ code }) => code === 'checkpoint-old')).toMatchObject({ level: 'warning', data: { days: expect.any(Number) as number } });
    expect(client.getTrust()).toMatchObject({ anchor: { kind: 'pinned', hash: net.network.checkpoint.block.id } });
  });
});

