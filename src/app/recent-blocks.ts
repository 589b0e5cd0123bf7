import type { AlbatrossHead, HeadEvent, HeadView } from '../client/types.ts';
import { albatrossHead } from '../page/albatross.ts';

/** A block as it is drawn. For blocks from before the page was opened only the height is known. Blocks of other chains are drawn as micro blocks. */
export interface DrawnBlock {
  readonly height: number;
  readonly hash: string | undefined;
  readonly type: AlbatrossHead['type'];
  /** What its chain tells of it; undefined for blocks of which only the height is known. */
  readonly details: HeadView['details'] | undefined;
}

/** Blocks that were on the main chain until others replaced them. */
export interface Branch {
  readonly blocks: readonly DrawnBlock[];
  /** 1 is next to the main chain; branches that overlap are in different lanes. */
  readonly lane: number;
}

/** The end of the main chain, heights ascending without gaps, and the reverted branches beside it. */
export interface RecentBlocks {
  readonly main: readonly DrawnBlock[];
  readonly branches: readonly Branch[];
}

/** Number of heights that are drawn. */
const SHOWN = 48;
/** Maximum number of parallel branches; beyond that the oldest is not drawn. */
const LANES = 3;

export const noBlocks: RecentBlocks = { main: [], branches: [] };

/** The blocks to draw after a head event. */
export function follow(before: RecentBlocks, event: HeadEvent): RecentBlocks {
  const { head, adopted, reverted } = event;
  const tip = before.main.at(-1);
  if (tip?.hash === head.latest.hash) return renewed(before, head);
  const [first] = adopted;
  const from = reverted[0]?.height ?? first?.height;
  if (!tip || from === undefined || !first || first.height !== from || from <= (before.main[0]?.height ?? 0) || from > tip.height + 1) return begin(event);
  const kept = before.main.filter(({ height }) => height < from);
  const main = renewed({ main: kept.concat(adopted.map(drawn)).slice(-SHOWN), branches: [] }, head).main;
  const start = main[0]?.height ?? 0;
  const branches = before.branches.concat(reverted.length > 0 ? { blocks: reverted.map(drawn), lane: 0 } : []);
  return { main, branches: inLanes(branches.filter(({ blocks }) => (blocks[0]?.height ?? 0) > start)) };
}

/** With what the chain tells anew of the two heads: signatures come after the block, and more of them when it is final. */
function renewed(blocks: RecentBlocks, { latest, final }: HeadEvent['head']): RecentBlocks {
  const told = new Map([final, latest].map((view) => [view.hash, view]));
  const main = blocks.main.map((block) => {
    const view = told.get(block.hash ?? '');
    return view && JSON.stringify(view.details) !== JSON.stringify(block.details) ? drawn(view) : block;
  });
  return main.some((block, index) => block !== blocks.main[index]) ? { ...blocks, main } : blocks;
}

/** Builds the initial state: blocks since the last final one are known to exist, even those without an event. */
function begin({ head, adopted }: HeadEvent): RecentBlocks {
  const { latest, final } = head;
  const known = new Map(adopted.map((view) => [view.height, view]));
  const first = Math.max(final.height, latest.height - SHOWN + 1);
  const main = Array.from({ length: latest.height - first + 1 }, (_, index): DrawnBlock => {
    const height = first + index;
    const view = height === latest.height ? latest : height === final.height ? final : known.get(height);
    return view ? drawn(view) : { height, hash: undefined, type: 'micro', details: undefined };
  });
  return { main, branches: [] };
}

function drawn(view: Pick<HeadView, 'height' | 'hash' | 'details'>): DrawnBlock {
  const { height, hash, details } = view;
  return { height, hash, type: albatrossHead(view)?.type ?? 'micro', details };
}

/** Newest branch first, each in the first lane where it overlaps no other. */
function inLanes(branches: readonly Branch[]): readonly Branch[] {
  const placed: Branch[] = [];
  for (const branch of branches.toReversed()) {
    const lane = Array.from({ length: LANES }, (_, index) => index + 1).find((candidate) => placed.every((other) => other.lane !== candidate || !touch(other, branch)));
    if (lane !== undefined) placed.push({ blocks: branch.blocks, lane });
  }
  return placed.toReversed();
}

/** Whether two branches overlap. A branch also occupies the space of the line to its parent. */
function touch(a: Branch, b: Branch): boolean {
  const [a0, a1, b0, b1] = [a.blocks[0]?.height ?? 0, a.blocks.at(-1)?.height ?? 0, b.blocks[0]?.height ?? 0, b.blocks.at(-1)?.height ?? 0];
  return a0 - 1 <= b1 && b0 - 1 <= a1;
}
