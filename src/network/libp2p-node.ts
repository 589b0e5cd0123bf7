// Tests: `src/network/bounded-identify.test.ts`, `src/network/petrel/petrel-peers.test.ts`.
import { gossipsub } from '@libp2p/gossipsub';
import type { GossipSub, Message } from '@libp2p/gossipsub';
import type { Identify } from '@libp2p/identify';
import type { ConnectionGater, Ed25519PrivateKey, Libp2p, PeerId, Transport } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import type { Clock } from '../base/clock.ts';
import { boundedIdentify } from './bounded-identify.ts';
import { isRelayed } from './browser-addresses.ts';
import { guardedYamux } from './guarded-yamux.ts';
import { lineLimits } from './line-limits.ts';
import type { LineLimits } from './line-limits.ts';
import { watchGossipInput } from './gossip-input.ts';
import type { GossipInput } from './gossip-input.ts';
import { guardedNoise } from './noise-guard.ts';
import { PING_PROTOCOL } from './ping.ts';
import { answerPings, MAX_PING_STREAMS } from './ping-responder.ts';
import { limitOpenings } from './proposals.ts';
import { silentLogger } from './silent-logger.ts';
import { acceptUnsignedAuthors } from './unsigned-gossip.ts';
import { webSocketTransport } from './web-socket-transport.ts';
import type { CircuitComponents } from './webrtc/metered-circuit.ts';

/** `identify` is included because gossipsub does not start without it. Nodes that do not speak it still work. */
export type Libp2pNode = Libp2p<{ identify: Identify; pubsub: GossipSub }>;

/** Milliseconds; the official nodes' heartbeat (Albatross network reference, 4.2). */
const GOSSIP_HEARTBEAT = 700;
/** Maximum bytes of one gossip message, as in the official nodes. */
const MAX_GOSSIP_MESSAGE = 1_048_576;
/** Bytes that may wait to be sent to one peer by gossip. A peer that reads too slowly for that loses its gossip stream. */
const MAX_GOSSIP_BACKLOG = 8 * 1_048_576;
/**
 * Limits on one RPC. Nodes send one message in each, and at most as many of the other items as there are topics; the numbers of ids are
 * gossipsub's. An RPC over the limits is undecodable.
 */
const RPC_LIMITS = {
  maxSubscriptions: 512, maxMessages: 512, maxControlMessages: 64, maxIhaveMessageIDs: 5000, maxIwantMessageIDs: 5000, maxIdontwantMessageIDs: 512, maxPeerInfos: 16,
} as const;
/**
 * Streams of all protocols that we may open on a connection; where we listen, also the other side's. Each protocol has its own, lower
 * bound.
 */
const MAX_STREAMS = 1100;
/**
 * Streams that the other side may have open where we do not listen: as many as all protocols there allow, and some that have not agreed on
 * a protocol.
 */
const MAX_INBOUND_STREAMS_DIALLING = 192;

export interface Libp2pNodeOptions {
  readonly clock: Clock;
  readonly privateKey: Ed25519PrivateKey;
  /** Multiaddresses to listen on; Node only. */
  readonly listen: readonly string[];
  /** Connections at once, dialled ones included. Further incoming connections are refused. */
  readonly maxConnections: number;
  readonly parallelDials: number;
  /** Default `lineLimits`. */
  readonly limits?: LineLimits | undefined;
  /** See `WebSocketTransportOptions`. */
  readonly opened?: ((address: Multiaddr, ms: number) => void) | undefined;
  readonly gater: ConnectionGater;
  /** Transports besides WebSockets. */
  readonly transports?: readonly ((components: CircuitComponents) => Transport)[] | undefined;
  /** Gossip topics on which invalid messages cost a peer its score. */
  readonly scoredTopics: readonly string[];
  /** Called for every gossip RPC that comes. */
  readonly gossipInput?: ((peer: PeerId, bytes: number, input: GossipInput) => void) | undefined;
  /** Computes the id of a message: SHA-256, or what the chain uses. */
  readonly messageId: (topic: string, data: Uint8Array) => Uint8Array;
}

/**
 * How a topic changes a peer's score. Only two things count: delivering first is slightly good, and delivering invalid messages is bad,
 * growing with the square of their number. Time in the mesh must not compensate for invalid messages, and silence is no fault, because
 * blocks may be minutes apart.
 */
const TOPIC_SCORE = {
  topicWeight: 0.5, timeInMeshWeight: 0.05, timeInMeshQuantum: 1000, timeInMeshCap: 60, firstMessageDeliveriesWeight: 1, firstMessageDeliveriesDecay: 0.5,
  firstMessageDeliveriesCap: 10, meshMessageDeliveriesWeight: 0, meshMessageDeliveriesDecay: 0.5, meshMessageDeliveriesCap: 100, meshMessageDeliveriesThreshold: 20,
  meshMessageDeliveriesWindow: 10, meshMessageDeliveriesActivation: 5000, meshFailurePenaltyWeight: 0, meshFailurePenaltyDecay: 0.5,
  invalidMessageDeliveriesWeight: -1, invalidMessageDeliveriesDecay: 0.3,
} as const;

/**
 * Creates a libp2p node for any chain: WebSockets, noise, yamux, ping, identify, gossipsub. The node is not started yet. Values that differ
 * from js-libp2p's defaults are needed to serve many peers on one host, or are the official nodes' gossip parameters.
 */
export async function createLibp2pNode(options: Libp2pNodeOptions): Promise<Libp2pNode> {
  const { transports = [], limits = lineLimits, opened } = options;
  // The steps of a dial have limits of their own, and so has the dial of a browser.
  const dialTimeout = limits.socket + limits.upgrade.most;
  const logger = silentLogger();
  const node = await createLibp2p({
    start: false,
    ...(logger && { logger }),
    privateKey: options.privateKey,
    // Our announced addresses go to every peer; a browser's address is only for other browsers, so it is left out.
    addresses: { listen: [...options.listen], announceFilter: (addresses) => addresses.filter((address) => !isRelayed(address)) },
    transports: [webSocketTransport({ limits, opened }), ...transports],
    connectionEncrypters: [guardedNoise(options.clock)],
    streamMuxers: [guardedYamux({ clock: options.clock, maxInboundStreams: options.listen.length > 0 ? MAX_STREAMS : MAX_INBOUND_STREAMS_DIALLING, maxOutboundStreams: MAX_STREAMS })],
    connectionGater: options.gater,
    connectionManager: {
      maxConnections: options.maxConnections,
      // A browser's dial waits for that of its relay.
      maxParallelDials: options.parallelDials * (transports.length > 0 ? 2 : 1),
      dialTimeout,
      addressDialTimeout: dialTimeout,
      // Other code decides which peers are dialled again, and when.
      reconnectRetries: 0,
      inboundUpgradeTimeout: limits.inboundUpgrade,
      inboundStreamProtocolNegotiationTimeout: limits.negotiation,
      outboundStreamProtocolNegotiationTimeout: limits.negotiation,
      // Per second and host; the default of 5 refuses the third client behind one address (interop reference, section 10).
      inboundConnectionThreshold: 1000,
      maxIncomingPendingConnections: 256,
    },
    // See `pinger.ts`.
    connectionMonitor: { enabled: false },
    services: {
      identify: boundedIdentify({ timeout: limits.identify }),
      pubsub: gossipsub({
        globalSignaturePolicy: 'StrictNoSign',
        fallbackToFloodsub: false,
        emitSelf: false,
        floodPublish: true,
        allowPublishToZeroTopicPeers: true,
        ignoreDuplicatePublishError: true,
        heartbeatInterval: GOSSIP_HEARTBEAT,
        Dlo: 3,
        maxInboundDataLength: MAX_GOSSIP_MESSAGE,
        maxOutboundBufferSize: MAX_GOSSIP_BACKLOG,
        decodeRpcLimits: RPC_LIMITS,
        // A peer has one stream; while it is being replaced there may be two.
        maxInboundStreams: 4,
        maxOutboundStreams: 4,
        msgIdFn: (message: Message) => options.messageId(message.topic, message.data),
        scoreParams: {
          topics: Object.fromEntries(options.scoredTopics.map((topic) => [topic, TOPIC_SCORE])),
          IPColocationFactorThreshold: 20,
          IPColocationFactorWhitelist: new Set(['127.0.0.1', '::1']),
        },
      }),
    },
  });
  limitOpenings(node);
  acceptUnsignedAuthors(node.services.pubsub);
  watchGossipInput(node.services.pubsub, (peer, bytes, input) => options.gossipInput?.(peer, bytes, input));
  await node.handle(PING_PROTOCOL, answerPings, { maxInboundStreams: MAX_PING_STREAMS, maxOutboundStreams: MAX_PING_STREAMS, runOnLimitedConnection: true });
  return node as Libp2pNode;
}
