import type { Browser, CDPSession, Page } from '@playwright/test';

/**
 * Controls threads of the browser with the DevTools protocol, in ways that a page cannot.
 * @module
 */

/**
 * The place of a hub: a worker of this page, or the SharedWorker of the file at this path (of any file if none is named), except
 * the target `not`.
 */
export type HubPlace = { readonly page: Page } | { readonly browser: Browser; readonly file?: string; readonly not?: string | undefined };

interface Attached {
  readonly session: CDPSession;
  readonly targetId: string;
  readonly send: (method: string, params?: object) => Promise<unknown>;
}

/** Milliseconds within which the browser reports a page's workers, and within which a worker stops on command. */
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

/** Makes the hub's thread hang, as in an endless loop, until it is woken. Undefined if there is no hub. */
export async function hangHub(place: HubPlace): Promise<{ readonly targetId: string; wake(): Promise<void> } | undefined> {
  const hub = await attachToHub(place);
  if (!hub) return undefined;
  const { session, targetId, send } = hub;
  const paused = new Promise<boolean>((resolve) => {
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      if (message.includes('"Debugger.paused"')) resolve(true);
    });
    // The worker ended before it could stop.
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
      // The worker may have ended meanwhile, or its page may be closed.
      await send('Debugger.resume').catch(() => undefined);
      await session.detach().catch(() => undefined);
    },
  };
}

/** Ends the hub's thread at once, without notice to any tab. Returns false if there is no hub. */
export async function endHub(place: HubPlace): Promise<boolean> {
  const hub = await attachToHub(place);
  if (!hub) return false;
  const { session, targetId, send } = hub;
  if ('page' in place) await send('Runtime.evaluate', { expression: 'close()' }).catch(() => undefined);
  else await session.send('Target.closeTarget', { targetId });
  await session.detach().catch(() => undefined);
  return true;
}

/**
 * Freezes a page and its workers, as a browser does in the background. The returned function thaws it. Works only in a
 * `freezable.ts` browser.
 */
export async function freeze(page: Page): Promise<() => Promise<void>> {
  // Without the session the page would thaw.
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  return async () => {
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await session.detach();
    await page.bringToFront();
  };
}
