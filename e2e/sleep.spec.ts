import { setTimeout as wait } from 'node:timers/promises';
import { Browser } from '../bench/browser.ts';
import { appUrl } from './support/fixtures.ts';
import { test } from './support/servers.ts';
import { wholeChromium } from './support/whole-chromium.ts';

const { expect } = test;

/** Milliseconds. The hub checks the clock every 5 s, and takes a check that is 10 s late for a sleep (`sleep-watch.ts`). */
const SLEEP = 17_000;

test.skip(process.platform === 'win32', 'processes cannot be stopped there');

test('after the machine slept, the hub notices it and goes on', async ({ startDevnet, site }, info) => {
  const devnet = await startDevnet('--seed', 'sleep');
  await devnet.produce(3);
  // Stopping all processes of the browser has the same effect on them as a sleep: the clocks go on.
  const browser = await Browser.launch(wholeChromium(), info.outputPath('profile'));
  try {
    const { tab } = browser;
    const head = () => tab.evaluate<string>('petrel.getHead().then(({ latest }) => latest.hash)');
    const phase = () => tab.evaluate<string>('petrel.getStatus().then(({ phase }) => phase)');
    await tab.open(appUrl(site, devnet));
    await expect.poll(() => tab.evaluate('globalThis.petrel !== undefined')).toBe(true);
    await expect.poll(phase).toBe('established');

    const ids = (await browser.processes()).map(({ id }) => id);
    const signal = (name: 'SIGSTOP' | 'SIGCONT') => ids.forEach((id) => process.kill(id, name));
    signal('SIGSTOP');
    try {
      await devnet.command({ do: 'stop', peer: 0 });
      await devnet.produce(3);
      await wait(SLEEP);
    } finally {
      signal('SIGCONT');
    }
    await expect.poll(head).toBe(devnet.head.hash);
    await expect.poll(phase).toBe('established');
    const woke = await tab.evaluate<{ seconds: number }[]>("petrel.getLog().then((log) => log.filter(({ code }) => code === 'woke-up').map(({ data }) => data))");
    expect(woke.some(({ seconds }) => seconds >= SLEEP / 1000)).toBe(true);
  } finally {
    await browser.close();
  }
});
