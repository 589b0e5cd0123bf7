import type { Fault, Item, Stage, SyncChain, Tip } from './sync-chain.ts';

/** A fault with the stage that found it and the height of the block. */
export interface StageFault extends Fault {
  readonly stage: Stage;
  readonly at: number;
}

type Rules<B> = Pick<SyncChain<B>, 'checkStructure' | 'checkLink'>;

/** Measures the time of a stage. */
export type Measure = <T>(stage: Stage, work: () => T) => T;

const unmeasured: Measure = (_stage, work) => work();

/** Structure of one block, and its link if the parent is known. No signature: a block that passes is linked at most, never certified. */
export function checkItem<B>(chain: Rules<B>, item: Item<B>, parent: Item<B> | Tip | undefined, measure: Measure = unmeasured): StageFault | undefined {
  const broken = measure('structure', () => chain.checkStructure(item));
  if (broken) return { ...broken, stage: 'structure', at: item.height };
  if (!parent) return undefined;
  const loose = measure('link', () => chain.checkLink(parent, item));
  return loose && { ...loose, stage: 'link', at: item.height };
}

/** Structure of every block of a run, and the links inside it. Returns the first fault. Those before it are good so far. */
export function checkRun<B>(chain: Rules<B>, items: readonly Item<B>[], measure: Measure = unmeasured): StageFault | undefined {
  let parent: Item<B> | undefined;
  for (const item of items) {
    const fault = checkItem(chain, item, parent, measure);
    if (fault) return fault;
    parent = item;
  }
  return undefined;
}

/** The fault of an answer that is not a run of 1 to `count` blocks from the height `from` on; undefined: it is one. */
export function rangeFault(items: readonly Item<unknown>[], from: number, count: number): Fault | undefined {
  const fits = items.length > 0 && items.length <= count && items.every(({ height }, index) => height === from + index);
  return fits ? undefined : { code: 'wrong-range', weight: 'offence', data: { from, count } };
}
