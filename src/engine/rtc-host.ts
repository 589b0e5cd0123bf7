import { CodedError } from '../base/coded-error.ts';

/**
 * The interface between the transport and the owner of `RTCPeerConnection`. In a browser only a page has it, and the hub is not a page
 * (`docs/decisions.md`), so the hub's host asks its tabs. In Node's tests two hosts are joined in memory.
 * @module
 */

export type RtcErrorCode =
  /** No page lends peer connections now. */
  | 'no-page'
  /** Every page has made as many as it ever may. */
  | 'budget'
  /** The limit of links at once is reached, or the limit of links that unknown peers may make us begin. */
  | 'busy'
  /** The page has no WebRTC. */
  | 'unsupported'
  /** The page did not answer in time. */
  | 'no-answer'
  /** The page was closed, and its peer connections with it. */
  | 'page-left'
  /** The two sides found no network path to each other. */
  | 'failed'
  /** The other side closed the channel. */
  | 'remote-closed'
  /** We closed the channel. */
  | 'closed'
  /** The other side sent more than it may without waiting. */
  | 'overflow'
  /** The other side sent something that the protocol does not allow. */
  | 'malformed'
  /** The hourly limit of bytes through relays is used up. */
  | 'relay-cap';

/** Why there is no link, or no longer one. */
export class RtcError extends CodedError<RtcErrorCode> {
  override readonly name = 'RtcError';
  constructor(code: RtcErrorCode, message: string = code) {
    super(code, message);
  }
}

/** One address where the other side might be reached, as WebRTC writes it, and the section of the description it belongs to. */
export interface RtcCandidate {
  readonly candidate: string;
  readonly mid: string;
}

/** Largest message on a channel, in bytes: every browser accepts it, whatever was negotiated (RFC 8831, 6.6). */
export const MAX_RTC_MESSAGE = 16_384;

export interface RtcChannelHandlers {
  /** Called with a message of at most `MAX_RTC_MESSAGE` bytes. */
  message(bytes: Uint8Array): void;
  /** There is room again after a `send` that returned false. */
  drain(): void;
  /** Called once, at the end. */
  closed(code: RtcErrorCode): void;
}

/** An open channel: reliable and in order, and it keeps message boundaries. */
export interface RtcChannel {
  /** Sends a message of at most `MAX_RTC_MESSAGE` bytes. False: this message was taken, but the next must wait for `drain`. */
  send(bytes: Uint8Array): boolean;
  /** Must be called once; messages that came before are held until then. */
  listen(handlers: RtcChannelHandlers): void;
  close(): void;
}

/** A peer connection that is being made, and then its channel. */
export interface RtcLink {
  /** Our description; the answering side's follows `describe`. Rejects with `RtcError`. */
  readonly description: Promise<string>;
  /** The channel once it is open. Rejects with `RtcError`; the caller decides how long to wait. */
  readonly channel: Promise<RtcChannel>;
  /** Takes the other side's description. */
  describe(description: string): void;
  addCandidate(candidate: RtcCandidate): void;
  /** Ends the peer connection in any state. */
  close(): void;
}

export interface RtcCounts {
  /** Peer connections that exist now, opening or open. */
  readonly open: number;
  /** Peer connections made so far, by all pages. */
  readonly made: number;
  /** The most that one page makes. */
  readonly limit: number;
}

export interface RtcHost {
  readonly counts: RtcCounts;
  /**
   * Begins a peer connection; the side with role `offer` sends first. `onCandidate` is called with our candidates, never before our
   * description. Throws `RtcError` `no-page`, `budget`, `busy`.
   */
  open(role: 'offer' | 'answer', onCandidate: (candidate: RtcCandidate) => void): RtcLink;
}
