import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../src/base/coded-error.ts';
import { systemClock } from '../../src/base/system.ts';
import { openPeerConnection } from '../../src/chains/stacks/net/peer-connection.ts';
import { recoverableSigner } from '../../src/crypto/secp256k1-sign.ts';
import { askedHashA, connectionOptions } from '../../test/support/stacks-peers.ts';
import { recordedPeerNetwork, servedChainOf } from '../../test/support/stacks-served-chain.ts';
import { chainA } from '../../test/support/stacks-vectors.ts';
import { startTcpPeer, type TcpPeer } from './tcp-peer.ts';
import { connectTcp } from './tcp-stream.ts';

const options = { chain: servedChainOf(chainA), network: recordedPeerNetwork, signer: recoverableSigner(new Uint8Array(32).fill(1)) };
const started: TcpPeer[] = [];
const start = async () => {
  const peer = await startTcpPeer(options);
  started.push(peer);
  return peer;
};
const open = async (port: number) => openPeerConnection({ ...connectionOptions({ serve: () => {} }, { clock: systemClock }), stream: await connectTcp('127.0.0.1', port) });

afterEach(async () => {
  await Promise.all(started.splice(0).map((it) => it.close()));
});

describe('over TCP on loopback', () => {
  it('hands are shaken and inventories answered, over several connections at a time', async () => {
    const { port, peer } = await start();
    const connections = await Promise.all([open(port), open(port)]);
    for (const connection of connections) {
      expect(connection.peer.publicKey).toEqual(options.signer.publicKey);
      expect((await connection.request({ kind: 'GetNakamotoInv', consensusHash: askedHashA(4) })).message).toMatchObject({ kind: 'NakamotoInv', tenures: { length: 10, bytes: Uint8Array.of(0xdc, 0x03) } });
    }
    expect(peer.connections).toBe(2);
    for (const connection of connections) connection.close();
  });

  it('the end of either side is told', async () => {
    const { port, peer } = await start();
    const connection = await open(port);
    peer.closeAll();
    expect((await connection.closed).code).toBe('closed');
    const other = await open(port);
    peer.fault = 'close';
    expect(await other.request({ kind: 'Ping', nonce: 1 }).catch(codeOf)).toBe('closed');
  });

  it('a peer closes a connection whose bytes are no frames', async () => {
    const { port } = await start();
    const ended = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(new Uint8Array(500).fill(0xff)));
      socket.on('close', () => resolve('closed'));
    });
    expect(ended).toBe('closed');
  });

  it('nobody there is a coded error', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(connectTcp('127.0.0.1', port, { signal: AbortSignal.abort(new DOMException('enough', 'AbortError')) })).rejects.toThrow('enough');
    const control = new AbortController();
    const given = connectTcp('127.0.0.1', port, { signal: control.signal });
    control.abort(new DOMException('enough', 'AbortError'));
    await expect(given).rejects.toThrow('enough');
    await expect(connectTcp('127.0.0.1', port)).rejects.toMatchObject({ name: 'TcpError', code: 'unreachable' });
  });
});
