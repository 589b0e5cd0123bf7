import type { Presence } from '../bridge/life/presence.ts';

/** The used part of a page's globals. In an embedder's worker most of it is missing; that counts as visible. */
export interface PageScope {
  readonly document?: EventTarget & { readonly visibilityState: string };
  readonly navigator?: { readonly onLine?: boolean; readonly connection?: Partial<EventTarget> & { readonly saveData?: boolean } };
  readonly addEventListener?: EventTarget['addEventListener'];
  readonly removeEventListener?: EventTarget['removeEventListener'];
}

export interface PresenceWatch {
  readonly now: Presence;
  stop(): void;
}

/** Watches the page's presence, and calls `onChange` whenever it changes. */
export function watchPresence(scope: PageScope, onChange: (presence: Presence) => void): PresenceWatch {
  const { document, navigator } = scope;
  // In the back/forward cache (`pagehide`), or frozen in the background, which only Chromium reports.
  let frozen = false;
  const read = (): Presence => ({
    visible: document?.visibilityState !== 'hidden',
    frozen,
    online: navigator?.onLine !== false,
    saveData: navigator?.connection?.saveData === true,
  });
  let now = read();
  const look = () => {
    const next = read();
    if (JSON.stringify(next) === JSON.stringify(now)) return;
    now = next;
    onChange(now);
  };
  const stops: (() => void)[] = [];
  const on = (target: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> | undefined, name: string, freezes?: boolean) => {
    const listener = () => {
      frozen = freezes ?? frozen;
      look();
    };
    target?.addEventListener?.(name, listener);
    stops.push(() => target?.removeEventListener?.(name, listener));
  };
  on(document, 'visibilitychange');
  on(document, 'freeze', true);
  on(document, 'resume', false);
  on(scope, 'pagehide', true);
  on(scope, 'pageshow', false);
  on(scope, 'online');
  on(scope, 'offline');
  on(navigator?.connection, 'change');
  return {
    get now() {
      return now;
    },
    stop: () => stops.splice(0).forEach((stop) => stop()),
  };
}
