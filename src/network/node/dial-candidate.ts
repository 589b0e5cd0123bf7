import type { RememberedPeer } from '../../engine/peers/remembered-peers.ts';
import { subnetOf } from '../addresses.ts';
import type { SocketAddress } from '../addresses.ts';
import type { BrowserAddress } from '../browser-addresses.ts';

/** An address, and what we saw there. What others claim about it is kept apart and never counts against it. */
export interface Candidate {
  /** `peerId`: the peer that must be there according to the configuration; undefined for any peer. */
  readonly address: { readonly text: string; readonly peerId: string | undefined };
  /** Undefined for a browser. */
  readonly socket: SocketAddress | undefined;
  readonly source: 'seed' | 'remembered' | 'contact' | 'browser';
  /** The sources of this address, which take turns in `nextDial`: the networks that reported it, or the word in `source` if no network did. */
  turns: ReadonlySet<string>;
  /** Peers that contacts claim are there. */
  claimed: ReadonlySet<string>;
  /** The peer that proved its id at the last connection. For a browser: the browser whose address it is. For an address with an id: that id. */
  seen: string | undefined;
  /** Monotonic milliseconds until which it is kept although no source names it any longer. */
  keptUntil: number;
  failures: number;
  /** Monotonic milliseconds before which it is not dialled. */
  retryAt: number;
  state: 'idle' | 'dialing' | 'connected' | 'unusable';
  /** Set while it is dialled. */
  dial: { /** Monotonic milliseconds. */ readonly startedAt: number; readonly abort: AbortController } | undefined;
}

function idle(fields: Pick<Candidate, 'address' | 'socket' | 'source' | 'keptUntil' | 'seen'> & { readonly turns?: ReadonlySet<string>; readonly claimed?: ReadonlySet<string> }): Candidate {
  return { turns: new Set([fields.source]), claimed: new Set(), failures: 0, retryAt: 0, state: 'idle', dial: undefined, ...fields };
}

export function seedCandidate(socket: SocketAddress): Candidate {
  return idle({ address: socket, socket, source: 'seed', keptUntil: Infinity, seen: socket.peerId });
}

/** We saw the peer there at an earlier time; another peer that is there now is accepted too. */
export function rememberedCandidate(socket: SocketAddress, { peer }: RememberedPeer): Candidate {
  return idle({ address: { text: socket.text, peerId: undefined }, socket, source: 'remembered', keptUntil: Infinity, seen: peer });
}

export function contactCandidate(socket: SocketAddress, claim: Pick<Candidate, 'turns' | 'claimed'>): Candidate {
  return idle({ address: { text: socket.text, peerId: undefined }, socket, source: 'contact', keptUntil: 0, seen: undefined, ...claim });
}

/** @param keptUntil Infinity for a seed. */
export function browserCandidate(address: BrowserAddress, keptUntil: number, turns?: ReadonlySet<string>): Candidate {
  return idle({ address, socket: undefined, source: 'browser', keptUntil, seen: address.peerId, ...(turns && { turns }) });
}

/** Whether the configuration gave this address. */
export function isSeed({ source, keptUntil }: Candidate): boolean {
  return source === 'seed' || (source === 'browser' && keptUntil === Infinity);
}

/** Whether the address comes from the configuration or from our own memory, not from other peers. */
export function isOurs(candidate: Candidate): boolean {
  return isSeed(candidate) || candidate.source === 'remembered';
}

/** @param operators operators of seeds, by the address's text. */
export function subnetOfCandidate({ socket, seen }: Candidate, operators: ReadonlyMap<string, string> | undefined): string {
  return subnetOf(socket, seen ?? '', operators);
}

/** The address for libp2p to dial: with the id of the peer that must be there. */
export function dialTarget({ address: { text, peerId }, source }: Candidate): string {
  return source === 'browser' || peerId === undefined ? text : `${text}/p2p/${peerId}`;
}
