import { describe, expect, it, vi } from 'vitest';
import { STACKS_FAULTS } from '../../devnet/stacks/stacks-faults.ts';
import type { StacksCycle, StacksTransactionAnswer } from '../../src/chains/stacks/chain/details.ts';
import type { Answer } from '../../src/engine/questions.ts';
import { BANNED, faultyGateways, FOLLOWED, LATER, SIGNED, USELESS } from '../support/stacks/faulty-gateways.ts';
import { atHead, banned, stacksBench, waits } from '../support/stacks/stacks-bench.ts';

const { net, urlOf, honest, withClient } = faultyGateways();
const HARMLESS = [...FOLLOWED, ...USELESS.map(([fault]) => fault)];

describe.concurrent('a gateway with a fault beside two honest ones: the head is right, and nobody else is blamed', () => {
  it.each(BANNED)('%s: it is banned with the code %s', async (fault, code) => {
    await withClient([urlOf(fault), ...honest()], async ({ client }) => {
      await atHead(client, net());
      net().produceBlocks(1);
      await atHead(client, net());
      await vi.waitFor(() => expect(banned(client)).toHaveLength(1), waits);
      expect(banned(client)).toMatchObject([{ address: urlOf(fault), reason: { code } }]);
    });
  });

  it.each(HARMLESS)('%s: it is left alone, and a question is answered', async (fault) => {
    await withClient([urlOf(fault), ...honest()], async ({ client }) => {
      await atHead(client, net());
      net().produceBlocks(1);
      await atHead(client, net());
      const [id] = net().tip.transactionIds;
      expect((await client.ask('getTransaction', [id])) as Answer<StacksTransactionAnswer>).toMatchObject({ value: { id, standing: 'linked' } });
      expect(banned(client)).toEqual([]);
    });
  });

  it('no-proofs: values come from the others', async () => {
    await withClient([urlOf('no-proofs'), ...honest()], async ({ client }) => {
      await atHead(client, net());
      expect(await client.ask('getAccount', [net().chain.users[0]!.address])).toMatchObject({ level: 'pinned', finality: 'final' });
    });
  });
});

describe('what the signers of a cycle have signed, too', () => {
  const { network, clientOf } = stacksBench();

  it('every fault of the local network is in these tables', () => {
    expect([...BANNED.map(([fault]) => fault), ...HARMLESS, ...SIGNED].toSorted()).toEqual(Object.keys(STACKS_FAULTS).toSorted());
  });

  it('forged-set: the proven sets count, and the gateway has committed offences', async () => {
    const own = await network({ gateways: 3 });
    own.fault(0, 'forged-set');
    for (const i of [1, 2]) own.fault(i, 'slow', { delay: LATER });
    const { client, told } = await clientOf(own);
    await atHead(client, own);
    expect(((await client.ask('getCycles', [])) as readonly StacksCycle[]).map(({ totalWeight }) => totalWeight)).toEqual([100, 100, 100]);
    const isOffence = (data: Readonly<Record<string, unknown>>) => data['peer'] === own.gateways[0]!.url && data['reason'] === 'candidate-weight';
    await vi.waitFor(() => expect(told.log.some(({ code, data }) => code === 'peer-offence' && isOffence(data))).toBe(true), waits);
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
