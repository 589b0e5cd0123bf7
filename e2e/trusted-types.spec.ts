import { securityHeaders } from '../scripts/headers.mjs';
import { untilEstablished, untilHead } from './support/app.ts';
import { Deploy } from './support/deploy.ts';
import { appUrl, expect, test } from './support/fixtures.ts';

const name = 'Content-Security-Policy';
const strict = { ...securityHeaders, [name]: `${securityHeaders[name]}; require-trusted-types-for 'script'; trusted-types petrel` };

test.use({ serviceWorkers: 'allow' });

for (const host of ['shared', 'elected', 'single']) {
  test(`on a site that requires Trusted Types, the workers start under Petrel's policy, host ${host}`, host === 'shared' ? {} : { tag: '@long' }, async ({ startDevnet, page }) => {
    const devnet = await startDevnet('--seed', `trusted ${host}`);
    const deploy = new Deploy();
    try {
      const answer = await page.goto(appUrl({ url: await deploy.start(strict), files: {} }, devnet, 'unit-albatross', { host }));
      expect(answer!.headers()['content-security-policy']).toContain('require-trusted-types-for');
      await untilEstablished(page);
      await devnet.produce(2);
      await untilHead(page, devnet.head);
      await expect.poll(() => page.evaluate(async () => (await petrel!.getLog()).find(({ code }) => code === 'verifier-ended')?.data?.['backend'])).toBe('wasm');
      await expect.poll(() => page.evaluate(() => navigator.serviceWorker.getRegistration().then(Boolean))).toBe(true);
    } finally {
      await deploy.end();
    }
  });
}
