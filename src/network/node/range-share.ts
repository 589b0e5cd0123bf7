import { rangeOf } from '../addresses.ts';

/** Share of the peers that may be of one /16 (IPv6: /32), rounded down, but at least one. */
const RANGE_SHARE = 1 / 3;

/** The ranges that are full, for a wanted total of `peers` and these subnets of the present peers. */
export function fullRanges(subnets: readonly string[], peers: number): ReadonlySet<string | undefined> {
  const most = Math.max(1, Math.floor(peers * RANGE_SHARE));
  const counts = new Map<string, number>();
  for (const subnet of subnets) {
    const range = rangeOf(subnet);
    if (range !== undefined) counts.set(range, (counts.get(range) ?? 0) + 1);
  }
  return new Set(Array.from(counts).flatMap(([range, count]) => (count >= most ? [range] : [])));
}
