import { describe, expect, it, vi } from 'vitest';
import { STACKS_FAULTS } from '../../devnet/stacks/stacks-faults.ts';
import type { StacksCycle, StacksTransactionAnswer } from '../../src/chains/stacks/chain/details.ts';
import type { Answer } from '../../src/engine/questions.ts';
import { FAULTS, faultyGateways, LATER, VERDICTS } from '../support/stacks/faulty-gateways.ts';
import { atHead, banned, stacksBench, waits } from '../support/stacks/stacks-bench.ts';

const { net, urlOf, withClient } = faultyGateways();

describe.concurrent('a gateway with a fault beside two honest ones: the head is right, and nobody else is blamed', () => {
  it.each(FAULTS)('%s', async (fault) => {
    const verdict = VERDICTS[fault];
    const at = FAULTS.indexOf(fault);
    await withClient([urlOf(at), urlOf(-2), urlOf(-1)], async ({ client }) => {
      await atHead(client, net());
      net().produceTenures(1, 5);
      await atHead(client, net());
      if ('code' in verdict) await vi.waitFor(() => expect(banned(client)).toHaveLength(1), waits);
      expect(banned(client)).toMatchObject('code' in verdict ? [{ address: urlOf(at), reason: { code: verdict.code } }] : []);
      // One that lies is gone by now.
      if ('code' in verdict) return;
      const [id] = net().tip.transactionIds;
      expect((await client.ask('getTransaction', [id])) as Answer<StacksTransactionAnswer>).toMatchObject({ value: { id, standing: 'linked' } });
      expect(await client.ask('getAccount', [net().chain.users[0]!.address])).toMatchObject({ level: 'pinned', finality: 'final' });
    });
  });
});

describe('what the signers of a cycle have signed, too', () => {
  const { network, clientOf } = stacksBench();

  it('every fault has its verdict here', () => {
    expect([...FAULTS, 'forged-set', 'wrong-count', 'other-fork'].toSorted()).toEqual(Object.keys(STACKS_FAULTS).toSorted());
  });

  it('forged-set: the proven sets count, and the gateway has committed offences', async () => {
    const own = await network({ gateways: 3 });
    own.fault(0, 'forged-set');
    for (const i of [1, 2]) own.fault(i, 'slow', { delay: LATER });
    const { client, told } = await clientOf(own);
    await atHead(client, own);
    expect(((await client.ask('getCycles', [])) as readonly StacksCycle[]).map(({ totalWeight }) => totalWeight)).toEqual([100, 100, 100]);
    await vi.waitFor(() => expect(told.log.filter(({ code }) => code === 'peer-offence')).toMatchObject(expect.arrayContaining([{ data: { peer: own.gateways[0]!.url, reason: 'candidate-weight' } }].map((it) => expect.objectContaining({ data: expect.objectContaining(it.data) })))), waits);
    expect(banned(client).filter(({ address }) => address !== own.gateways[0]!.url)).toEqual([]);
  });

  it.each(['other-fork', 'wrong-count'] as const)('%s: of two signed branches the higher one is followed; once both are confirmed the chain halts, and no gateway is to blame', async (fault) => {
    const own = await network({ gateways: 3 });
    own.fault(0, fault);
    const { client } = await clientOf(own);
    const other = own.viewOf(0).tip;
    await vi.waitFor(() => expect(client.getHead().latest.hash).toBe(other.id), waits);
    own.produceTenures(3, 3);
    await vi.waitFor(() => expect(client.getStatus()).toMatchObject({ phase: 'failed', reason: { code: 'chain-halted' } }), waits);
    expect(banned(client)).toEqual([]);
  });
});
