import type { Browser, CDPSession, Page } from '@playwright/test';

/**
 * Threads of the browser, by the DevTools protocol: what a page cannot do to itself.
 * @module
 */

/** The hub's workers in the order in which they were started. A SharedWorker is a target of the browser, a tab's worker one of its page. */
async function attachToHub(owner: Browser | Page, kind: 'shared_worker' | 'worker'): Promise<{ readonly session: CDPSession; readonly sessionId: string; readonly targetId: string }> {
  const session = 'newBrowserCDPSession' in owner ? await owner.newBrowserCDPSession() : await owner.context().newCDPSession(owner);
  if (kind === 'shared_worker') {
    const { targetInfos } = await session.send('Target.getTargets');
    const { targetId } = targetInfos.find(({ type }) => type === kind)!;
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
    return { session, sessionId, targetId };
  }
  const attached = new Promise<{ sessionId: string; targetId: string }>((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === kind && targetInfo.url.includes('/hub-')) resolve({ sessionId, targetId: targetInfo.targetId });
    });
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  return { session, ...(await attached) };
}

/** The hub's thread stands still, as in an endless loop, until the returned function is called. A page: that of the tab whose worker it is. */
export async function hangHub(owner: Browser | Page, kind: 'shared_worker' | 'worker'): Promise<() => Promise<void>> {
  const { session, sessionId } = await attachToHub(owner, kind);
  let id = 0;
  const send = (method: string, params: object = {}) => session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: ++id, method, params }) });
  const paused = new Promise<void>((resolve) => {
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      if (message.includes('"Debugger.paused"')) resolve();
    });
  });
  await send('Debugger.enable');
  await send('Runtime.evaluate', { expression: 'debugger' });
  await paused;
  return async () => {
    // It may have been ended meanwhile.
    await send('Debugger.resume').catch(() => undefined);
    await session.detach().catch(() => undefined);
  };
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
