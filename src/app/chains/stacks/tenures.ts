import type { StacksHead } from '../../../client/types.ts';
import type { DrawnBlock } from '../../recent-blocks.ts';
import { stacksHead } from './details-of.ts';

/** Blocks of one tenure that stand next to each other in the row of newest blocks. */
export interface RecentTenure {
  readonly tenure: string;
  readonly cycle: number;
  readonly burnHeight: number | undefined;
  readonly from: number;
  readonly to: number;
  readonly standing: 'confirmed' | 'signed' | 'mixed';
  /** The least share of the weight that signed a block of it, of those whose signatures were verified. */
  readonly least: NonNullable<StacksHead['weight']> | undefined;
}

/** The tenures in a row of blocks (ascending), newest first; blocks of which only the height is known belong to none. */
export function tenuresOf(blocks: readonly DrawnBlock[], finalHeight: number): readonly RecentTenure[] {
  const runs: { readonly own: StacksHead; readonly height: number }[][] = [];
  for (const { height, details } of blocks) {
    const own = stacksHead(details);
    if (!own) continue;
    const last = runs.at(-1);
    if (last?.at(-1)?.own.tenure === own.tenure) last.push({ own, height });
    else runs.push([{ own, height }]);
  }
  return runs.toReversed().map((run) => {
    const [first, last] = [run[0]!, run.at(-1)!];
    const weights = run.flatMap(({ own: { weight } }) => weight ?? []);
    return {
      tenure: first.own.tenure,
      cycle: first.own.cycle,
      burnHeight: run.find(({ own }) => own.burnHeight !== undefined)?.own.burnHeight,
      from: first.height,
      to: last.height,
      standing: last.height <= finalHeight ? 'confirmed' : first.height <= finalHeight ? 'mixed' : 'signed',
      least: weights.toSorted((a, b) => a.signed * b.total - b.signed * a.total)[0],
    };
  });
}

/** The heights at which another tenure begins than that of the block before. */
export function tenureStarts(tenures: readonly RecentTenure[]): ReadonlySet<number> {
  return new Set(tenures.slice(0, -1).map(({ from }) => from));
}
