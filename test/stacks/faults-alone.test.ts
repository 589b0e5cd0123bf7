import { describe, expect, it, vi } from 'vitest';
import { FAULTS, faultyGateways, VERDICTS } from '../support/stacks/faulty-gateways.ts';
import { banned, waits } from '../support/stacks/stacks-bench.ts';

const { net, urlOf, withClient } = faultyGateways();

describe.concurrent('a gateway with a fault alone: what is wrong is told, and nothing false is believed', () => {
  it.each(FAULTS)('%s', async (fault) => {
    const verdict = VERDICTS[fault];
    const at = FAULTS.indexOf(fault);
    await withClient([urlOf(at)], async ({ client, told }) => {
      if ('code' in verdict) {
        await vi.waitFor(() => expect(client.getStatus().reason?.code).toBe('peers-banned'), waits);
        expect(banned(client)).toMatchObject([{ address: urlOf(at), reason: { code: verdict.code } }]);
        expect(client.getHead().latest.hash).toBe(net().network.checkpoint.block.id);
      } else if (verdict.alone === 'works') {
        await vi.waitFor(() => expect(client.getHead().latest.hash).toBe(net().viewOf(at).tip.id), waits);
        expect(banned(client)).toEqual([]);
      } else {
        const { reason, dial } = verdict.alone;
        await vi.waitFor(() => expect(client.getStatus().reason?.code).toBe(reason), waits);
        if (dial) expect(told.log.filter(({ code }) => code === 'peer-not-reached')).toMatchObject([{ data: { reason: dial } }]);
        expect(banned(client)).toEqual([]);
      }
    });
  });
});
