import type { Connection, Stream } from '@libp2p/interface';
import type { Devnet } from '../../devnet/devnet.ts';
import { serve } from '../../devnet/serve.ts';
import { decodeRequest, encodeResponse, encodeResponseError } from '../../src/chains/albatross/wire/requests.ts';
import { rawJoin, startRawPeer, type RawPeer } from './raw-peer-fixture.ts';
import { rawRequest, serveRaw } from './raw-reqres.ts';

/** Things that a client may do wrong when it joins. */
export type Rudeness = Parameters<typeof rawJoin>[2] & {
  /** Runs before it connects. */
  readonly before?: (raw: RawPeer) => Promise<unknown>;
};

/** A hand-made client at peer 0 of a devnet. It answers head requests, as it must, and does nothing else by itself. */
export interface RudePeer {
  readonly raw: RawPeer;
  readonly connection: Connection;
  /** The discovery stream that it opened. */
  readonly out: Stream;
  ask(payload: Uint8Array): Promise<Uint8Array>;
}

/** A hand-made client that has not connected yet. */
export async function rawClient(devnet: Devnet, seed?: Uint8Array): Promise<RawPeer> {
  const raw = await startRawPeer([], seed);
  await serveRaw(raw, (payload) => {
    const request = decodeRequest(payload);
    return 'kind' in request && request.kind === 'head' ? encodeResponse('head', serve(devnet.chain, 'head', {})) : encodeResponseError('no-receiver');
  });
  return raw;
}

export async function rudePeer(devnet: Devnet, raw: RawPeer, { before, ...change }: Rudeness = {}): Promise<RudePeer> {
  await before?.(raw);
  const { connection, out } = await rawJoin(raw, devnet.peers[0]!.address, change);
  return { raw, connection, out, ask: (payload) => rawRequest(connection, payload) };
}
