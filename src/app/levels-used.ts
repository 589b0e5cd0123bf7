import { useState } from 'react';
import type { Anchor, TrustLevel } from '../client/types.ts';

/** The levels, strongest first. */
const levelsFromTheTop = ['proven', 'pinned', 'witnessed', 'claimed'] as const satisfies readonly TrustLevel[];

/** The levels from the top, without those that the chain cannot reach; the level that it has is always among them. */
export function levelsUpTo(highest: TrustLevel | undefined, level: TrustLevel | undefined): readonly TrustLevel[] {
  const top = levelsFromTheTop.findIndex((rung) => rung === (highest ?? 'proven') || rung === level);
  return levelsFromTheTop.slice(top);
}

/**
 * Whether the chain was read from this browser's store and is not verified again yet. A chain that rests on witnesses is excluded: those
 * are known in any case.
 */
export function isRestored({ unchecked, kind }: Anchor): boolean {
  return unchecked === true && kind !== 'witnesses';
}

const none: readonly TrustLevel[] = [];

/**
 * The levels that the chain has had, including the current one. When the level falls, or there is nothing to judge, the list starts again.
 * `claimed` is not included: it appears only for a moment while a block is accepted on trust.
 */
export function withLevel(used: readonly TrustLevel[], level: TrustLevel | undefined): readonly TrustLevel[] {
  if (level === undefined) return none;
  if (level === 'claimed' || used.at(-1) === level) return used;
  return [...used.filter((other) => levelsFromTheTop.indexOf(other) > levelsFromTheTop.indexOf(level)), level];
}

/** As far as this tab has seen it. */
export function useLevelsUsed(level: TrustLevel | undefined): readonly TrustLevel[] {
  const [used, setUsed] = useState(none);
  const now = withLevel(used, level);
  if (now !== used) setUsed(now);
  return now;
}
