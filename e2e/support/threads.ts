import type { Browser, CDPSession, Page } from '@playwright/test';

/**
 * Threads of the browser, by the DevTools protocol: what a page cannot do to itself.
 * @module
 */

/** Where a hub runs: in a worker of this page, or in the SharedWorker of the file at this path (any, where none is named) and not in the target `not`. */
export type HubPlace = { readonly page: Page } | { readonly browser: Browser; readonly file?: string; readonly not?: string | undefined };

interface Attached {
  readonly session: CDPSession;
  readonly targetId: string;
  readonly send: (method: string, params?: object) => Promise<unknown>;
}

/** Milliseconds in which the workers of a page are told of, and in which one stops that is told to. */
const ATTACHED_WITHIN = 5_000;

async function attachToHub(place: HubPlace): Promise<Attached | undefined> {
  const session = 'page' in place ? await place.page.context().newCDPSession(place.page) : await place.browser.newBrowserCDPSession();
  const found = 'page' in place ? await ownWorker(session) : await sharedWorker(session, place);
  if (!found) {
    await session.detach();
    return undefined;
  }
  let id = 0;
  return { session, targetId: found.targetId, send: (method, params = {}) => session.send('Target.sendMessageToTarget', { sessionId: found.sessionId, message: JSON.stringify({ id: ++id, method, params }) }) };
}

type Found = { readonly sessionId: string; readonly targetId: string };

async function sharedWorker(session: CDPSession, { file, not }: { readonly file?: string; readonly not?: string | undefined }): Promise<Found | undefined> {
  const { targetInfos } = await session.send('Target.getTargets');
  const target = targetInfos.find(({ type, url, targetId }) => type === 'shared_worker' && (file === undefined ? url.includes('/hub-') : new URL(url).pathname === file) && targetId !== not);
  return target && { targetId: target.targetId, ...(await session.send('Target.attachToTarget', { targetId: target.targetId, flatten: false })) };
}

async function ownWorker(session: CDPSession): Promise<Found | undefined> {
  const attached = new Promise<Found | undefined>((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker' && targetInfo.url.includes('/hub-')) resolve({ sessionId, targetId: targetInfo.targetId });
    });
    setTimeout(() => resolve(undefined), ATTACHED_WITHIN);
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  return attached;
}

/** The hub's thread stands still, as in an endless loop, until it is woken. Undefined where there is no hub. */
export async function hangHub(place: HubPlace): Promise<{ readonly targetId: string; wake(): Promise<void> } | undefined> {
  const hub = await attachToHub(place);
  if (!hub) return undefined;
  const { session, targetId, send } = hub;
  const paused = new Promise<boolean>((resolve) => {
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      if (message.includes('"Debugger.paused"')) resolve(true);
    });
    // It ended before it could, with or without a word.
    session.on('Target.detachedFromTarget', () => resolve(false));
    setTimeout(() => resolve(false), ATTACHED_WITHIN);
  });
  await send('Debugger.enable');
  await send('Runtime.evaluate', { expression: 'debugger' });
  if (!(await paused)) {
    await session.detach().catch(() => undefined);
    return undefined;
  }
  return {
    targetId,
    async wake() {
      // It may have been ended meanwhile, or its page closed.
      await send('Debugger.resume').catch(() => undefined);
      await session.detach().catch(() => undefined);
    },
  };
}

/** The hub's thread ends at once, without a word. False where there is no hub. */
export async function endHub(place: HubPlace): Promise<boolean> {
  const hub = await attachToHub(place);
  if (!hub) return false;
  const { session, targetId, send } = hub;
  if ('page' in place) await send('Runtime.evaluate', { expression: 'close()' }).catch(() => undefined);
  else await session.send('Target.closeTarget', { targetId });
  await session.detach().catch(() => undefined);
  return true;
}

/** Freezes a page as a browser does with one in the background, and its workers; the returned function thaws it. Only in a `freezable.ts` browser. */
export async function freeze(page: Page): Promise<() => Promise<void>> {
  // Without the session it would thaw.
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  return async () => {
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await session.detach();
    await page.bringToFront();
  };
}
