import type { Presence } from '../../bridge/life/presence.ts';

/**
 * How much work the client does for all pages together. `full`: some page is visible. `low`: no page is visible, or a page asks to save
 * data; the client then keeps no more peers than consensus needs. `none`: all pages are frozen and cannot show anything.
 */
export interface Attention {
  readonly mode: 'full' | 'low' | 'none';
  /** Whether any page says that the device is online. This is only a hint. */
  readonly online: boolean;
  /** Whether any page asks to save data. The client then also serves nothing to other peers. */
  readonly saveData: boolean;
}

export const fullAttention: Attention = { mode: 'full', online: true, saveData: false };

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
