import type { Page } from '@playwright/test';
import axe from 'axe-core';

/** The findings of axe with serious or critical impact, as rule and element. */
export async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // Measure colours at the end of animations, not during them. The browser cancels an animation whose element goes, which rejects.
  await page.evaluate(async () => void (await Promise.allSettled(document.getAnimations().map((animation) => animation.finished))));
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}
