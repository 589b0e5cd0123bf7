import type { Presence } from '../../bridge/life/presence.ts';
import { fullAttention, type Attention } from '../../engine/live/attention.ts';

/** Without any page the mode is full, because nothing is known yet. A hub without pages ends soon. */
export function attentionFor(pages: readonly Presence[]): Attention {
  if (pages.length === 0) return fullAttention;
  const awake = pages.filter(({ frozen }) => !frozen);
  // A frozen page may have reported the network state hours ago, so prefer the pages that are awake.
  const online = (awake.length > 0 ? awake : pages).some((page) => page.online);
  const saveData = (awake.length > 0 ? awake : pages).some((page) => page.saveData);
  if (awake.length === 0) return { mode: 'none', online, saveData };
  const full = awake.some(({ visible }) => visible) && !saveData;
  return { mode: full ? 'full' : 'low', online, saveData };
}
