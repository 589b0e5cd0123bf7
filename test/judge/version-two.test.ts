import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { followTo, heightsReported, JUDGE_PEERS, OfficialClient } from './official-client.ts';

describe('the official client, when block version 2 begins', () => {
  let devnet: Devnet;
  let client: OfficialClient;

  beforeAll(async () => {
    // Three validators are elected with the first election block: proposers by the slot rule, aggregates of three keys.
    devnet = await createDevnet({ port: 0, peers: JUDGE_PEERS, blockTime: 0, seed: 'judge version two', version: 2, validators: 3 });
    await devnet.produce(120);
    client = await OfficialClient.start(devnet, 'pico');
    await client.established();
    await client.reached(devnet.chain.head.hash);
  });
  afterAll(async () => {
    await client?.close();
    await devnet?.close();
  });

  it('follows from version 1 over the election block into version 2', async () => {
    await followTo(devnet, [client], 365);
    expect(devnet.chain.at(327)?.block.header.version).toBe(1);
    expect(devnet.chain.at(328)?.block.header.version).toBe(2);
    expect(devnet.chain.at(360)).toMatchObject({ kind: 'checkpoint', block: { header: { version: 2 } } });
    expect(heightsReported(devnet, client).slice(-45)).toEqual(Array.from({ length: 45 }, (_, i) => 321 + i));
  });

  it('takes a version 2 skip block', async () => {
    const [skip] = await devnet.produce(1, { skip: true });
    expect(skip?.kind).toBe('skip');
    await client.reached(skip!.hash);
    await followTo(devnet, [client], skip!.height + 2);
  });

  it('goes over to a longer branch', async () => {
    const [left] = await devnet.produce(1);
    await client.reached(left!.hash);
    const branch = await devnet.fork(1, 2);
    await client.reached(branch[1]!.hash);
    expect(client.heads.at(-1)).toMatchObject({ reason: 'rebranched', reverted: [left!.hash] });
  });
});
