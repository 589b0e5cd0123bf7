import { untilEstablished, untilHead } from './support/app.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { patience } from './support/patience.ts';

test.skip(process.platform === 'win32', 'processes cannot be stopped there');
// Time for two unanswered pings, and for dials that are given up. A browser that still held their sockets would need four more
// minutes.
test.setTimeout(patience(600_000));

test('issue 11.9: all nodes stop for so long that every link is given up; when they go on, the client comes back', async ({ page, startDevnet, site }) => {
  const devnet = await startDevnet('--seed', 'stall');
  await page.goto(appUrl(site, devnet));
  await untilEstablished(page);
  const evaluate = <T>(what: string) => page.evaluate(what) as Promise<T>;
  devnet.signal('SIGSTOP');
  try {
    await expect.poll(() => evaluate('petrel.getStatus().then(({ peers }) => peers.connected)'), { timeout: patience(240_000) }).toBe(0);
    // Sockets to nodes that do not answer, which the client gives up.
    await expect.poll(() => evaluate<number>("petrel.getPeers().then((peers) => peers.filter(({ state, reason }) => state === 'down' && reason?.code.startsWith('dial-')).length)"), { timeout: patience(240_000) }).toBeGreaterThan(1);
    await expect(page.getByTestId('phase')).not.toHaveAttribute('data-phase', 'established');
  } finally {
    devnet.signal('SIGCONT');
  }
  await devnet.produce(2);
  await untilHead(page, devnet.head);
  await untilEstablished(page);
});
