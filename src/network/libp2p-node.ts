import { noise } from '@libp2p/noise';
import { yamux } from '@libp2p/yamux';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { gossipsub } from '@libp2p/gossipsub';
import type { GossipSub, Message } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import type { Identify } from '@libp2p/identify';
import type { ConnectionGater, Libp2p, Transport } from '@libp2p/interface';
import { ping } from '@libp2p/ping';
import type { Ping } from '@libp2p/ping';
import { createLibp2p } from 'libp2p';
import { isRelayed } from './browser-addresses.ts';
import { acceptUnsignedAuthors } from './unsigned-gossip.ts';
import { webSocketTransport } from './web-socket-transport.ts';
import type { CircuitComponents } from './webrtc/metered-circuit.ts';

/** `identify` is there because gossipsub does not start without it; nodes that do not speak it are not disturbed. */
export type Libp2pNode = Libp2p<{ identify: Identify; ping: Ping; pubsub: GossipSub }>;

/** Milliseconds; the official nodes' heartbeat (Albatross network reference, 4.2). */
const GOSSIP_HEARTBEAT = 700;
/** Bytes of one gossip message, as the official nodes have it. */
const MAX_GOSSIP_MESSAGE = 1_048_576;
/** Bytes that wait to be sent to one peer by gossip. A peer that reads slower than that loses its gossip stream. */
const MAX_GOSSIP_BACKLOG = 8 * 1_048_576;
/** Inbound streams of all protocols per connection; each protocol has its own, lower bound. */
const MAX_STREAMS = 1100;
/** Milliseconds in which a stream must have agreed on its protocol, and a dial or an upgrade must be done. */
const NEGOTIATION_TIMEOUT = 10_000;
/** Milliseconds for a dial where other browsers are dialled: theirs have a limit of their own, of 20 s, and the upgrade of a WebSocket has the above. */
const BROWSER_DIAL_TIMEOUT = 25_000;

export interface Libp2pNodeOptions {
  /** Ed25519 seed, 32 bytes. */
  readonly privateKey: Uint8Array;
  /** Multiaddresses to listen on; Node only. */
  readonly listen: readonly string[];
  /** Connections at once, dialled ones included. Incoming ones beyond are refused. */
  readonly maxConnections: number;
  readonly parallelDials: number;
  readonly gater: ConnectionGater;
  /** Ways to others beside WebSockets. */
  readonly transports?: readonly ((components: CircuitComponents) => Transport)[] | undefined;
  /** Gossip topics on which invalid messages cost a peer its score. */
  readonly scoredTopics: readonly string[];
  /** SHA-256 or whatever the chain calls the id of a message. */
  readonly messageId: (topic: string, data: Uint8Array) => Uint8Array;
}

/**
 * What a topic does to a peer's score. Only two things count: delivering first is a little good, delivering invalid messages is
 * bad, with its square. Time in the mesh must not buy them off, and silence is no fault where blocks may be minutes apart.
 */
const TOPIC_SCORE = {
  topicWeight: 0.5, timeInMeshWeight: 0.05, timeInMeshQuantum: 1000, timeInMeshCap: 60, firstMessageDeliveriesWeight: 1, firstMessageDeliveriesDecay: 0.5,
  firstMessageDeliveriesCap: 10, meshMessageDeliveriesWeight: 0, meshMessageDeliveriesDecay: 0.5, meshMessageDeliveriesCap: 100, meshMessageDeliveriesThreshold: 20,
  meshMessageDeliveriesWindow: 10, meshMessageDeliveriesActivation: 5000, meshFailurePenaltyWeight: 0, meshFailurePenaltyDecay: 0.5,
  invalidMessageDeliveriesWeight: -1, invalidMessageDeliveriesDecay: 0.3,
} as const;

/**
 * A libp2p node for any chain: WebSockets, noise, yamux, ping, identify, gossipsub. Not started yet. The values that differ from
 * js-libp2p's defaults are those it must be given to serve many peers on one host, and the official nodes' gossip parameters.
 */
export async function createLibp2pNode(options: Libp2pNodeOptions): Promise<Libp2pNode> {
  const { transports = [] } = options;
  const dialTimeout = transports.length > 0 ? BROWSER_DIAL_TIMEOUT : NEGOTIATION_TIMEOUT;
  const node = await createLibp2p({
    start: false,
    privateKey: await generateKeyPairFromSeed('Ed25519', options.privateKey),
    // What is said of our addresses goes to everybody; those of a browser are for other browsers.
    addresses: { listen: [...options.listen], announceFilter: (addresses) => addresses.filter((address) => !isRelayed(address)) },
    transports: [webSocketTransport(), ...transports],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ maxInboundStreams: MAX_STREAMS, maxOutboundStreams: MAX_STREAMS })],
    connectionGater: options.gater,
    connectionManager: {
      maxConnections: options.maxConnections,
      // A browser's dial waits for that of its relay.
      maxParallelDials: options.parallelDials * (transports.length > 0 ? 2 : 1),
      dialTimeout,
      addressDialTimeout: dialTimeout,
      // Who is dialled again, and when, is decided elsewhere.
      reconnectRetries: 0,
      inboundUpgradeTimeout: NEGOTIATION_TIMEOUT,
      // Per second and host; the default of 5 refuses the third client behind one address (interop reference, section 10).
      inboundConnectionThreshold: 1000,
      maxIncomingPendingConnections: 256,
    },
    // See `pinger.ts`.
    connectionMonitor: { enabled: false },
    services: {
      identify: identify(),
      ping: ping({ maxInboundStreams: 4, maxOutboundStreams: 4 }),
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
  acceptUnsignedAuthors(node.services.pubsub);
  return node as Libp2pNode;
}
