import type { Page } from '@playwright/test';
import { untilEstablished, untilHead } from './support/app.ts';
import { expect, test } from './support/fixtures.ts';

/** Records texts that the page must not show before it has read its store. */
function noteEarlyTexts(): void {
  const seen = new Set<string>();
  (globalThis as unknown as { earlyTexts: Set<string> }).earlyTexts = seen;
  const look = () => {
    for (const text of ['No block yet', 'In memory only']) if (document.getElementById('root')?.textContent?.includes(text)) seen.add(text);
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
}

const earlyTexts = (page: Page) => page.evaluate(() => [...(globalThis as unknown as { earlyTexts: Set<string> }).earlyTexts]);

test('with a stored head, the page shows no other state before it has read it', async ({ startDevnet, openApp, context }) => {
  const devnet = await startDevnet('--seed', 'stored-head', '--epochs', '1');
  await devnet.produce(3);
  const page = await openApp(devnet);
  await untilEstablished(page);
  await untilHead(page, devnet.head);
  await context.addInitScript(noteEarlyTexts);
  for (let times = 0; times < 3; times += 1) {
    await page.goto('about:blank');
    await page.goBack();
    await untilHead(page, devnet.head);
    expect(await earlyTexts(page)).toEqual([]);
  }
});

test('blocks that are verified on the way to the newest block are not shown as the newest block', async ({ startDevnet, openApp, context }) => {
  await context.addInitScript(() => {
    const heads = new Set<string>();
    (globalThis as unknown as { shownHeads: Set<string> }).shownHeads = heads;
    new MutationObserver(() => {
      const hash = document.querySelector<HTMLElement>('[data-testid=head]')?.dataset['hash'];
      if (hash) heads.add(hash);
    }).observe(document, { childList: true, subtree: true, attributes: true });
  });
  const devnet = await startDevnet('--seed', 'on-the-way', '--epochs', '6', '--zkp', 'none');
  await devnet.produce(40);
  const page = await openApp(devnet);
  await untilEstablished(page);
  await untilHead(page, devnet.head);
  expect(await page.evaluate(() => [...(globalThis as unknown as { shownHeads: Set<string> }).shownHeads])).toEqual([devnet.head.hash]);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the page is two screens long, the rest is folded, and every control is large enough for a finger', async ({ startDevnet, openApp }) => {
    const devnet = await startDevnet('--seed', 'phone', '--epochs', '1');
    await devnet.produce(3);
    const page = await openApp(devnet);
    await untilEstablished(page);
    await expect(page.getByTestId('verdict')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(2 * 844);
    await expect(page.getByRole('button', { name: 'Delete stored data' })).toBeHidden();
    for (const summary of await page.locator('details.fold > summary').all()) await summary.click();
    await expect(page.getByRole('button', { name: 'Delete stored data' })).toBeVisible();
    await page.getByRole('button', { name: 'Network' }).click();
    const small = await page.evaluate(() =>
      Array.from(document.querySelectorAll('button, select, summary, input[type=search], .choice, .button')).flatMap((element) => {
        const { height, width } = element.getBoundingClientRect();
        return height > 0 && (height < 44 || width < 44) ? [`${element.outerHTML.slice(0, 80)} ${width}×${height}`] : [];
      }),
    );
    expect(small).toEqual([]);
  });
});

test('the network dialog opens with the current network selected', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'in-use');
  const page = await openApp(devnet);
  await page.getByRole('button', { name: 'Network' }).click();
  await page.getByRole('radio', { name: 'Mainnet' }).check();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Network' }).click();
  const inUse = page.getByRole('radio', { name: 'Local network' });
  await expect(inUse).toBeChecked();
  await expect(inUse).toBeFocused();
});
