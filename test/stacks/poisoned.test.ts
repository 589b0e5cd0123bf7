import { describe, expect, it, vi } from 'vitest';
import { atHead, banned, stacksBench, waits } from '../support/stacks/stacks-bench.ts';

const { network, clientOf } = stacksBench();

describe('a poisoned gateway beside two honest ones', () => {
  it('is told as banned with its code and address, and the head is right', async () => {
    const [fault, code] = ['altered-proof', 'false-state'] as const;
    const net = await network({ gateways: 3 });
    net.fault(0, fault);
    const { client, told } = await clientOf(net);
    await atHead(client, net);
    await vi.waitFor(() => expect(banned(client)).toHaveLength(1), waits);
    expect(banned(client)[0]).toMatchObject({ address: net.gateways[0]!.url, reason: { code } });
    expect(told.notices.find((notice) => notice.code === 'peer-banned')).toMatchObject({ data: { reason: code, address: net.gateways[0]!.url } });
    net.produceBlocks(1);
    await atHead(client, net);
  });

  it('one that sends another block than asked for while it is followed', async () => {
    const net = await network({ gateways: 3 });
    const { client } = await clientOf(net);
    await atHead(client, net);
    await vi.waitFor(() => expect(client.getPeers()).toHaveLength(3), waits);
    net.fault(0, 'wrong-id');
    net.produceBlocks(1);
    await atHead(client, net);
    await vi.waitFor(() => expect(banned(client)).toMatchObject([{ address: net.gateways[0]!.url, reason: { code: 'block-id' } }]), waits);
  });
});
