import { checkItem } from './check-items.ts';
import type { Fault, Item, Stage, SyncChain, Target, Tip } from './sync-chain.ts';

/** What a block of a sequence has passed; `fault`: what it has failed, at `stage`. A block after a failed one passes its structure at most. */
export interface ItemVerdict {
  readonly height: number;
  readonly id: string;
  /** The last stage that it has passed; undefined: none. */
  readonly passed: Stage | undefined;
  readonly fault: (Fault & { readonly stage: Stage }) | undefined;
}

/**
 * One verdict for each block of a sequence that is there already. The first one is linked to `anchor` if it follows on it; otherwise its link is not
 * checked, and no block passes `finality`. Nothing is applied.
 */
export async function verifyItems<B>(chain: SyncChain<B>, items: readonly Item<B>[], anchor: Tip, target: Target | undefined, each: boolean, signal: AbortSignal): Promise<readonly ItemVerdict[]> {
  const passed: (Stage | undefined)[] = [];
  const faults: ItemVerdict['fault'][] = [];
  const anchored = items[0]?.height === anchor.height + 1;
  let linked = 0;
  items.forEach((item, index) => {
    const follows = linked === index;
    const parent = follows ? (items[index - 1] ?? (anchored ? anchor : undefined)) : undefined;
    const fault = checkItem(chain, item, parent);
    faults.push(fault);
    passed.push(fault?.stage === 'structure' ? undefined : fault || !follows ? 'structure' : 'link');
    if (!fault && follows) linked = index + 1;
  });
  let run = items.slice(0, linked);
  const through = async (stage: Stage, check: () => ReturnType<SyncChain<B>['checkFinality']>, undecided: (fault: Fault) => boolean) => {
    if (run.length === 0) return;
    const fault = await check();
    const at = fault ? Math.max(0, run.findIndex(({ height }) => height === fault.at)) : run.length;
    run = run.slice(0, at);
    passed.fill(stage, 0, at);
    if (fault && !undecided(fault)) faults[at] = { ...fault, stage };
  };
  await through('signature', () => chain.checkSignatures(run, { each, signal }), () => false);
  const last = run.at(-1);
  if (anchored && last) await through('finality', () => chain.checkFinality(run, target ?? { height: last.height, id: last.id, proven: false }), ({ weight }) => weight === 'offence');
  return items.map(({ height, id }, index) => {
    const fault = faults[index];
    return { height, id, passed: passed[index], fault: fault && { code: fault.code, weight: fault.weight, data: fault.data, stage: fault.stage } };
  });
}
