import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import { smallPng } from './small-png.ts';

/** Where `npm run screenshots` puts the pictures of the documentation. */
export const pictureFolder = resolve(import.meta.dirname, '../../docs/screenshots');

/** A picture of what is in the window, or of one element. */
export async function picture(of: Page | Locator, name: string): Promise<void> {
  writeFileSync(resolve(pictureFolder, `${name}.png`), smallPng(await of.screenshot({ animations: 'disabled' })));
}

/** The least height of a picture of a whole page, in CSS pixels. */
const LEAST = 560;

/** Two pictures of a whole page, in a window as high as the page: light in a wide one, dark in one as wide as a phone. Nothing of it has the focus. */
export async function pictures(page: Page, name: string, wide = 1000): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (const [colorScheme, width] of [['light', wide], ['dark', 390]] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: LEAST });
    await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
    await picture(page, `${name}-${colorScheme}`);
  }
}

/** Two pictures of a widget, by its attribute `theme`, when its frame is as high as its content. */
export async function widgetPictures(widget: Locator, name: string): Promise<void> {
  const content = widget.frameLocator('iframe').locator('html');
  for (const theme of ['light', 'dark'] as const) {
    await widget.evaluate((element, next) => {
      element.setAttribute('theme', next);
      document.body.style.background = next === 'dark' ? '#0b1318' : '#e6ecef';
    }, theme);
    await expect(content).toHaveAttribute('data-theme', theme);
    const height = (element: Element) => element.getBoundingClientRect().height;
    await expect.poll(async () => (await widget.locator('iframe').evaluate(height)) - (await widget.frameLocator('iframe').locator('#root').evaluate(height))).toBeLessThan(2);
    await picture(widget, `${name}-${theme}`);
  }
}
