/**
 * What a session gives to its peer: answers to requests, and blocks. All sessions of a client share one upload budget.
 * @module
 */
import type { UploadBudget } from '../../../engine/serve/upload-budget.ts';
import { MolochCodecError } from '../wire/codec-error.ts';
import { encodeFrame, type MolochMessage } from '../wire/frame.ts';
import type { WireBlock } from '../wire/block.ts';
import { answerRequest, isInLimits, type MolochRequest, type Provider } from './provider.ts';

/** Requests of the peer that may wait for their answers (Moloch reference, 4.1). */
const SERVED_AT_ONCE = 8;

/** The part of an `UploadBudget` that is used. */
type Uploads = Pick<UploadBudget, 'left' | 'take'>;

export interface ServiceOptions {
  /** Undefined: nothing is served. */
  readonly provider?: Provider | undefined;
  /** Undefined: no bound. */
  readonly uploads?: Uploads | undefined;
}

export class PeerService {
  readonly #options: ServiceOptions;
  #serving = 0;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /**
   * The frame with the answer. Where the budget is used up, or the answer has no room in a frame, that is the answer of one that holds nothing, whose few bytes do not count.
   * Undefined: the request is over a limit, which is an offence.
   */
  async answer(request: MolochRequest): Promise<Uint8Array | undefined> {
    if (!isInLimits(request) || this.#serving >= SERVED_AT_ONCE) return undefined;
    const { provider, uploads } = this.#options;
    this.#serving += 1;
    try {
      if (provider && uploads?.left !== 0) {
        const frame = frameOf(await answerRequest(provider, request));
        if (frame && uploads?.take(frame.length) !== false) return frame;
      }
      return encodeFrame(await answerRequest(EMPTY, request));
    } finally {
      this.#serving -= 1;
    }
  }

  /** The frame with a block that is sent on; undefined where the budget is used up. */
  block(block: WireBlock): Uint8Array | undefined {
    const { uploads } = this.#options;
    if (uploads?.left === 0) return undefined;
    const frame = frameOf({ kind: 'NewBlock', block });
    return frame && uploads?.take(frame.length) !== false ? frame : undefined;
  }
}

/** Undefined: it is too large for a frame. */
function frameOf(message: MolochMessage): Uint8Array | undefined {
  try {
    return encodeFrame(message);
  } catch (error) {
    if (error instanceof MolochCodecError) return undefined;
    throw error;
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
