import type { Deadline } from '../../base/deadline.ts';
import { malformed } from './channel-frames.ts';
import { Channels } from './channels.ts';
import type { DataChannel } from './data-channel.ts';
import type { CandidateHosts } from './candidate-hosts.ts';
import { isCandidate, isDataDescription, isReachable, MAX_CANDIDATES, withReachable } from './description.ts';
import { HandlerTarget } from './handler-target.ts';
import { RtcError } from '../../engine/rtc-host.ts';
import type { RtcCandidate, RtcHost, RtcLink } from '../../engine/rtc-host.ts';

/** One attempt to link two browsers, shared by its transport and its peer connection. */
export interface Conversation {
  readonly host: RtcHost;
  /** The hosts where the other side may be. Its candidates for other hosts are left out: they may be genuine, but we do not use them. */
  readonly candidateHosts: CandidateHosts;
  /** Aborted as soon as the attempt cannot succeed: libp2p would replace our error by one of its own, or wait. */
  readonly deadline: Deadline;
  /** Called when the channel is open. */
  readonly onConnected: () => void;
}

/** The configuration of a `PeerConnection`; libp2p passes it on unchanged. */
export interface PeerConfiguration extends RTCConfiguration {
  readonly conversation: Conversation;
}

type Description = Readonly<Pick<RTCSessionDescriptionInit, 'type' | 'sdp'>>;

/**
 * Stands in for an `RTCPeerConnection` in `@libp2p/webrtc`, in a worker that has none. The real one is in a page (`rtc-host.ts`), and its
 * one channel carries all channels of this one. It is requested from a page with the first description, ours or the other side's, which is
 * checked before. Implements only what libp2p uses.
 */
export class PeerConnection extends HandlerTarget {
  connectionState: RTCPeerConnectionState = 'new';
  readonly #conversation: Conversation;
  #channels: Channels | undefined;
  #link: RtcLink | undefined;
  /** Our candidates, held back until our description is set. */
  #untold: RtcCandidate[] | undefined = [];
  #told = 0;
  #heard = 0;

  constructor({ conversation }: PeerConfiguration) {
    super();
    this.#conversation = conversation;
    conversation.deadline.signal.addEventListener('abort', () => this.close(), { once: true });
  }

  /** The offering side opens the first channel, before anything else. */
  createDataChannel(label: string): DataChannel {
    return this.#theChannels('offer').open(label);
  }

  /** Rejects with `RtcError`. */
  async createOffer(): Promise<Description> {
    return { type: 'offer', sdp: await this.#open('offer').description };
  }

  /** Rejects with `RtcError`. */
  async createAnswer(): Promise<Description> {
    if (!this.#link) throw this.#fail(malformed('an answer to nothing'));
    return { type: 'answer', sdp: await this.#link.description };
  }

  /** The page has already set it; only announce the candidates. */
  async setLocalDescription(): Promise<void> {
    const untold = this.#untold ?? [];
    this.#untold = undefined;
    for (const candidate of untold) this.#tell(candidate);
  }

  /** Sets the other side's description. Rejects with `RtcError` `malformed`. */
  async setRemoteDescription({ type, sdp = '' }: Description): Promise<void> {
    if (!isDataDescription(sdp)) throw this.#fail(malformed(`an ${type} that is not of a data channel`));
    (type === 'offer' ? this.#open('answer') : this.#link)?.describe(withReachable(sdp, this.#conversation.candidateHosts));
  }

  /** Adds a candidate of the other side. Rejects with `RtcError` `malformed`. */
  async addIceCandidate({ candidate, sdpMid }: RTCIceCandidateInit): Promise<void> {
    // The last candidate may be empty.
    if (candidate === '' || this.connectionState === 'closed') return;
    const given = { candidate: candidate ?? '', mid: sdpMid ?? '' };
    if (++this.#heard > MAX_CANDIDATES || !isCandidate(given)) throw this.#fail(malformed('too many candidates, or one that is none'));
    if (isReachable(given.candidate, this.#conversation.candidateHosts)) this.#link?.addCandidate(given);
  }

  /** Closes without an event, as WebRTC does. */
  close(): void {
    if (this.connectionState === 'closed') return;
    this.connectionState = 'closed';
    this.#channels?.end('closed');
    this.#link?.close();
  }

  #theChannels(role: 'offer' | 'answer'): Channels {
    this.#channels ??= new Channels({
      even: role === 'offer',
      onChannel: (channel) => this.emit(Object.assign(new Event('datachannel'), { channel })),
      onEnd: (code) => this.#fail(new RtcError(code)),
    });
    return this.#channels;
  }

  /** Throws `RtcError`. */
  #open(role: 'offer' | 'answer'): RtcLink {
    if (this.#link || this.connectionState !== 'new') throw this.#fail(malformed('a second description'));
    const channels = this.#theChannels(role);
    try {
      this.#link = this.#conversation.host.open(role, (candidate) => (this.#untold ? this.#untold.push(candidate) : this.#tell(candidate)));
    } catch (error) {
      throw this.#fail(error as RtcError);
    }
    this.#become('connecting');
    this.#link.channel.then(
      (real) => {
        if (this.connectionState !== 'connecting') return real.close();
        this.#become('connected');
        this.#conversation.onConnected();
        channels.carry(real);
      },
      (error: RtcError) => this.#fail(error),
    );
    return this.#link;
  }

  #tell({ candidate, mid }: RtcCandidate): void {
    if (this.#told++ < MAX_CANDIDATES) this.emit(Object.assign(new Event('icecandidate'), { candidate: new IceCandidate({ candidate, sdpMid: mid }) }));
  }

  /** The connection failed or ended; returns the reason, for the caller to throw. */
  #fail(error: RtcError): RtcError {
    const { code } = error;
    const over = this.connectionState === 'closed' || this.connectionState === 'failed';
    if (!over) this.#become(code === 'closed' || code === 'remote-closed' ? 'closed' : 'failed');
    // When we close it ourselves, the deadline already has a reason.
    if (code !== 'closed') this.#conversation.deadline.abort(error);
    this.#channels?.end(code);
    this.#link?.close();
    return error;
  }

  #become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.emit(new Event('connectionstatechange'));
  }
}

/** Stands in for an `RTCSessionDescription`. */
export class SessionDescription {
  readonly type: RTCSdpType;
  readonly sdp: string;

  constructor({ type, sdp = '' }: RTCSessionDescriptionInit) {
    this.type = type;
    this.sdp = sdp;
  }
}

/** Stands in for an `RTCIceCandidate`. Throws if an unknown peer's JSON is not a candidate. */
export class IceCandidate {
  readonly candidate: string;
  readonly sdpMid: string | null;

  constructor({ candidate, sdpMid = null }: RTCIceCandidateInit) {
    if (typeof candidate !== 'string' || (sdpMid !== null && typeof sdpMid !== 'string')) throw new TypeError('no candidate');
    this.candidate = candidate;
    this.sdpMid = sdpMid;
  }

  toJSON(): RTCIceCandidateInit {
    return { candidate: this.candidate, sdpMid: this.sdpMid, sdpMLineIndex: 0 };
  }
}
