import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { followTo, heightsReported, JUDGE_PEERS, OfficialClient } from './official-client.ts';

describe('the official client, with one wrong bit in the justification of 232', () => {
  let devnet: Devnet;
  let client: OfficialClient;

  beforeAll(async () => {
    devnet = await createDevnet({ port: 0, peers: JUDGE_PEERS, blockTime: 0, seed: 'judge negative' });
    client = await OfficialClient.start(devnet, 'pico');
    await client.established();
  });
  afterAll(async () => {
    await client?.close();
    await devnet?.close();
  });

  it('stops at 231', async () => {
    await followTo(devnet, [client], 231);
    await devnet.fault('all', { fault: 'justification', height: 232 });
    const from = devnet.log.length;
    const [checkpoint] = await devnet.produce(1);
    expect(devnet.log.slice(from).filter(({ event }) => event === 'faulty-block')).toHaveLength(JUDGE_PEERS);
    // The client has heard of 232, and now of blocks on top of it. It requests 232 and gets the same block again.
    await devnet.produce(3);
    await devnet.waitFor('request', ({ kind, blocks }) => kind === 'missing-blocks' && (blocks ?? []).includes(232), { from });
    // After two more of its head rounds it has had every chance.
    const asked = devnet.log.length;
    await devnet.waitFor('request', ({ kind }) => kind === 'head', { from: asked });
    const second = devnet.log.length;
    await devnet.waitFor('request', ({ kind }) => kind === 'head', { from: second + JUDGE_PEERS });
    expect(await client.ask()).toMatchObject({ height: 231, hash: devnet.chain.at(231)?.hash });
    expect(client.adopted).not.toContain(checkpoint?.hash);
    expect(heightsReported(devnet, client)).toEqual(Array.from({ length: 31 }, (_, i) => 201 + i));
    expect(devnet.eventsOf('expelled')).toEqual([]);
  });
});
