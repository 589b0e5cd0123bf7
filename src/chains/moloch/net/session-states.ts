/**
 * The states of a session with a peer, as one table of states and events (Moloch reference, 5). An event that is not in a state's row changes nothing.
 * @module
 */

export const SESSION_STATES = ['CONNECTING', 'HANDSHAKING', 'DETERMINING', 'SYNCING', 'SYNCED', 'PROVIDING', 'CLOSED'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export const SESSION_EVENTS = [
  /** The socket is open. */
  'opened',
  /** The socket failed, or was not open after 10 s. */
  'connectFailed',
  /** A valid ack. */
  'ackValid',
  /** A bad ack, none after 5 s, or a message of another kind. */
  'ackFailed',
  /** The peer is exactly one block ahead. */
  'peerOneAhead',
  'peerFarAhead',
  /** Equal height and hash: the same in `DETERMINING` and when a peer that was behind reports our height. */
  'peerSame',
  /** Equal height, another hash or another root. */
  'peerForked',
  'peerBehind',
  /** The height that the peer proved is reached. */
  'caughtUp',
  /** An offence that ends the session, or the retries are used up. */
  'givenUp',
  /** A message that does not fit: of an unknown kind, or an answer that nobody asked for. */
  'misfit',
  /** Three offences, or one forged signature or root. */
  'banned',
  'goodbye',
  'socketClosed',
  /** 120 s without a frame. */
  'idle',
] as const;
export type SessionEvent = (typeof SESSION_EVENTS)[number];

export type SessionAction = 'sendHello' | 'sendAuth' | 'sendGoodbye' | 'backOff' | 'sync' | 'checkFork' | 'provide' | 'fetchBlock' | 'reassignWork' | 'countOffence' | 'ban';

export interface SessionStep {
  readonly next: SessionState;
  readonly actions: readonly SessionAction[];
}

type Row = Readonly<Partial<Record<SessionEvent, SessionStep>>>;

const to = (next: SessionState, ...actions: SessionAction[]): SessionStep => ({ next, actions });

/** What ends a session in any state but `CLOSED`. */
const ends: Row = { goodbye: to('CLOSED'), socketClosed: to('CLOSED'), idle: to('CLOSED', 'sendGoodbye'), banned: to('CLOSED', 'ban', 'sendGoodbye') };

/** While the client holds what it needs of the peer. */
const following: Row = { peerOneAhead: to('SYNCED', 'fetchBlock'), peerFarAhead: to('SYNCING', 'sync'), peerForked: to('SYNCING', 'checkFork') };

export const SESSION_TABLE: Readonly<Record<SessionState, Row>> = {
  CONNECTING: { ...ends, opened: to('HANDSHAKING', 'sendHello'), connectFailed: to('CLOSED', 'backOff'), socketClosed: to('CLOSED', 'backOff'), misfit: to('CONNECTING', 'countOffence') },
  HANDSHAKING: { ...ends, ackValid: to('DETERMINING', 'sendAuth'), ackFailed: to('CLOSED', 'sendGoodbye'), misfit: to('CLOSED', 'sendGoodbye') },
  DETERMINING: {
    ...ends,
    peerOneAhead: to('SYNCING', 'sync'),
    peerFarAhead: to('SYNCING', 'sync'),
    peerSame: to('SYNCED'),
    peerForked: to('SYNCING', 'checkFork'),
    peerBehind: to('PROVIDING', 'provide'),
    misfit: to('DETERMINING', 'countOffence'),
  },
  SYNCING: { ...ends, caughtUp: to('SYNCED'), givenUp: to('CLOSED', 'sendGoodbye', 'reassignWork'), misfit: to('SYNCING', 'countOffence') },
  SYNCED: { ...ends, ...following, peerBehind: to('PROVIDING', 'provide'), misfit: to('SYNCED', 'countOffence') },
  PROVIDING: { ...ends, ...following, peerOneAhead: to('PROVIDING', 'fetchBlock'), peerSame: to('SYNCED'), misfit: to('PROVIDING', 'countOffence') },
  CLOSED: {},
};

/** The step for an event: undefined where the table has none, and nothing happens. */
export function sessionStep(state: SessionState, event: SessionEvent): SessionStep | undefined {
  return SESSION_TABLE[state][event];
}

/** What a peer's height and hash mean beside ours. A peer without a block is behind. */
export function comparePeer(
  own: { readonly height: number; readonly hash: string },
  peer: { readonly height: number | undefined; readonly hash: string | undefined },
): 'peerOneAhead' | 'peerFarAhead' | 'peerSame' | 'peerForked' | 'peerBehind' {
  if (peer.height === undefined || peer.height < own.height) return 'peerBehind';
  if (peer.height > own.height) return peer.height === own.height + 1 ? 'peerOneAhead' : 'peerFarAhead';
  return peer.hash === own.hash ? 'peerSame' : 'peerForked';
}
