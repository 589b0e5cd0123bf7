/**
 * What a session answers to the requests of its peer.
 * @module
 */
import type { MolochMessage } from '../wire/frame.ts';
import { answerRequest, isInLimits, type MolochRequest, type Provider } from './provider.ts';

/** Requests of the peer that may wait for their answers (Moloch reference, 4.1). */
const SERVED_AT_ONCE = 8;

export class PeerService {
  readonly #provider: Provider;
  #serving = 0;

  /** `provider`: undefined: nothing is served. */
  constructor(provider: Provider | undefined) {
    this.#provider = provider ?? EMPTY;
  }

  /** The answer; undefined: the request is over a limit, which is an offence. */
  async answer(request: MolochRequest): Promise<MolochMessage | undefined> {
    if (!isInLimits(request) || this.#serving >= SERVED_AT_ONCE) return undefined;
    this.#serving += 1;
    try {
      return await answerRequest(this.#provider, request);
    } finally {
      this.#serving -= 1;
    }
  }
}

const nothing = { items: [], more: false };
/** Serves nothing. */
const EMPTY: Provider = {
  blocks: () => nothing,
  headers: () => nothing,
  trustedHeaders: () => nothing,
  events: (ids) => ({ events: [], missing: ids }),
  votes: () => [],
  prove: () => ({ kind: 'NotFound' }),
  snapshot: () => undefined,
  manifest: () => undefined,
  chunk: () => undefined,
};
