/**
 * The seam between the transport and whoever has `RTCPeerConnection`. In a browser that is a page only, and the hub is none
 * (`docs/decisions.md`), so the hub's host asks its tabs; in Node's tests two hosts are joined in memory.
 * @module
 */

export type RtcErrorCode =
  /** No page lends peer connections at the moment. */
  | 'no-page'
  /** Every page has made as many as it may, ever. */
  | 'budget'
  /** As many links as there may be at once, or that a stranger may have us begin. */
  | 'busy'
  /** The page has no WebRTC. */
  | 'unsupported'
  /** The page did not answer in time. */
  | 'no-answer'
  /** The page was closed, and its peer connections with it. */
  | 'page-left'
  /** The two sides found no way to each other. */
  | 'failed'
  /** The other side closed the channel. */
  | 'remote-closed'
  /** We closed it. */
  | 'closed'
  /** The other side sent more than it may without waiting. */
  | 'overflow'
  /** The other side said what the protocol does not know. */
  | 'malformed'
  /** As many bytes have gone through relays as may within an hour. */
  | 'relay-cap';

/** Why there is no link, or none any more. */
export class RtcError extends Error {
  override readonly name = 'RtcError';
  readonly code: RtcErrorCode;
  constructor(code: RtcErrorCode, message: string = code) {
    super(message);
    this.code = code;
  }
}

/** One way in which the other side might be reached, as WebRTC writes it, and the section of the description it belongs to. */
export interface RtcCandidate {
  readonly candidate: string;
  readonly mid: string;
}

/** Largest message on a channel, in bytes: what every browser takes whatever was negotiated (RFC 8831, 6.6). */
export const MAX_RTC_MESSAGE = 16_384;

export interface RtcChannelHandlers {
  /** Of at most `MAX_RTC_MESSAGE` bytes. */
  message(bytes: Uint8Array): void;
  /** There is room again after a `send` that said no. */
  drain(): void;
  /** Once, at the end. */
  closed(code: RtcErrorCode): void;
}

/** An open channel: reliable, in order, its messages as they were sent. */
export interface RtcChannel {
  /** Takes a message of at most `MAX_RTC_MESSAGE` bytes. False: this one was taken, the next is to wait for `drain`. */
  send(bytes: Uint8Array): boolean;
  /** To be called once; what came before waits for it. */
  listen(handlers: RtcChannelHandlers): void;
  close(): void;
}

/** A peer connection in the making, and then its channel. */
export interface RtcLink {
  /** Our description; the answering side's follows `describe`. Rejects with `RtcError`. */
  readonly description: Promise<string>;
  /** The channel when it is open. Rejects with `RtcError`; how long to wait is the caller's affair. */
  readonly channel: Promise<RtcChannel>;
  /** Takes the other side's description. */
  describe(description: string): void;
  addCandidate(candidate: RtcCandidate): void;
  /** Ends the peer connection, whatever it has come to. */
  close(): void;
}

export interface RtcCounts {
  /** Peer connections there are now, in the making or open. */
  readonly open: number;
  /** Made so far, by all pages. */
  readonly made: number;
  /** The most that one page makes. */
  readonly limit: number;
}

export interface RtcHost {
  readonly counts: RtcCounts;
  /**
   * Begins a peer connection; `offer` goes first. `onCandidate` is told our candidates, none before our description.
   * Throws `RtcError` `no-page`, `budget`, `busy`.
   */
  open(role: 'offer' | 'answer', onCandidate: (candidate: RtcCandidate) => void): RtcLink;
}
