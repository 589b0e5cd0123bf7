import { type Clock, sleep } from '../../../../base/clock.ts';
import { QuestionError, type QuestionOptions } from '../../../../engine/questions.ts';
import { reaches, type TrustLevel } from '../../../../engine/trust.ts';

/** Milliseconds between two looks at the level of the newest block. It rises once or twice in a client's life. */
const LOOK = 1_000;
/** Milliseconds between two attempts at most. An answer can be worth less than the newest block, and each attempt may ask peers. */
const LONGEST_PAUSE = 30_000;

export interface UntilLevelOptions {
  readonly clock: Clock;
  /** What the newest block is worth. */
  readonly level: () => TrustLevel;
  /** Aborted when the client ends. */
  readonly ended: AbortSignal;
}

/**
 * Asks once, or with `waitForLevel` until the answer reaches `minLevel`. While it waits, no peer is asked before the newest block reaches
 * the level. Rejects as `ask` does, or with the reason of `signal`, which has the call's deadline.
 */
export async function untilLevel<Result>(ask: () => Result, { minLevel, waitForLevel }: QuestionOptions, { clock, level, ended }: UntilLevelOptions, signal: AbortSignal | undefined): Promise<Awaited<Result>> {
  for (let pause = LOOK; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await ask();
    } catch (error) {
      if (!waitForLevel || !(error instanceof QuestionError) || error.code !== 'level-too-low') throw error;
    }
    await sleep(clock, pause, signal);
    while (!reaches(level(), minLevel ?? 'claimed')) {
      ended.throwIfAborted();
      await sleep(clock, LOOK, signal);
    }
    ended.throwIfAborted();
  }
}
