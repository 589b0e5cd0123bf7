import type { ChainNet } from './chain-net.ts';

/** A request for blocks of HotStuff-2. */
export interface Range {
  readonly replica: number;
  readonly from: number;
  readonly count: number;
}

/** All requests for blocks since the `mark`, in the order in which they came. */
export async function rangesAsked(net: ChainNet, mark = 0): Promise<{ readonly mark: number; readonly ranges: readonly Range[] }> {
  const ranges: Range[] = [];
  for (let from = mark; ; ) {
    const { total, requests } = await net.command<{ readonly total: number; readonly requests: readonly { readonly replica: number; readonly request: Omit<Range, 'replica'> & { readonly type: string } }[] }>({ do: 'look', from });
    ranges.push(...requests.filter(({ request: { type } }) => type === 'get-blocks' || type === 'get-headers').map(({ replica, request: { from: first, count } }) => ({ replica, from: first, count })));
    from += requests.length;
    if (from >= total || requests.length === 0) return { mark: from, ranges };
  }
}

/** A peer is asked for the eight blocks above its newest final one, too, which are not part of the sync. */
export const ofSync = (ranges: readonly Range[]) => ranges.filter(({ count }) => count !== 8);

/**
 * Requests that cut across an earlier one. A block may be asked for again where the first answer is late, or did not come: then the later request lies
 * within the earlier one. A sync that began anew would ask across it.
 */
export function crossing(ranges: readonly Range[]): readonly Range[] {
  return ofSync(ranges).filter(({ from, count }, at, all) =>
    all.slice(0, at).some((earlier) => from < earlier.from + earlier.count && earlier.from < from + count && (from < earlier.from || from + count > earlier.from + earlier.count)),
  );
}
