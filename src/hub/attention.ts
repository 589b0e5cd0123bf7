import type { Presence } from '../bridge/presence.ts';

/**
 * What the client owes to all pages together. `full`: somebody looks. `low`: nobody looks, or somebody asks to save data: no more peers than consensus
 * needs. `none`: all pages are frozen, and could show nothing.
 */
export interface Attention {
  readonly mode: 'full' | 'low' | 'none';
  /** Whether any page says that the device is online; a hint. */
  readonly online: boolean;
  /** Whether any page asks to save data: then nothing is given to others either. */
  readonly saveData: boolean;
}

export const fullAttention: Attention = { mode: 'full', online: true, saveData: false };

/** Without any page: full, as nothing is known. The hub ends soon then. */
export function attentionFor(pages: readonly Presence[]): Attention {
  if (pages.length === 0) return fullAttention;
  const awake = pages.filter(({ frozen }) => !frozen);
  // What a frozen page last said of the network may be hours old.
  const online = (awake.length > 0 ? awake : pages).some((page) => page.online);
  const saveData = (awake.length > 0 ? awake : pages).some((page) => page.saveData);
  if (awake.length === 0) return { mode: 'none', online, saveData };
  const full = awake.some(({ visible }) => visible) && !saveData;
  return { mode: full ? 'full' : 'low', online, saveData };
}
