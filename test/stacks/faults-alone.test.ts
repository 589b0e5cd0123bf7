import { describe, expect, it, vi } from 'vitest';
import { BANNED, faultyGateways, FOLLOWED, USELESS } from '../support/stacks/faulty-gateways.ts';
import { banned, waits } from '../support/stacks/stacks-bench.ts';

const { net, indexOf, urlOf, withClient } = faultyGateways();

describe.concurrent('a gateway with a fault alone: what is wrong is told, and nothing false is believed', () => {
  it.each(BANNED)('%s: it is banned with the code %s, and there is no other', async (fault, code) => {
    await withClient([urlOf(fault)], async ({ client }) => {
      await vi.waitFor(() => expect(client.getStatus().reason?.code).toBe('peers-banned'), waits);
      expect(banned(client)).toMatchObject([{ address: urlOf(fault), reason: { code } }]);
      expect(client.getHead().latest.hash).toBe(net().network.checkpoint.block.id);
    });
  });

  it.each(FOLLOWED)('%s: its head is followed', async (fault) => {
    await withClient([urlOf(fault)], async ({ client }) => {
      await vi.waitFor(() => expect(client.getHead().latest.hash).toBe(net().viewOf(indexOf(fault)).tip.id), waits);
      expect(banned(client)).toEqual([]);
    });
  });

  it.each(USELESS)('%s: the reason is %s', async (fault, reason) => {
    await withClient([urlOf(fault)], async ({ client }) => {
      await vi.waitFor(() => expect(client.getStatus().reason?.code).toBe(reason), waits);
      expect(banned(client)).toEqual([]);
    });
  });

  it('the log names why it is of no use', async () => {
    const reasons = await Promise.all((['no-pox', 'gateway-down', 'rate-limited', 'empty'] as const).map(async (fault) => {
      let reason: unknown;
      await withClient([urlOf(fault)], async ({ told }) => {
        reason = (await vi.waitUntil(() => told.log.find(({ code }) => code === 'peer-not-reached'), waits)).data['reason'];
      });
      return reason;
    }));
    expect(reasons).toEqual(['refused', 'disconnected', 'rate-limited', 'refused']);
  });
});
