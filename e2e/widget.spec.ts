import { expect } from './support/fixtures.ts';
import { embedUrl, frameOf, test, widgetTag } from './support/widget-host.ts';

/** Of the local network's genesis block. */
const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';

test('W1: one script and one tag show a proven balance', async ({ startDevnet, site, openHost }) => {
  const devnet = await startDevnet('--seed', 'widget');
  await devnet.produce(2);
  const page = await openHost(widgetTag(embedUrl(site, devnet), { address: RICH, network: 'unit-albatross' }));
  const frame = frameOf(page);
  page.on('console', (m) => console.log('CON', m.text()));
  page.on('requestfailed', (m) => console.log('FAIL', m.url(), m.failure()));
  await page.reload();
  await page.waitForTimeout(5000);
  await page.screenshot({ path: '/tmp/widget-shot.png' });
  console.log(await page.locator('petrel-widget').evaluate((e) => e.shadowRoot!.innerHTML));
  await expect(frame.getByTestId('balance')).toHaveAttribute('data-luna', '1000000000000', { timeout: 5000 });
  await expect(frame.getByTestId('verdict')).toHaveAttribute('data-level', /^(?:proven|pinned|witnessed)$/u);
  await page.screenshot({ path: '/tmp/widget-shot.png' });
  console.log(await frame.getByTestId('verdict').innerText());
});
