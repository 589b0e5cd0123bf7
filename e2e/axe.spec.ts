import { untilEstablished, untilHead } from './support/app.ts';
import { expect, test } from './support/fixtures.ts';
import { serious } from './support/serious.ts';

test('axe finds nothing serious: light and dark, wide and narrow, with dialogs and with errors', async ({ startDevnet, openApp, site }) => {
  const devnet = await startDevnet('--seed', 'axe');
  await devnet.produce(5);
  const page = await openApp(devnet);
  await untilEstablished(page);
  await devnet.command({ do: 'fork', back: 1, n: 2 });
  await untilHead(page, devnet.head);
  // A banned peer has its own colours and texts.
  await devnet.command({ do: 'fault', peer: 1, fault: 'signature' });
  await devnet.produce(2);
  await expect(page.locator('[data-testid=peer][data-state=banned]')).toHaveCount(1);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await serious(page), `${colorScheme}, ${width} px`).toEqual([]);
    }
    await page.getByRole('button', { name: 'Network' }).click();
    await page.getByRole('radio', { name: 'A file of your own' }).check();
    expect(await serious(page), `${colorScheme}, choice of network`).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Delete stored data' }).click();
    expect(await serious(page), `${colorScheme}, wipe`).toEqual([]);
    await page.keyboard.press('Escape');
  }
  await page.goto(`${site.url}?network=nowhere`);
  await expect(page.getByTestId('problem')).toBeVisible();
  expect(await serious(page), 'problem').toEqual([]);
});
