import { fieldsOf } from './port.ts';

/** What a page reports of itself, whenever it changes. */
export interface Presence {
  readonly visible: boolean;
  /** The browser is about to freeze it, or has put it aside for the way back. */
  readonly frozen: boolean;
  /** The device's own word, and only a hint: it may say so with a network at hand, and the other way round. */
  readonly online: boolean;
  /** The reader asks for less traffic. */
  readonly saveData: boolean;
}

/** Of a page that has not said anything. */
export const assumedPresence: Presence = { visible: true, frozen: false, online: true, saveData: false };

/** `undefined` if it is none. */
export function readPresence(data: unknown): Presence | undefined {
  const { visible, frozen, online, saveData } = fieldsOf(data) ?? {};
  if (typeof visible !== 'boolean' || typeof frozen !== 'boolean' || typeof online !== 'boolean' || typeof saveData !== 'boolean') return undefined;
  return { visible, frozen, online, saveData };
}
