import { describe, expect, it, vi } from 'vitest';
import { AttackWorld } from './attack-world.ts';
import { expired, selfSigned, wrongHost } from './certificates.ts';
import { madeNodes } from './client-nodes.ts';
import { blackHole, silentHost, silentWebSocket, tlsHost, type DeadEnd } from './dead-ends.ts';
import { HEAP, record } from './run-attacks.ts';

vi.mock('../../src/network/libp2p-node.ts', async (original) => (await import('./client-nodes.ts')).notingNodes(original as never));

describe('failing dials (issue 11.12)', () => {
  it('with bad certificates, a black hole and silent hosts first among the seeds, the client still finds the honest peers', async () => {
    const ends: (readonly [kind: string, end: DeadEnd])[] = [];
    for (const [kind, make] of [
      ['black hole', blackHole], ['silent', silentHost], ['silent', silentHost], ['silent WebSocket', silentWebSocket], ['silent WebSocket', silentWebSocket],
      ['self-signed', () => tlsHost(selfSigned)], ['other host', () => tlsHost(wrongHost)], ['expired', () => tlsHost(expired)],
    ] as const) ends.push([kind, await make()]);
    const tls = new Set(['self-signed', 'other host', 'expired']);
    const seeds = ends.map(([kind, { port }]) => (tls.has(kind) ? `/dns4/localhost/tcp/${port}/wss` : `/ip4/127.0.0.1/tcp/${port}/ws`));
    const codes = new Map<string, string>();
    let world: AttackWorld | undefined;
    try {
      world = await AttackWorld.open({ attackers: 0, firstSeeds: seeds, onDown: ({ address, code }) => void codes.set(address, code) }, () => madeNodes);
      await world.begin();
      await world.follow(2);
      // The client tries each of them and reports its error.
      await world.it.until('all were tried', () => seeds.every((seed) => codes.has(seed)));
      const figures = await world.end('dials in vain, before the honest peers', [], codes.size, seeds.length, HEAP);
      record(figures);
      expect(figures).toMatchObject({ client: figures.network, wronged: 0, live: 3 });
      expect(figures.heap).toBeLessThan(HEAP);
      expect(seeds.map((seed) => codes.get(seed)).filter((code) => code !== 'dial-failed' && code !== 'dial-timeout')).toEqual([]);
      // The page shows these errors. A peer that is being dialled again has none.
      const shown = world.it.client.getPeers().filter(({ address }) => seeds.includes(address)).flatMap(({ reason }) => (reason ? [reason.code] : []));
      expect(shown.filter((code) => code !== 'dial-failed' && code !== 'dial-timeout')).toEqual([]);
    } finally {
      await world?.close();
      for (const [, end] of ends) await end.close();
    }
  });
});
