import { afterEach, describe, expect, it } from 'vitest';
import { addressOf, joined, nextEvent, startClient, startNode, stopAll } from '../../../../test/support/node-fixture.ts';

afterEach(stopAll);

describe('a node', () => {
  it('joins a seed given without peer id, and both know each other', async () => {
    const server = await startNode({ services: 9 });
    const atServer = nextEvent(server.events, 'joined');
    const client = await startClient([server]);
    await joined(client, server);
    expect(client.peers()).toEqual([expect.objectContaining({ id: server.peerId, services: 9, address: addressOf(server), transport: 'ws', direction: 'outbound', subnet: server.peerId })]);
    expect(await atServer).toMatchObject({ id: client.peerId, services: 0, direction: 'inbound', subnet: client.peerId });
  });

  it('refuses a peer on another chain, with a reason', async () => {
    const server = await startNode();
    const client = await startClient([], { genesisHash: '00'.repeat(32), seeds: [addressOf(server)] });
    const down = await nextEvent(client.events, 'down');
    expect(['wrong-genesis', 'remote-closed']).toContain(down.code);
    expect(server.peers()).toEqual([]);
  });

  it('is redialled after a stop and a new start with its identity and port', async () => {
    const privateKey = new Uint8Array(32).fill(7);
    const first = await startNode({ privateKey });
    const address = addressOf(first);
    const client = await startClient([first]);
    await joined(client, first);
    const left = nextEvent(client.events, 'left');
    await first.stop();
    expect((await left).id).toBe(first.peerId);
    const again = nextEvent(client.events, 'joined');
    const second = await startNode({ privateKey, listen: [address] });
    expect(second.peerId).toBe(first.peerId);
    expect((await again).id).toBe(first.peerId);
  });

  it('can be started again after a stop', async () => {
    const server = await startNode();
    const client = await startClient([server]);
    await joined(client, server);
    await client.stop();
    expect(client.peers()).toEqual([]);
    const again = nextEvent(client.events, 'joined');
    await client.start();
    await again;
    await expect(client.start()).rejects.toMatchObject({ name: 'NodeError', code: 'already-started' });
  });

  it('reports when its port is in use', async () => {
    const server = await startNode();
    await expect(startNode({ listen: [addressOf(server)] })).rejects.toMatchObject({ name: 'NodeError', code: 'listen-failed' });
  });
});
