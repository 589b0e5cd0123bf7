import { createContext, useContext, useSyncExternalStore } from 'react';
import type { InputGuard } from './input-guard.ts';

export const GuardContext = createContext<Pick<InputGuard, 'isOpen' | 'subscribe'>>({ isOpen: () => false, subscribe: () => () => undefined });

/** Whether input counts now. */
export function useGuard(): boolean {
  const { subscribe, isOpen } = useContext(GuardContext);
  return useSyncExternalStore(subscribe, isOpen);
}
