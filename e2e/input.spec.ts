import { readFileSync } from 'node:fs';
import { untilEstablished } from './support/app.ts';
import { expect, test } from './support/fixtures.ts';

/** Errors in the page's address and the messages for them. No such error crashes the page or prevents the next try. */
test('a wrong network, file, seed or setting gives an error code and says what to do', async ({ startDevnet, page, site }, info) => {
  const file = info.outputPath('network.json');
  const devnet = await startDevnet('--seed', 'input', '--network-file', file, '--validators', '3');
  const good = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  site.files['/torn.json'] = () => '{"name":';
  site.files['/empty.json'] = () => '{}';
  site.files['/wrong-genesis.json'] = () => JSON.stringify({ ...good, genesisHash: '00'.repeat(32) });
  site.files['/wrong-policy.json'] = () => JSON.stringify({ ...good, blocksPerBatch: -1 });
  site.files['/perhaps.json'] = () => JSON.stringify({ ...good, development: 'perhaps' });
  site.files['/bad-settings.json'] = () => JSON.stringify({ ...good, settings: { maxPeers: -1 } });
  site.files['/good.json'] = () => JSON.stringify(good);
  const cases: [query: Record<string, string>, code: string, text: RegExp][] = [
    [{ network: 'nonsense' }, 'unknown-network', /nonsense.*take .*network.* out of the address/is],
    [{ network: '__proto__' }, 'unknown-network', /__proto__/],
    [{ network: '' }, 'unknown-network', /network/],
    [{ network: '/missing.json' }, 'network-file', /missing\.json/],
    [{ network: '//other.example/network.json' }, 'network-file', /another server/],
    [{ network: '/torn.json' }, 'network-file', /JSON/],
    [{ network: '/empty.json' }, 'bad-network', /parameters.*Correct the network file/],
    [{ network: '/wrong-genesis.json' }, 'bad-network', /genesis/i],
    [{ network: '/wrong-policy.json' }, 'bad-network', /outside what is allowed.*blocksPerBatch.*expected/],
    [{ network: '/perhaps.json' }, 'bad-network', /development.*true or false/],
    [{ network: '/bad-settings.json' }, 'bad-settings', /“maxPeers”.*network file/],
  ];
  const problem = page.getByTestId('problem');
  for (const [query, code, text] of cases) {
    await page.goto(`${site.url}?${new URLSearchParams(query)}`);
    await expect(problem, JSON.stringify(query)).toHaveAttribute('data-code', code);
    await expect(problem).toContainText(text);
  }
  await expect(problem.getByRole('link')).toHaveText(/default network/);
  // A wrong value beside a good network is reported and ignored, and the client still runs. Parameters that are not Petrel's are
  // ignored.
  const trouble = page.getByTestId('trouble');
  const leftOut: [query: Record<string, string>, code: string, text: RegExp][] = [
    [{ witnesses: '0' }, 'bad-settings', /“witnesses”.*from 1 to 16.*address/],
    [{ minPeers: 'many' }, 'bad-settings', /“minPeers”.*whole number.*"many"/],
    [{ trustAtLeast: 'provn' }, 'bad-settings', /“trustAtLeast”.*proven.*address/],
    [{ allowInsecure: 'perhaps' }, 'bad-settings', /true or false/],
    [{ host: 'moon' }, 'bad-host', /no host “moon”/],
    [{ seeds: 'javascript:alert(1)' }, 'bad-network', /seeds.*in the address, or take it out/],
    [{ seeds: Array.from({ length: 65 }, () => '/ip4/127.0.0.1/tcp/1/ws').join(',') }, 'bad-network', /seeds.*in the address, or take it out/],
  ];
  for (const [query, code, text] of leftOut) {
    await page.goto(`${site.url}?${new URLSearchParams({ network: '/good.json', seeds: devnet.seeds, ...query, utm_source: 'x', constructor: '3' })}`);
    await untilEstablished(page);
    await expect(trouble).toHaveCount(1);
    await expect(trouble, JSON.stringify(query)).toHaveAttribute('data-code', code);
    await expect(trouble).toContainText(text);
  }
  // Seeds without any peer are no error: the page shows that they do not answer.
  await page.goto(`${site.url}?${new URLSearchParams({ network: 'unit-albatross', seeds: '/ip4/127.0.0.1/tcp/9/ws' })}`);
  await expect(page.getByTestId('phase')).toHaveAttribute('data-phase', 'connecting');
  await expect(page.locator('[data-testid=peer][data-state=down]')).toHaveCount(1);
  // The next good address works. Its settings take precedence over those of the file.
  site.files['/good.json'] = () => JSON.stringify({ ...good, settings: { storageCap: 9_000_000, desiredPeers: 5 } });
  await page.goto(`${site.url}?${new URLSearchParams({ network: '/good.json', seeds: devnet.seeds, desiredPeers: '4' })}`);
  await untilEstablished(page);
  const { peers, storage } = await page.evaluate(() => petrel!.getStatus());
  expect([peers.wanted, storage.cap]).toEqual([4, 9_000_000]);
});
