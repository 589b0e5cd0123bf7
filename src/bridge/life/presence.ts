import { fieldsOf } from '../ports/port.ts';

/** What a page reports of itself, whenever it changes. */
export interface Presence {
  readonly visible: boolean;
  /** The browser is about to freeze the page, or has put it into the back/forward cache. */
  readonly frozen: boolean;
  /** What the device itself reports. Only a hint: it may be wrong in both directions. */
  readonly online: boolean;
  /** The user asks for less traffic. */
  readonly saveData: boolean;
}

/** Assumed for a page that has not reported yet. */
export const assumedPresence: Presence = { visible: true, frozen: false, online: true, saveData: false };

/** `undefined` if the data is not valid. */
export function readPresence(data: unknown): Presence | undefined {
  const { visible, frozen, online, saveData } = fieldsOf(data) ?? {};
  if (typeof visible !== 'boolean' || typeof frozen !== 'boolean' || typeof online !== 'boolean' || typeof saveData !== 'boolean') return undefined;
  return { visible, frozen, online, saveData };
}
