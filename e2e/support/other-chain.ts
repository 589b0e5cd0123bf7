import type { BrowserContext, Page } from '@playwright/test';
import { untilEstablished, untilHead } from './app.ts';
import type { ChainNet } from './chain-net.ts';
import { expect } from './fixtures.ts';
import { serious } from './serious.ts';

/** What the tests of HotStuff-2 and Moloch do alike. */

/** Waits until the page follows the newest block of the network live. */
export async function untilLive(page: Page, net: ChainNet): Promise<void> {
  await untilEstablished(page);
  await untilHead(page, net.head);
}

/** A second tab follows, too, and shares the first one's client: the four nodes get no connection more. `clients`: their connections. */
export async function untilSharedBySecondTab(context: BrowserContext, url: string, net: ChainNet, clients: () => Promise<number>): Promise<void> {
  // Consensus needs fewer: the last ones may still be on their way.
  await expect.poll(clients).toBe(4);
  const other = await context.newPage();
  await other.goto(url);
  await untilLive(other, net);
  expect(await other.evaluate(async () => (await petrel!.getStatus()).host)).toMatchObject({ kind: 'shared-worker', tabs: 2, fencing: 1 });
  expect(await clients()).toBe(4);
  await other.close();
}

/** Drops a file on the page. */
export async function dropFile(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await page.evaluate(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(content)], fileName));
      for (const type of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
    },
    [name, Array.from(bytes)] as const,
  );
}

/** Drops the file as it is, and with one byte changed. `reason`: why that one is refused. */
export async function untilJudged(page: Page, name: string, bytes: Uint8Array, { changedAt, reason }: { readonly changedAt: number; readonly reason: RegExp }): Promise<void> {
  const verdict = page.getByTestId('proof-verdict');
  await dropFile(page, name, bytes);
  await expect(page).toHaveURL(/#\/proof$/u);
  await expect(verdict).toHaveAttribute('data-tone', 'good');
  await dropFile(page, `changed-${name}`, bytes.with(changedAt, bytes[changedAt]! ^ 1));
  await expect(page.getByTestId('proof-page')).toContainText(`changed-${name}`);
  await expect(verdict).toHaveAttribute('data-tone', 'bad');
  await expect(page.getByTestId('proof-page')).toContainText(reason);
}

/** The page shows exactly one peer as banned, with this text. */
export async function untilBanned(page: Page, text: RegExp): Promise<void> {
  const banned = page.locator('[data-testid=peer][data-state=banned]');
  await expect(banned).toHaveCount(1);
  await expect(banned).toContainText(text);
  await expect(page.locator('[data-testid=notice][data-code="peer-banned"]')).toBeVisible();
}

/** As `untilBanned`, of a page that is opened anew: the peer is not dialled, and the page says why and until when. */
export async function untilStillBanned(page: Page, url: string, text: RegExp): Promise<void> {
  await page.goto('about:blank');
  await page.goto(url);
  const banned = page.locator('[data-testid=peer][data-state=banned]');
  await expect(banned).toHaveCount(1);
  await expect(banned).toContainText(text);
  await expect(banned).toContainText(/not dialled until \S/u);
}

/** `npm run test:long` looks at all four, `npm test` at two. */
const all = [['light', 1280], ['dark', 320], ['light', 320], ['dark', 1280]] as const;
const views = all.slice(0, process.env['PETREL_LONG'] === '1' ? 4 : 2);

/** No serious finding of axe and nothing wider than the page, light and dark, wide and narrow. */
export async function untilReadable(page: Page): Promise<void> {
  for (const [colorScheme, width] of views) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 1000 });
    expect(await serious(page), `${colorScheme}, ${width} px`).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} px`).toBeLessThanOrEqual(width);
  }
  await page.setViewportSize({ width: 1280, height: 1000 });
}
