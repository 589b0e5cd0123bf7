import { beforeAll, describe, expect, it } from 'vitest';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { gatewayOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import { rememberingGateway } from './remembering-gateway.ts';

const ask = { signal: new AbortController().signal };
let net: StacksNet;

beforeAll(async () => {
  net = await smallNet();
});

describe('a gateway that is asked once', () => {
  it('for a header, a block, a sortition by its hash; each time for what can change, and for what was not there', async () => {
    const gateway = gatewayOf(net);
    const once = rememberingGateway(gateway);
    for (let i = 0; i < 3; i += 1) {
      expect((await once.header(net.tip.id, ask))?.value).toBe(net.tip.header);
      expect((await once.block(net.tip.id, ask))?.value.header).toBe(net.tip.header);
      expect((await once.sortition({ consensusHash: net.tip.tenure.consensusHash }, ask))?.burnHeight).toBe(net.tip.tenure.burnHeight);
      await once.sortition('latest', ask);
      await once.sortition({ burnHeight: net.tip.tenure.burnHeight }, ask);
      await once.tenureInfo(ask);
      expect(await once.header('00'.repeat(32), ask)).toBeUndefined();
    }
    const count = (name: string) => gateway.calls.filter((it) => it === name).length;
    expect([count('header'), count('block'), count('sortition'), count('tenureInfo')]).toEqual([4, 1, 7, 3]);
  });

  it('remembers four blocks', async () => {
    const gateway = gatewayOf(net);
    const once = rememberingGateway(gateway);
    for (let i = 0; i < 5; i += 1) await once.block(net.viewOf(0).at(net.tip.height - i)!.id, ask);
    await once.block(net.tip.id, ask);
    expect(gateway.calls).toHaveLength(6);
  });
});
