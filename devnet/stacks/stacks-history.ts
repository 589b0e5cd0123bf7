// Tests: `devnet/stacks/stacks-chain.test.ts`.
import { positionOf } from '../../src/chains/stacks/chain/cycles.ts';
import { seededRandom } from '../seeded-random.ts';
import type { StacksChain } from './stacks-chain.ts';

export interface HistoryLength {
  /** Cycles of Nakamoto that have blocks. */
  readonly cycles: number;
  /** Blocks of Nakamoto at least. */
  readonly blocks: number;
}

/** Position in the newest cycle, so that some of it is confirmed. */
const NEWEST = 4;
/** Tenures at least, of which all but two are confirmed. */
const LEAST = 4;

/** Makes tenures of one to three blocks until the history is so long. Some Bitcoin blocks have no winner, or one that builds nothing; the tenure before goes on. */
export function makeHistory(chain: StacksChain, { cycles, blocks }: HistoryLength): void {
  const { main, options } = chain;
  const random = seededRandom(options.seed, 'stacks history');
  let tenures = 0;
  const isLong = () => {
    if (tenures < LEAST) return false;
    const newest = main.sortitions.at(-1)!;
    const cycle = chain.cycleOf(newest);
    return main.tip.height - chain.lastEpoch2.height >= blocks && (cycle > cycles || (cycle === cycles && positionOf(newest.burnHeight, options.rules) >= NEWEST));
  };
  do {
    chain.startTenure(main);
    tenures += 1;
    for (let more = Math.floor(random.next() * 3) - 1; more > 0; more -= 1) chain.extend(main);
    if (random.next() < 0.12 && !isLong() && isQuiet(chain)) {
      chain.addEmptySortition(main, random.next() < 0.5);
      chain.extend(main);
    }
  } while (!isLong());
}

/** Whether the next Bitcoin blocks lie outside of a prepare phase and away from a boundary. */
export function isQuiet({ main, options: { rules } }: StacksChain): boolean {
  const position = positionOf(main.sortitions.at(-1)!.burnHeight, rules);
  return position > 1 && position < rules.cycleLength - rules.prepareLength - 1;
}
