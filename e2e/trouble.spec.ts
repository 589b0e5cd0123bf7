import { untilEstablished, untilHead, untilNotice } from './support/app.ts';
import { appUrl, expect, test } from './support/fixtures.ts';

test('when the devnet is restarted with another chain, the client reports it and starts over', async ({ startDevnet, openApp, site }) => {
  const first = await startDevnet('--seed', 'one', '--epochs', '2');
  const page = await openApp(first);
  await untilHead(page, first.head);
  await untilEstablished(page);
  await page.goto('about:blank');
  await first.stop();

  const second = await startDevnet('--seed', 'two', '--epochs', '3');
  expect(second.head.hash).not.toBe(first.head.hash);
  await page.goto(appUrl(site, second));
  await untilNotice(page, 'other-chain');
  await untilHead(page, second.head);
  await untilEstablished(page);
});

test('a peer with bad signatures is banned, and the page shows the reason', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'liar');
  const page = await openApp(devnet);
  await untilEstablished(page);
  const liar = devnet.started.peers[1]!;
  await devnet.command({ do: 'fault', peer: liar.peer, fault: 'signature' });
  await devnet.produce(3);
  const row = page.locator(`[data-testid=peer][data-id="${liar.id}"]`);
  await expect(row).toHaveAttribute('data-state', 'banned');
  await expect(row).toContainText('signature');
  // The other peers are not blamed, and the chain goes on.
  await untilHead(page, devnet.head);
  await expect(page.locator('[data-testid=peer][data-state=banned]')).toHaveCount(1);
  await expect(page.getByTestId('phase')).toHaveAttribute('data-phase', 'established');
});

test('when the network switches to an unknown block version, the page reports it and what to do, and bans no peer', async ({ startDevnet, openApp }) => {
  // One step per election block: version 2 with 328, version 3 with 456.
  const devnet = await startDevnet('--seed', 'too old', '--version', '3');
  await devnet.produce(250);
  const page = await openApp(devnet);
  await untilEstablished(page);
  await untilHead(page, devnet.head);
  await devnet.produce(10);
  await expect(page.getByTestId('phase')).toHaveAttribute('data-phase', 'failed');
  await expect(page.locator('.state')).toContainText('From block 456 on');
  await expect(page.locator('.state')).toContainText('Load this page again');
  await expect(page.locator('[data-testid=peer][data-state=banned]')).toHaveCount(0);
});

test('when all peers send a block that breaks a rule, the page says that this client may be wrong, bans no peer, and the head stays', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'doubt');
  await devnet.produce(5);
  const page = await openApp(devnet);
  await untilHead(page, devnet.head);
  await untilEstablished(page);
  const before = devnet.head;
  await devnet.command({ do: 'fault', peer: 'all', fault: 'seed', height: before.height + 1 });
  await devnet.produce(1);
  await expect(page.getByTestId('phase')).toHaveAttribute('data-phase', 'waiting');
  await expect(page.locator('.state')).toContainText('this client may be too old or wrong');
  await expect(page.locator('.state')).toContainText('bad random seed');
  await expect(page.locator('[data-testid=peer][data-state=aside]')).toHaveCount(4);
  await expect(page.locator('[data-testid=peer][data-state=banned]')).toHaveCount(0);
  // The bans from before the doubt were lifted, and the banner does not repeat the text beside the head.
  await expect(page.getByTestId('notice')).toHaveCount(0);
  await untilHead(page, before);
});

test('two tabs on two networks do not disturb each other', async ({ startDevnet, openApp, site }, info) => {
  const file = info.outputPath('network.json');
  const own = await startDevnet('--seed', 'own', '--network-file', file, '--validators', '3');
  const { readFileSync } = await import('node:fs');
  site.files['/own-network.json'] = () => readFileSync(file, 'utf8');
  const unit = await startDevnet('--seed', 'unit');
  const left = await openApp(unit);
  const right = await openApp(own, '/own-network.json');
  await untilEstablished(left);
  await untilEstablished(right);
  for (let round = 0; round < 3; round += 1) {
    await unit.produce(15);
    await own.produce(20);
    await untilHead(left, unit.head);
    await untilHead(right, own.head);
  }
  await right.close();
  await unit.produce(1);
  await untilHead(left, unit.head);
  await untilEstablished(left);
});

test('in an insecure context the page shows what is missing and what to do', async ({ page, site }) => {
  // Over http any host but this machine itself is insecure. This name does not exist: the test's server answers its requests.
  await page.route('http://petrel.test/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: new URL(pathname, site.url).href }) });
  });
  await page.goto('http://petrel.test/');
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  const problem = page.getByTestId('problem');
  await expect(problem).toHaveAttribute('data-code', 'insecure-context');
  await expect(problem).toContainText('navigator.locks');
  await expect(problem).toContainText('https');
  // The request for the icon may still be open at the end of the test.
  await page.unrouteAll({ behavior: 'wait' });
});
