import type { Deadline } from '../deadline.ts';
import { malformed } from './channel-frames.ts';
import { Channels } from './channels.ts';
import type { DataChannel } from './data-channel.ts';
import { isCandidate, isDataDescription, MAX_CANDIDATES } from './description.ts';
import { HandlerTarget } from './handler-target.ts';
import { RtcError } from './rtc-host.ts';
import type { RtcCandidate, RtcHost, RtcLink } from './rtc-host.ts';

/** One try to link two browsers, as its transport and its peer connection both know it. */
export interface Conversation {
  readonly host: RtcHost;
  /** Aborted as soon as nothing can come of it: libp2p puts an error of its own in the place of ours, or waits. */
  readonly deadline: Deadline;
  /** Called when the channel is open. */
  readonly onConnected: () => void;
}

/** What a `PeerConnection` is made with; libp2p hands it on as it is. */
export interface PeerConfiguration extends RTCConfiguration {
  readonly conversation: Conversation;
}

type Description = Readonly<Pick<RTCSessionDescriptionInit, 'type' | 'sdp'>>;

/**
 * What `@libp2p/webrtc` takes for an `RTCPeerConnection`, in a worker that has none: the real one is in a page (`rtc-host.ts`), its one channel carries all those
 * of this one. A page is asked for it with the first description, ours or the other side's, which is looked at before. Has what libp2p uses, no more.
 */
export class PeerConnection extends HandlerTarget {
  connectionState: RTCPeerConnectionState = 'new';
  readonly #conversation: Conversation;
  #channels: Channels | undefined;
  #link: RtcLink | undefined;
  /** Ours, until our description is set. */
  #untold: RtcCandidate[] | undefined = [];
  #told = 0;
  #heard = 0;

  constructor({ conversation }: PeerConfiguration) {
    super();
    this.#conversation = conversation;
    conversation.deadline.signal.addEventListener('abort', () => this.close(), { once: true });
  }

  /** Whoever offers opens the first one, before anything else. */
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

  /** The page has done so already. */
  async setLocalDescription(): Promise<void> {
    const untold = this.#untold ?? [];
    this.#untold = undefined;
    for (const candidate of untold) this.#tell(candidate);
  }

  /** The other side's. Rejects with `RtcError` `malformed`. */
  async setRemoteDescription({ type, sdp = '' }: Description): Promise<void> {
    if (!isDataDescription(sdp)) throw this.#fail(malformed(`an ${type} that is not of a data channel`));
    (type === 'offer' ? this.#open('answer') : this.#link)?.describe(sdp);
  }

  /** The other side's. Rejects with `RtcError` `malformed`. */
  async addIceCandidate({ candidate, sdpMid }: RTCIceCandidateInit): Promise<void> {
    // The last one may be empty.
    if (candidate === '' || this.connectionState === 'closed') return;
    const given = { candidate: candidate ?? '', mid: sdpMid ?? '' };
    if (++this.#heard > MAX_CANDIDATES || !isCandidate(given)) throw this.#fail(malformed('too many candidates, or one that is none'));
    this.#link?.addCandidate(given);
  }

  /** Without an event, as WebRTC has it. */
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

  /** It has come to nothing, or is over; returns the reason, to be thrown. */
  #fail(error: RtcError): RtcError {
    const { code } = error;
    const over = this.connectionState === 'closed' || this.connectionState === 'failed';
    if (!over) this.#become(code === 'closed' || code === 'remote-closed' ? 'closed' : 'failed');
    // That we close it ourselves has a reason of its own.
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

/** What it takes for an `RTCSessionDescription`. */
export class SessionDescription {
  readonly type: RTCSdpType;
  readonly sdp: string;

  constructor({ type, sdp = '' }: RTCSessionDescriptionInit) {
    this.type = type;
    this.sdp = sdp;
  }
}

/** What it takes for an `RTCIceCandidate`. Throws where a stranger's JSON is none. */
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
