import type { PeerId } from '../albatross/sync/net.ts';
import { HEADER_KINDS, serveHeaders, serveZkp, withoutBody } from '../albatross/sync/serve.ts';
import type { ServedChain, ServedProof } from '../albatross/sync/serve.ts';
import { encodeResponse, encodeResponseError } from '../albatross/wire/requests.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../albatross/wire/requests.ts';
import { services } from '../albatross/wire/services.ts';
import { noSharing } from '../bridge/contract.ts';
import type { SharingView } from '../bridge/contract.ts';
import type { Clock } from '../engine/clock.ts';
import type { AlbatrossNode } from '../network/albatross/node-types.ts';
import { UploadBudget } from './upload-budget.ts';

export interface SharingOptions {
  readonly clock: Clock;
  /** Bytes that may be given within an hour; 0: nothing is. */
  readonly cap: number;
  readonly chain: ServedChain;
  /** The newest zero-knowledge proof that was verified. */
  readonly proof: () => ServedProof | undefined;
  /** Whether there is anything verified to show. */
  readonly ready: () => boolean;
}

/** What is left when nothing more is offered, in bytes: a validator list, a batch and some heads still get through. */
const RESERVE = 250_000;
/** Milliseconds until it is looked whether there is something left again. */
const LOOK_AGAIN = 300_000;

/**
 * What this client gives to other Petrel clients, and to nobody else: answers about headers that it has verified, and the headers that it
 * passes on. Counted, and at most so much an hour; nothing at all for those who want to save data.
 */
export class Sharing {
  readonly #options: SharingOptions;
  readonly #budget: UploadBudget;
  #node: Pick<AlbatrossNode, 'handle' | 'servicesChanged' | 'peers' | 'subscribers'> | undefined;
  #saveData = false;
  #told = 0;
  #cancelLook: (() => void) | undefined;

  constructor(options: SharingOptions) {
    this.#options = options;
    this.#budget = new UploadBudget(options.clock, options.cap);
  }

  /** Bits of `wire/services.ts`, as other Petrel clients are told. To nodes of the network it is always 0. */
  get services(): number {
    return this.#serves && this.#budget.left > Math.min(RESERVE, this.#options.cap / 2) ? services.headers : 0;
  }

  get view(): SharingView {
    return { ...noSharing, uploaded: this.#budget.total, uploadCap: this.#options.cap };
  }

  attach(node: Pick<AlbatrossNode, 'handle' | 'servicesChanged' | 'peers' | 'subscribers'>): void {
    this.#node = node;
    const { chain, proof } = this.#options;
    for (const kind of HEADER_KINDS) this.#answer(node, kind, (body) => serveHeaders(chain, kind, body, withoutBody));
    // Where a proof took us past the election chain, it is the only way that we can show.
    this.#answer(node, 'zkp', (body) => {
      const held = proof();
      return held && serveZkp(held, body);
    });
  }

  stop(): void {
    this.#cancelLook?.();
    this.#node = undefined;
  }

  setSaveData(saveData: boolean): void {
    this.#saveData = saveData;
    this.review();
  }

  /** What is served may be something else now. */
  review(): void {
    const { clock } = this.#options;
    if (this.#serves && this.services === 0 && !this.#cancelLook) {
      this.#cancelLook = clock.after(LOOK_AGAIN, () => {
        this.#cancelLook = undefined;
        this.review();
      });
    }
    if (this.services === this.#told) return;
    this.#told = this.services;
    this.#node?.servicesChanged();
  }

  /**
   * Whether a header of so many bytes that came from a peer may be passed on; gossip sends it to all that want it. Nodes of the network have others to
   * hear it from, so where Petrel clients must not get it nobody does.
   */
  passesOn(from: PeerId, topic: string, bytes: number): boolean {
    const node = this.#node;
    const petrels = new Set(node?.peers().flatMap(({ id, kind }) => (kind === 'petrel' && id !== from ? [id] : [])));
    const receivers = petrels.size === 0 ? 0 : (node?.subscribers(topic) ?? []).filter((peer) => petrels.has(peer)).length;
    return receivers === 0 || (this.#serves && this.#budget.take(bytes * receivers));
  }

  get #serves(): boolean {
    return this.#options.cap > 0 && !this.#saveData && this.#options.ready();
  }

  #answer<K extends RequestKind>(node: Pick<AlbatrossNode, 'handle'>, kind: K, serve: (body: RequestBody<K>) => ResponseBody<K> | undefined): void {
    const handler = (body: RequestBody<K>) => {
      const served = this.#serves ? serve(body) : undefined;
      if (served === undefined) return Promise.resolve({ raw: encodeResponseError('no-receiver') });
      const answer = encodeResponse(kind, served);
      const given = this.#budget.take(answer.length);
      this.review();
      return Promise.resolve({ raw: given ? answer : encodeResponseError('rate-limited') });
    };
    node.handle(kind, handler, 'petrel');
  }
}
