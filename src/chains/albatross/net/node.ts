import type { Connection } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { concatBytes } from '../../../base/bytes.ts';
import { Emitter } from '../../../base/emitter.ts';
import { sha256 } from '../../../crypto/sha256.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import { namesPrivateNetwork } from '../../../network/addresses.ts';
import { identityKey } from '../../../network/identity-key.ts';
import { limitFor, lineLimits } from '../../../network/line-limits.ts';
import type { ChainProtocol, SessionContext } from '../../../network/node/chain-protocol.ts';
import { NodeError } from '../../../network/node/node-error.ts';
import { Libp2pPeerNode } from '../../../network/node/peer-node.ts';
import { gossipTopics } from '../wire/gossip.ts';
import { ContactBook } from './contact-book.ts';
import { DISCOVERY_PROTOCOL, DiscoverySession } from './discovery.ts';
import type { AlbatrossNode, AlbatrossNodeEvents, AlbatrossNodeOptions } from './node-types.ts';
import { OwnContact } from './own-contact.ts';
import { REQRES_PROTOCOL } from './reqres-frame.ts';
import { REQUEST_TIMEOUT, RequestClient } from './request-client.ts';
import { RequestServer } from './request-server.ts';

export type { AlbatrossNode, AlbatrossNodeOptions } from './node-types.ts';

/** Inbound request streams per connection. A listening node allows as many as the official ones. */
const MAX_REQUEST_STREAMS = 128;
const MAX_REQUEST_STREAMS_LISTENING = 1000;
/** Discovery uses one stream. More are let in so that this code, not libp2p, sees and punishes the extra ones. */
const MAX_DISCOVERY_STREAMS = 8;

const encoder = new TextEncoder();

/** SHA-256 over the topic's name and the data (Albatross network reference, 4.1). */
function messageId(topic: string, data: Uint8Array): Uint8Array {
  return sha256(concatBytes(encoder.encode(topic), data));
}

/** Makes a node; it is not started yet. Throws `NodeError` `invalid-options`. */
export async function createAlbatrossNode(options: AlbatrossNodeOptions): Promise<AlbatrossNode> {
  const seed = options.privateKey ?? options.random.bytes(32);
  if (seed.length !== 32) throw new NodeError('invalid-options', `a private key of ${seed.length} bytes instead of 32`);
  if (!/^[0-9a-f]{64}$/.test(options.genesisHash)) throw new NodeError('invalid-options', 'the genesis hash is not 64 lower-case hex digits');
  const key = await identityKey(seed);
  const { clock, random, genesisHash, requiredServices, services, allowInsecure = false, strict = false, limits = lineLimits } = options;
  const events = new Emitter<AlbatrossNodeEvents>((error, event) => options.log?.({ level: 'error', code: 'listener-failed', data: { event, error: String(error) } }));
  const book = new ContactBook({ clock, random, ownId: peerIdFromPrivateKey(key).toString(), requiredServices, allowInsecure, privateContacts: namesPrivateNetwork(options.seeds) });
  const own = new OwnContact({ clock, key, services, addresses: () => node.addresses });
  const client = new RequestClient(clock, options.closePatience);
  const server = new RequestServer(clock, {
    received: (request) => events.emit('request', request),
    finished: (request) => events.emit('request-finished', request),
  }, options.rateWindow);

  const openSession = (connection: Connection, { network, roundTrip, joined, learned, failed }: SessionContext) => new DiscoverySession(connection, {
    clock, random, key, genesisHash, network, requiredServices, strict, book, own, learned,
    stateTimeout: options.discoveryPatience ?? limitFor(limits.discoveryState, roundTrip),
    joined: (contact) => joined({ services: contact.services, signedAt: contact.timestamp * 1000 }),
    failed: ({ code }) => failed(code, code === 'discovery-closed'),
  });
  const chain: ChainProtocol = {
    handshake: { protocol: DISCOVERY_PROTOCOL, maxInboundStreams: MAX_DISCOVERY_STREAMS },
    openSession, book, topics: Object.keys(gossipTopics), messageId,
    attach: (libp2p) => libp2p.handle(REQRES_PROTOCOL, (stream, connection) => void server.serve(stream, connection), {
      maxInboundStreams: (options.listen ?? []).length > 0 ? MAX_REQUEST_STREAMS_LISTENING : MAX_REQUEST_STREAMS, maxOutboundStreams: MAX_REQUEST_STREAMS,
    }),
  };
  const node = new Libp2pPeerNode(options, key, chain, events);
  client.onLatency = (peer, latency) => node.joined.setLatency(peer, latency);
  client.onAnswer = (peer, size) => node.joined.countReceived(peer, size);

  const requests: Pick<AlbatrossNode, 'request' | 'handle' | 'events' | 'contact' | 'learn'> = {
    events,
    contact: () => own.current(),
    learn: (contact) => book.add(contact, { network: 'own', own: false }),
    request: async (peer, kind, body, asked) => {
      if (!node.joined.has(peer)) throw new RequestError('disconnected', 'the peer is not connected');
      const timeout = Math.max(asked?.timeout ?? REQUEST_TIMEOUT, node.lineTo(peer)?.least ?? 0);
      return client.request(peer, () => node.lineTo(peer)?.connection, kind, body, { ...asked, timeout });
    },
    handle: (kind, handler, only) => server.handle(kind, handler, (peer) => only === undefined || node.joined.kindOf(peer) === only),
  };
  return Object.assign(node, requests);
}
