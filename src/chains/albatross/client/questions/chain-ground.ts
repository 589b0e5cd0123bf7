import type { Clock } from '../../../../base/clock.ts';
import { withTimeout } from '../../../../base/with-timeout.ts';
import type { Hash } from '../../../../base/hash.ts';
import { type Answer, type AnswerBlock, QuestionError } from '../../../../engine/questions.ts';
import { atMost, reaches, type TrustLevel } from '../../../../engine/trust.ts';
import type { ChainBlock, LightChain } from '../../chain/light-chain.ts';
import { mayStandOn } from '../../proofs/may-stand-on.ts';
import { type Standing, trustAt } from '../block-views.ts';
import { UselessAnswer } from './proof-asker.ts';

/** Milliseconds for which an answer waits for the block that it stands on: the peer may be a block ahead of us. */
const BLOCK_PATIENCE = 2000;

export interface ChainGroundOptions {
  readonly chain: LightChain;
  readonly clock: Clock;
  readonly standing: () => Standing;
}

/** The blocks on which answers can stand. */
export class ChainGround {
  readonly #options: ChainGroundOptions;

  constructor(options: ChainGroundOptions) {
    this.#options = options;
  }

  get chain(): LightChain {
    return this.#options.chain;
  }

  /**
   * The block of the main chain with this hash, for which it waits a moment. Throws `UselessAnswer` if there is none, or if no answer may
   * stand on it.
   */
  async block(hash: Hash, root: 'state' | 'history'): Promise<ChainBlock> {
    const { chain, clock } = this.#options;
    const held = () => {
      const block = chain.block(hash);
      return block?.mainChain ? block : undefined;
    };
    const found = held() ?? (await this.#when(held, clock));
    if (!found) throw new UselessAnswer('unknown-block');
    if (!mayStandOn(found.block, root)) throw new UselessAnswer('groundless-block');
    return found;
  }

  /** The answer with what the block is worth now. Throws `QuestionError` `level-too-low`. */
  answer<Value>(value: Value, { hash, block: { header } }: Pick<ChainBlock, 'hash' | 'block'>, minLevel: TrustLevel | undefined, most?: TrustLevel): Answer<Value> {
    return this.answerAt(value, { height: header.blockNumber, hash, timestamp: header.timestamp }, minLevel, most);
  }

  /** The same for a block that may not be held any more; `most`: the answer is worth no more. */
  answerAt<Value>(value: Value, block: AnswerBlock, minLevel: TrustLevel | undefined, most: TrustLevel = 'proven'): Answer<Value> {
    const standing = this.#options.standing();
    const level = atMost(trustAt(block.height, standing), most);
    if (minLevel && !reaches(level, minLevel)) throw new QuestionError('level-too-low', { level, wanted: minLevel });
    return { value, level, finality: block.height <= standing.finalHeight ? 'final' : 'pending', block };
  }

  /** For a block of the main chain: resolves with whether it became final, or was reverted. Rejects with the signal's reason. */
  final({ hash, height }: Pick<ChainBlock, 'hash' | 'height'>, signal: AbortSignal | undefined): Promise<boolean> {
    const { chain } = this.#options;
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (chain.macroHead.height >= height) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      const end = () => {
        stop();
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        end();
        reject(signal?.reason as Error);
      };
      const stop = chain.events.on('change', ({ kind, reverted }) => {
        const lost = kind === 'reset' || reverted.some((block) => block.hash === hash);
        if (!lost && chain.macroHead.height < height) return;
        end();
        resolve(!lost);
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  async #when(held: () => ChainBlock | undefined, clock: Clock): Promise<ChainBlock | undefined> {
    let stop = () => {};
    const coming = new Promise<ChainBlock>((resolve) => {
      stop = this.#options.chain.events.on('change', () => {
        const block = held();
        if (block) resolve(block);
      });
    });
    try {
      return await withTimeout(clock, BLOCK_PATIENCE, coming);
    } finally {
      stop();
    }
  }
}
