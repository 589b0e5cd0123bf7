/** The time limit of a step that needs `trips` round trips: twice those round trips, within bounds, in milliseconds. */
export interface LineLimit {
  readonly trips: number;
  /** Minimum: on a fast line the other side's own work takes longer than the transfer. */
  readonly least: number;
  /** Maximum; also used while no round trip was measured yet. */
  readonly most: number;
}

/**
 * The longest round trip, in milliseconds, with which a client can still connect to its peers: a satellite, a bad mobile line. All limits
 * are derived from it.
 */
export const LONGEST_ROUND_TRIP = 5000;

/** The limit for `trips` round trips of up to `LONGEST_ROUND_TRIP`, each of which may take twice as long. */
function limit(trips: number, least: number): LineLimit {
  return { trips, least, most: Math.max(least, 2 * trips * LONGEST_ROUND_TRIP) };
}

/**
 * The limits of a connection for each step from the dial to the answer, in milliseconds. A round trip is measured when the socket is opened
 * (which takes at least one), and by pings afterwards.
 */
export interface LineLimits {
  /** From the dial to the open socket: name, TCP, TLS 1.3, HTTP upgrade. Nothing is known of the line yet. */
  readonly socket: number;
  /** From the open socket that we dialled to the libp2p connection: agree on noise, noise, agree on yamux. */
  readonly upgrade: LineLimit;
  /** The same for incoming connections. libp2p has one limit for all of them. */
  readonly inboundUpgrade: number;
  /** A stream agrees on its protocol, where the caller gave no limit of its own. */
  readonly negotiation: number;
  /** Identify: a stream, and the answer that comes with the agreement. */
  readonly identify: number;
  /** One state of discovery: both streams open, Handshake received, HandshakeAck received. */
  readonly discoveryState: LineLimit;
  /** A stream, a request and its answer. The caller's own limit counts if it is longer. */
  readonly request: LineLimit;
  readonly ping: LineLimit;
  /** From the connection to a Petrel client's first message about itself: identify, then an exchange. */
  readonly petrelGrace: LineLimit;
}

export const lineLimits: LineLimits = {
  socket: 2 * 4 * LONGEST_ROUND_TRIP,
  upgrade: limit(3, 10_000),
  inboundUpgrade: 2 * 3 * LONGEST_ROUND_TRIP,
  negotiation: 2 * LONGEST_ROUND_TRIP + 2000,
  identify: 2 * LONGEST_ROUND_TRIP + 2000,
  // The protocol itself allows 3 s (Albatross network reference, 2.6).
  discoveryState: limit(1, 3000),
  request: limit(2, 0),
  ping: limit(2, 0),
  petrelGrace: limit(3, 2000),
};

/** The limit in milliseconds; `roundTrip` is undefined if none was measured. */
export function limitFor({ trips, least, most }: LineLimit, roundTrip: number | undefined): number {
  return roundTrip === undefined ? most : Math.min(most, Math.max(least, 2 * trips * roundTrip));
}
