import type { Frame, Page } from '@playwright/test';

/** Pixels by which a text may be wider: its full stop moves to the other end, away from the letter that it was drawn close to. */
const KERNING = 3;

/**
 * What is wrong with the page from right to left: boxes that are not the mirror image of what they are from left to right, a page that scrolls
 * sideways, and amounts and addresses that are turned round. Both are measured in one turn, so that nothing changes in between. Inside of what
 * has a direction of its own nothing is measured. Leaves the page from right to left.
 */
export function wrongFromRightToLeft(target: Page | Frame): Promise<readonly string[]> {
  return target.evaluate((kerning) => {
    const root = document.documentElement;
    const elements = Array.from(document.body.querySelectorAll<HTMLElement>('*')).filter((element) => !element.closest('svg') && !element.parentElement?.closest('[dir]:not(html)'));
    const boxes = (dir: 'ltr' | 'rtl') => {
      root.dir = dir;
      return elements.map((element) => {
        const { display, visibility } = getComputedStyle(element);
        const { left, right, width } = element.getBoundingClientRect();
        return { shown: display !== 'inline' && visibility === 'visible' && width > 0, start: dir === 'rtl' ? root.clientWidth - right : left, width };
      });
    };
    const before = boxes('ltr');
    const after = boxes('rtl');
    const moved = elements.flatMap((element, at) => {
      const [ltr, rtl] = [before[at]!, after[at]!];
      if (!ltr.shown || (Math.abs(ltr.start - rtl.start) <= kerning && Math.abs(ltr.width - rtl.width) <= kerning)) return [];
      const where = ({ start, width }: typeof ltr) => `${Math.round(width)} px from ${Math.round(start)} on`;
      return [`${element.tagName.toLowerCase()}.${element.className} ${(element.textContent ?? '').slice(0, 40)}: ${where(rtl)}, from left to right ${where(ltr)}`];
    });
    const turned = Array.from(document.querySelectorAll<HTMLElement>('.amount, .hash, [data-testid=address]')).filter((element) => getComputedStyle(element).direction !== 'ltr');
    const { scrollWidth, clientWidth } = root;
    return [
      ...moved,
      ...turned.map(({ textContent }) => `runs from right to left: ${textContent}`),
      ...(scrollWidth > clientWidth ? [`scrolls sideways: ${scrollWidth} of ${clientWidth}`] : []),
    ];
  }, KERNING);
}
