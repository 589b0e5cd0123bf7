// Tests: `src/network/webrtc/webrtc.test.ts`.
/** Hosts whose peer connections are joined in memory, for tests in Node, which has no WebRTC. */
import { MAX_RTC_MESSAGE, RtcError } from '../../engine/rtc-host.ts';
import type { RtcCandidate, RtcChannel, RtcChannelHandlers, RtcCounts, RtcErrorCode, RtcHost, RtcLink } from '../../engine/rtc-host.ts';

/** A description that passes `isDataDescription`; it contains the name of its link. */
function descriptionOf(name: string): string {
  return `v=0\r\no=- ${name} 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n${'a=ice-options:trickle\r\n'.repeat(30)}`;
}

const nameIn = (description: string): string => /^o=- (\S+) /m.exec(description)?.[1] ?? '';

/** Bytes under way to the other side, after which `send` returns false. */
const WINDOW = 65_536;

class MemoryChannel implements RtcChannel {
  other: MemoryChannel | undefined;
  #handlers: RtcChannelHandlers | undefined;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #full = false;
  #closed: RtcErrorCode | undefined;

  send(bytes: Uint8Array): boolean {
    if (bytes.length > MAX_RTC_MESSAGE) throw new RangeError(`a message of ${bytes.length} bytes`);
    this.#full = this.other?.take(bytes.slice()) === false;
    return !this.#full;
  }

  take(bytes: Uint8Array): boolean {
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    setImmediate(() => this.#deliver());
    return this.#queued < WINDOW;
  }

  listen(handlers: RtcChannelHandlers): void {
    this.#handlers = handlers;
    if (this.#closed) handlers.closed(this.#closed);
    this.#deliver();
  }

  close(): void {
    this.end('closed');
    setImmediate(() => this.other?.end('remote-closed'));
  }

  end(code: RtcErrorCode): void {
    if (this.#closed) return;
    this.#deliver();
    this.#closed = code;
    this.#handlers?.closed(code);
  }

  #deliver(): void {
    while (this.#handlers && !this.#closed) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      this.#queued -= next.length;
      this.#handlers.message(next);
    }
    if (this.#queued === 0) this.other?.drained();
  }

  drained(): void {
    if (!this.#full) return;
    this.#full = false;
    this.#handlers?.drain();
  }
}

class MemoryLink implements RtcLink {
  readonly #description = Promise.withResolvers<string>();
  readonly #channel = Promise.withResolvers<RtcChannel>();
  readonly own = new MemoryChannel();
  readonly candidates: RtcCandidate[] = [];
  open = true;

  constructor() {
    this.#description.promise.catch(() => undefined);
    this.#channel.promise.catch(() => undefined);
  }

  get description(): Promise<string> {
    return this.#description.promise;
  }

  get channel(): Promise<RtcChannel> {
    return this.#channel.promise;
  }

  describe: (description: string) => void = () => undefined;

  addCandidate(candidate: RtcCandidate): void {
    this.candidates.push(candidate);
  }

  ready(description: string): void {
    this.#description.resolve(description);
  }

  connect(other: MemoryLink): void {
    this.own.other = other.own;
    this.#channel.resolve(this.own);
  }

  close(): void {
    if (this.open) this.fail('closed');
  }

  /** Ends the link as if its page had ended. */
  fail(code: RtcErrorCode): void {
    this.open = false;
    this.#description.reject(new RtcError(code));
    this.#channel.reject(new RtcError(code));
    this.own.end(code);
    setImmediate(() => this.own.other?.end('remote-closed'));
  }
}

/** A network in memory: one host offers, another answers. */
export class MemoryRtc {
  readonly #links = new Map<string, MemoryLink>();
  #last = 0;

  host(limit = 300): MemoryRtcHost {
    return new MemoryRtcHost(limit, (link) => {
      const name = `link-${++this.#last}`;
      this.#links.set(name, link);
      return name;
    }, (name) => this.#links.get(name));
  }
}

export class MemoryRtcHost implements RtcHost {
  readonly links: MemoryLink[] = [];
  readonly #limit: number;
  readonly #register: (link: MemoryLink) => string;
  readonly #find: (name: string) => MemoryLink | undefined;

  constructor(limit: number, register: (link: MemoryLink) => string, find: (name: string) => MemoryLink | undefined) {
    this.#limit = limit;
    this.#register = register;
    this.#find = find;
  }

  get counts(): RtcCounts {
    return { open: this.links.filter(({ open }) => open).length, made: this.links.length, limit: this.#limit };
  }

  open(role: 'offer' | 'answer', onCandidate: (candidate: RtcCandidate) => void): RtcLink {
    if (this.links.length >= this.#limit) throw new RtcError('budget');
    const link = new MemoryLink();
    const name = this.#register(link);
    this.links.push(link);
    const tell = () => {
      link.ready(descriptionOf(name));
      setImmediate(() => onCandidate({ candidate: `candidate:1 1 udp 1 ${name}.local 9 typ host`, mid: '0' }));
    };
    if (role === 'offer') setImmediate(tell);
    link.describe = (description) => {
      const other = this.#find(nameIn(description));
      if (!other) return link.fail('failed');
      if (role === 'answer') setImmediate(tell);
      else
        setImmediate(() => {
          link.connect(other);
          other.connect(link);
        });
    };
    return link;
  }

  /** Closes all pages. */
  leave(): void {
    for (const link of this.links) if (link.open) link.fail('page-left');
  }
}
