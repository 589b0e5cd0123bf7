import type { Random } from '../../base/random.ts';
import type { Candidate } from './dial-candidate.ts';
import { isOurs, subnetOfCandidate } from './dial-candidate.ts';

export interface DialChoice {
  readonly random: Random;
  /** Operators of seeds, by address. */
  readonly operators?: ReadonlyMap<string, string> | undefined;
  /** All candidates that may be dialled now. */
  readonly ready: readonly Candidate[];
  /** Candidates that are being dialled or are connected. */
  readonly inUse: readonly Candidate[];
  /** Peers with an open connection, and their networks. */
  readonly connected: ReadonlyMap<string, { readonly subnet: string }>;
}

/** Greater than any possible number of failures: such a candidate is dialled only if there is no other. */
const LAST = 2 ** 40;

/**
 * The candidate to dial next. Dialled last are addresses where contacts claim only peers that we have or dial already (the claim may be
 * false, so they are not left out). The others are ordered by fewest failures, then networks in which we have no peer, then addresses that
 * are seeds or remembered. Among equals the sources take turns: the source with the fewest addresses in use comes first, then chance
 * decides. So a flood of addresses from one source takes only one turn in two, however many they are.
 */
export function nextDial({ random, operators, ready, inUse, connected }: DialChoice): Candidate | undefined {
  const subnets = new Set(Array.from(connected.values(), ({ subnet }) => subnet));
  const had = new Set([...connected.keys(), ...inUse.flatMap(({ state, seen, claimed }) => (state === 'dialing' ? [...claimed, ...(seen === undefined ? [] : [seen])] : []))]);
  const rank = (candidate: Candidate) => {
    const { claimed, failures } = candidate;
    const last = claimed.size > 0 && Array.from(claimed).every((peer) => had.has(peer)) ? LAST : 0;
    return last + failures * 4 + (subnets.has(subnetOfCandidate(candidate, operators)) ? 2 : 0) + (isOurs(candidate) ? 0 : 1);
  };
  const equals = lowest(ready, rank);
  const turns = new Map<string, number>(equals.flatMap((candidate) => Array.from(candidate.turns, (turn) => [turn, 0] as const)));
  for (const turn of inUse.flatMap((candidate) => [...candidate.turns])) turns.set(turn, (turns.get(turn) ?? -Infinity) + 1);
  const among = Array.from(turns).filter(([, uses]) => uses >= 0);
  const turn = anyOf(random, lowest(among, ([, uses]) => uses))?.[0];
  return anyOf(random, equals.filter((candidate) => candidate.turns.has(turn as string)));
}

function lowest<T>(items: readonly T[], rank: (item: T) => number): readonly T[] {
  const ranked = items.map((item) => [item, rank(item)] as const);
  const least = ranked.reduce((least, [, value]) => Math.min(least, value), Infinity);
  return ranked.flatMap(([item, value]) => (value === least ? [item] : []));
}

function anyOf<T>(random: Random, items: readonly T[]): T | undefined {
  return items[Math.floor(random.next() * items.length)];
}
