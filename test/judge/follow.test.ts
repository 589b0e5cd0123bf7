import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { expectAllLive, followTo, heightsReported, JUDGE_PEERS, OfficialClient } from './official-client.ts';

/** Requests for blocks (207, 209) that the devnet answered since `from`. */
function blockRequests(devnet: Devnet, from: number): readonly { readonly kind: string; readonly blocks: readonly number[] }[] {
  return devnet.log.slice(from).flatMap((event) => (event.event === 'request' && (event.kind === 'block' || event.kind === 'missing-blocks') ? [{ kind: event.kind, blocks: event.blocks ?? [] }] : []));
}

describe('the official client, pico and light side by side', () => {
  let devnet: Devnet;
  let pico: OfficialClient;
  let light: OfficialClient;

  beforeAll(async () => {
    devnet = await createDevnet({ port: 0, peers: JUDGE_PEERS, blockTime: 0, seed: 'judge follow' });
    [pico, light] = await Promise.all([OfficialClient.start(devnet, 'pico'), OfficialClient.start(devnet, 'light')]);
  });
  afterAll(async () => {
    await Promise.all([pico?.close(), light?.close()]);
    await devnet?.close();
  });

  it('reach consensus', async () => {
    await Promise.all([pico.established(), light.established()]);
    for (const client of [pico, light]) expect(await client.ask()).toMatchObject({ height: 200, consensus: true });
  });

  it('follow through three election blocks, mostly by gossip', async () => {
    const from = devnet.log.length;
    await followTo(devnet, [pico, light], 590);
    for (const height of [328, 456, 584]) expect(devnet.chain.at(height)?.kind).toBe('election');
    const all = Array.from({ length: 390 }, (_, i) => 201 + i);
    for (const client of [pico, light]) expect(heightsReported(devnet, client)).toEqual(all);
    // Two clients with 390 blocks each, most of them by gossip. A head round may find a block that is still on its way; a slower
    // machine has more such rounds.
    expect(blockRequests(devnet, from).length).toBeLessThan(390);
  });

  it('get a withheld block by request 209', async () => {
    const from = devnet.log.length;
    devnet.withhold(1);
    const [withheld] = await devnet.produce(1);
    await followTo(devnet, [pico, light], withheld!.height + 1);
    for (const client of [pico, light]) expect(heightsReported(devnet, client)).toContain(withheld!.height);
    const asked = blockRequests(devnet, from).filter(({ kind, blocks }) => kind === 'missing-blocks' && blocks.includes(withheld!.height));
    expect(asked.length).toBeGreaterThanOrEqual(2);
  });

  it('join late and catch up, in both modes', async () => {
    await devnet.produce(620 - devnet.chain.head.height);
    await Promise.all([pico, light].map((client) => client.reached(devnet.chain.head.hash)));
    const late = await Promise.all([OfficialClient.start(devnet, 'pico'), OfficialClient.start(devnet, 'light')]);
    try {
      await Promise.all(late.map((client) => client.established()));
      await Promise.all(late.map((client) => client.reached(devnet.chain.head.hash)));
      await followTo(devnet, late, 625);
      // Pico takes the newest election block; light takes every election block from genesis on.
      expect(heightsReported(devnet, late[0])).toEqual([584, 616, ...range(617, 625)]);
      expect(heightsReported(devnet, late[1])).toEqual([328, 456, 584, 616, ...range(617, 625)]);
      // They joined with genesis as their head, so they become live at the next look.
      await devnet.look();
      expectAllLive(devnet, 4);
    } finally {
      await Promise.all(late.map((client) => client.close()));
    }
  });

  it('are live with all their peers, and no peer ever dropped one of them', async () => {
    await Promise.all([pico, light].map((client) => client.reached(devnet.chain.head.hash)));
    await devnet.look();
    expectAllLive(devnet, 2);
    expect(devnet.eventsOf('expelled')).toEqual([]);
  });
});

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
