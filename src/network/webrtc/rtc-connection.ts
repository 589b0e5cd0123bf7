import type { Logger } from '@libp2p/interface';
import { AbstractMultiaddrConnection } from '@libp2p/utils';
import type { Multiaddr } from '@multiformats/multiaddr';
import { MAX_RTC_MESSAGE } from './rtc-host.ts';
import type { RtcChannel, RtcLink } from './rtc-host.ts';

/** Bytes that may wait for a channel that is full; noise and yamux wait before that. */
const MAX_WAITING = 4_194_304;

/** An open channel as libp2p takes it, to be encrypted and multiplexed like a WebSocket. Its end is the peer connection's. */
export class RtcConnection extends AbstractMultiaddrConnection {
  readonly #channel: RtcChannel;
  readonly #link: RtcLink;

  constructor(options: { readonly channel: RtcChannel; readonly link: RtcLink; readonly remoteAddr: Multiaddr; readonly direction: 'inbound' | 'outbound'; readonly log: Logger }) {
    const { remoteAddr, direction, log } = options;
    super({ remoteAddr, direction, log, maxMessageSize: MAX_RTC_MESSAGE, maxWriteBufferLength: MAX_WAITING });
    this.#channel = options.channel;
    this.#link = options.link;
    this.#channel.listen({
      message: (bytes) => this.onData(bytes),
      drain: () => this.safeDispatchEvent('drain'),
      closed: (code) => {
        this.#link.close();
        if (code === 'remote-closed' || code === 'closed') this.onTransportClosed();
        else if (this.status === 'open' || this.status === 'closing') this.onRemoteReset();
      },
    });
  }

  sendData(data: { readonly byteLength: number; subarray(): Uint8Array }): { sentBytes: number; canSendMore: boolean } {
    return { sentBytes: data.byteLength, canSendMore: this.#channel.send(data.subarray()) };
  }

  sendReset(): void {
    this.#end();
  }

  async sendClose(): Promise<void> {
    this.#end();
  }

  sendPause(): void {
    this.#channel.pause();
  }

  sendResume(): void {
    this.#channel.resume();
  }

  #end(): void {
    this.#channel.close();
    this.#link.close();
  }
}
