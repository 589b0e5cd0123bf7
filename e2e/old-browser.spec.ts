import { chromium, type Page } from '@playwright/test';
import { untilEstablished, untilHead } from './support/app.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { oldChromium } from './support/old-chromium.ts';
import { patience } from './support/patience.ts';

test.skip(process.platform !== 'linux' || process.arch !== 'x64', 'npm has old builds of Chromium for Linux on x64 only');

const OLDEST = '110.0.1';
const TOO_OLD = '109.0.6';

test.beforeAll(() => {
  // The first run has to download the browsers.
  test.setTimeout(patience(600_000));
  for (const version of [OLDEST, TOO_OLD]) oldChromium(version);
});

async function inChromium(version: string, use: (page: Page) => Promise<void>): Promise<void> {
  const executablePath = oldChromium(version);
  test.skip(executablePath === undefined, 'npm could not give the old build of Chromium');
  const browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    await use(await browser.newPage());
  } finally {
    await browser.close();
  }
}

test('the oldest supported Chromium runs Petrel', async ({ startDevnet, site }) => {
  const devnet = await startDevnet('--seed', 'oldest');
  await inChromium(OLDEST, async (page) => {
    await page.goto(appUrl(site, devnet));
    await untilEstablished(page);
    await devnet.produce(2);
    await untilHead(page, devnet.head);
  });
});

test('an older Chromium shows what it lacks, and which browsers work', async ({ site }) => {
  await inChromium(TOO_OLD, async (page) => {
    await page.goto(site.url);
    await expect(page.getByTestId('problem')).toHaveAttribute('data-code', 'missing-features');
    await expect(page.getByTestId('problem')).toContainText('Array.prototype.toReversed');
    await expect(page.getByTestId('problem')).toContainText('Chrome 110');
  });
});
