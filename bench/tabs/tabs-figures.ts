import type { MemoryKind } from '../process-memory.ts';
import { spreadOf, type Spread } from '../spread.ts';
import type { TabsVisit } from './tabs-visit.ts';

/** Bytes that a number of tabs of one client need. */
export interface TabsFigures {
  readonly tabs: number;
  readonly memory: { readonly kind: MemoryKind; readonly total: Spread; /** The difference to the median of as many blank pages. */ readonly above: Spread } | undefined;
  readonly connections: Spread;
}

/** Figures of one client's visits with one number of tabs, compared with as many blank pages. */
export function tabsFigures(tabs: number, visits: readonly TabsVisit[], blank: readonly TabsVisit[]): TabsFigures {
  const kinds = new Set([...visits, ...blank].map(({ memory }) => memory?.kind));
  const [kind] = kinds;
  const connections = spreadOf(visits.map(({ connections }) => connections));
  // PSS and RSS bytes cannot be compared.
  if (kinds.size !== 1 || !kind) return { tabs, memory: undefined, connections };
  const totals = (all: readonly TabsVisit[]): number[] => all.map(({ memory }) => memory!.total);
  const base = spreadOf(totals(blank)).median;
  return { tabs, memory: { kind, total: spreadOf(totals(visits)), above: spreadOf(totals(visits).map((total) => total - base)) }, connections };
}
