import type { Page } from '@playwright/test';
import { blockHash } from '../src/chains/albatross/chain/hashes.ts';
import { decodeTail, encodeTail } from '../src/chains/albatross/store/block-rows.ts';
import { decodeHeadRow, encodeHeadRow } from '../src/chains/albatross/store/head-row.ts';
import { Seal } from '../src/storage/seal.ts';
import { untilEstablished, untilHead, untilNotice } from './support/app.ts';
import type { DevnetProcess } from './support/devnet.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { headsOf, keepTold } from './support/told.ts';
import { untilReleased } from './support/until-released.ts';
import { hangHub } from './support/threads.ts';

/** The name of the database of the app's network, once it exists. */
async function databaseOf(page: Page): Promise<string> {
  const name = () => page.evaluate(async () => (await indexedDB.databases()).find((database) => database.name?.startsWith('petrel/'))?.name ?? '');
  await expect.poll(name).not.toBe('');
  return name();
}

/**
 * The database of a client that reached the head and was closed, so that no client writes there. The page is on the same origin and
 * has no client.
 */
async function leftDatabase(page: Page, devnet: DevnetProcess, url: string): Promise<string> {
  await untilHead(page, devnet.head);
  await untilEstablished(page);
  const database = await databaseOf(page);
  await page.goto(`${url}icon.svg`);
  await untilReleased(page, database);
  return database;
}

/**
 * Gives the newest stored block another state root, in rows with correct checksums, hashes and links; only its signature is wrong.
 * Returns its hash.
 */
async function forgeHead(page: Page, database: string): Promise<string> {
  const places = [['chain', 'tail'], ['meta', 'head']] as const;
  const rows = await page.evaluate(
    ([name, keys]) =>
      new Promise<number[][]>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.addEventListener('error', () => reject(new Error('not opened')));
        opening.addEventListener('success', () => {
          const transaction = opening.result.transaction(['chain', 'meta']);
          const reads = keys.map(([table, key]) => transaction.objectStore(table).get(key));
          transaction.addEventListener('complete', () => {
            opening.result.close();
            resolve(reads.map(({ result }) => [...(result as Uint8Array)]));
          });
        });
      }),
    [database, places] as const,
  );
  const [tailRow, headRow] = rows.map((row) => Uint8Array.from(row));
  const seal = new Seal(tailRow!.slice(1, 33));
  const tail = decodeTail(seal.unseal('chain', 'tail', tailRow)!)!.map(({ block }) => block);
  const head = decodeHeadRow(seal.unseal('meta', 'head', headRow)!)!;
  const newest = tail.at(-1)!;
  if (newest.type !== 'micro') throw new Error('not a micro block');
  const block = { ...newest, header: { ...newest.header, stateRoot: 'ab'.repeat(32) } };
  const hash = blockHash(block);
  const made = [
    seal.seal('chain', 'tail', encodeTail([...tail.slice(0, -1), block])),
    seal.seal('meta', 'head', encodeHeadRow({ ...head, head: { height: head.head.height, hash } })),
  ];
  await page.evaluate(
    ([name, keys, values]) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.addEventListener('error', () => reject(new Error('not opened')));
        opening.addEventListener('success', () => {
          const transaction = opening.result.transaction(['chain', 'meta'], 'readwrite');
          for (const [at, [table, key]] of keys.entries()) transaction.objectStore(table).put(Uint8Array.from(values[at]!), key);
          transaction.addEventListener('complete', () => {
            opening.result.close();
            resolve();
          });
        });
      }),
    [database, places, made.map((row) => [...row])] as const,
  );
  return hash;
}

test('the database is deleted under a live client: the client reports it, goes on, and stores again', async ({ startDevnet, openApp, site }) => {
  const devnet = await startDevnet('--seed', 'deleted', '--epochs', '1');
  const page = await openApp(devnet);
  await untilHead(page, devnet.head);
  await untilEstablished(page);
  const database = await databaseOf(page);
  await page.evaluate(
    (name) =>
      new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name);
        request.addEventListener('success', resolve);
        request.addEventListener('error', reject);
      }),
    database,
  );
  await devnet.produce(1);
  await untilNotice(page, 'storage-lost');
  await devnet.produce(1);
  await untilHead(page, devnet.head);
  await untilEstablished(page);

  // The next start shows what was written again.
  await page.goto('about:blank');
  const { head } = devnet;
  await devnet.stop();
  await page.goto(appUrl(site, devnet));
  await untilHead(page, head);
});

test('a saved snapshot carries the chain to another browser without a peer; any other file is refused', async ({ startDevnet, openApp, browser, site }, info) => {
  const devnet = await startDevnet('--seed', 'copy', '--epochs', '1');
  const page = await openApp(devnet);
  await untilHead(page, devnet.head);
  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  const input = other.locator('input[type=file][accept=".petrel"]');
  await other.goto(appUrl(site, devnet));
  await untilHead(other, devnet.head);
  const database = await databaseOf(other);
  await other.goto(`${site.url}icon.svg`);
  await untilReleased(other, database);
  const { head: left } = devnet;

  await devnet.produce(3);
  await untilHead(page, devnet.head);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save a snapshot' }).click();
  const file = info.outputPath((await download).suggestedFilename());
  await (await download).saveAs(file);
  expect(file).toContain(`unit-albatross-${devnet.head.height}.petrel`);
  const { head } = devnet;
  await devnet.stop();

  await other.goto(appUrl(site, devnet));
  await untilHead(other, left);
  await input.setInputFiles({ name: 'other.petrel', mimeType: '', buffer: Buffer.from('something else') });
  await expect(other.getByText('This is no Petrel snapshot.')).toBeVisible();
  await input.setInputFiles(file);
  await untilHead(other, head);
  await untilNotice(other, 'snapshot-imported');
  await input.setInputFiles(file);
  await expect(other.getByText('not newer than what is verified here')).toBeVisible();
  await elsewhere.close();
});

test('a damaged row is noticed at the next start, and its data is synced anew', async ({ startDevnet, openApp, site }) => {
  const devnet = await startDevnet('--seed', 'damaged', '--epochs', '1');
  await devnet.produce(3);
  const page = await openApp(devnet);
  const database = await leftDatabase(page, devnet, site.url);
  await page.evaluate(
    (name) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.addEventListener('error', () => reject(new Error('not opened')));
        opening.addEventListener('success', () => {
          const transaction = opening.result.transaction('chain', 'readwrite');
          const store = transaction.objectStore('chain');
          const reading = store.get('tail');
          reading.addEventListener('success', () => {
            const bytes = reading.result as Uint8Array;
            bytes[bytes.length >> 1]! ^= 1;
            store.put(bytes, 'tail');
          });
          transaction.addEventListener('complete', () => {
            opening.result.close();
            resolve();
          });
        });
      }),
    database,
  );
  await page.goto(appUrl(site, devnet));
  await untilNotice(page, 'stored-chain-refused');
  await untilHead(page, devnet.head);
  await untilEstablished(page);
});

test('issue 11.3: a forged head with correct checksums is never called proven, and the true head is synced anew', async ({ startDevnet, openApp, context, site }) => {
  await keepTold(context);
  const devnet = await startDevnet('--seed', 'forged head');
  await devnet.produce(3);
  const page = await openApp(devnet);
  const database = await leftDatabase(page, devnet, site.url);
  const forged = await forgeHead(page, database);
  await page.goto(appUrl(site, devnet));
  await untilNotice(page, 'stored-chain-refused');
  await untilHead(page, devnet.head);
  await untilEstablished(page);
  expect((await headsOf(page)).filter(({ hash }) => hash === forged).map(({ trust }) => trust)).not.toContain('proven');
  expect(await page.evaluate(async () => (await petrel!.getPeers()).filter(({ state }) => state === 'banned').length)).toBe(0);
});

test('a newer schema is left alone: the client works in memory, with a notice', async ({ startDevnet, context, site }) => {
  const devnet = await startDevnet('--seed', 'future');
  const page = await context.newPage();
  await page.goto(`${site.url}icon.svg`);
  const name = `petrel/${devnet.started.genesisHash.slice(0, 8)}`;
  await page.evaluate(
    (database) =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open(database, 99);
        opening.addEventListener('upgradeneeded', () => void opening.result.createObjectStore('wonders'));
        opening.addEventListener('success', () => {
          opening.result.close();
          resolve();
        });
      }),
    name,
  );
  await page.goto(appUrl(site, devnet));
  await untilNotice(page, 'storage-schema-from-the-future');
  await untilHead(page, devnet.head);
  await devnet.produce(2);
  await untilHead(page, devnet.head);
  await untilEstablished(page);
});

test('the shared worker is killed: the tabs notice, and one starts a new one for all', async ({ startDevnet, openApp, browser }) => {
  const devnet = await startDevnet('--seed', 'killed');
  const left = await openApp(devnet);
  await untilEstablished(left);
  const right = await openApp(devnet);
  await untilEstablished(right);
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  const worker = targetInfos.find(({ type }) => type === 'shared_worker')!;
  const mark = devnet.mark();
  await session.send('Target.closeTarget', { targetId: worker.targetId });
  await devnet.waitFor('connection-open', ({ direction }) => direction === 'inbound', mark);
  await untilEstablished(left);
  await untilEstablished(right);
  await expect(left.getByTestId('tabs')).toHaveText('2');
  await devnet.produce(2);
  await untilHead(left, devnet.head);
  await untilHead(right, devnet.head);
});

test('the shared worker hangs: the tabs replace it, and what it does when it wakes does no harm', async ({ startDevnet, openApp, browser, site }) => {
  const devnet = await startDevnet('--seed', 'hung');
  const left = await openApp(devnet);
  await untilEstablished(left);
  const right = await openApp(devnet);
  await untilEstablished(right);
  const mark = devnet.mark();
  const { wake } = (await hangHub({ browser }))!;
  for (const page of [left, right]) await untilNotice(page, 'hub-hung');
  await devnet.waitFor('connection-open', ({ direction }) => direction === 'inbound', mark);
  await devnet.produce(2);
  for (const page of [left, right]) {
    await untilHead(page, devnet.head);
    await untilEstablished(page);
    expect(await page.evaluate(async () => (await petrel!.getStatus()).host)).toMatchObject({ kind: 'shared-worker', tabs: 2, fencing: 2 });
  }
  // The old hub finds its lock taken, and ends.
  const hubs = () => left.evaluate(async () => (await navigator.locks.query()).held!.filter(({ name }) => name!.includes('/hub/')).length);
  expect(await hubs()).toBe(2);
  await wake();
  await expect.poll(hubs).toBe(1);
  await devnet.produce(1);
  for (const page of [left, right]) await untilHead(page, devnet.head);
  expect(await left.evaluate(async () => (await petrel!.getStatus()).storage.kind)).toBe('indexeddb');
  // Only one owner wrote: the next start shows its head.
  const { head } = devnet;
  await right.close();
  await left.goto('about:blank');
  await devnet.stop();
  await left.goto(appUrl(site, devnet));
  await untilHead(left, head);
});

test('with a dedicated worker in each tab, the second tab works in memory until the first is closed', async ({ startDevnet, openApp: open, site }) => {
  const openApp = (network: DevnetProcess) => open(network, undefined, { host: 'single' });
  const devnet = await startDevnet('--seed', 'dedicated');
  const left = await openApp(devnet);
  await untilEstablished(left);
  const right = await openApp(devnet);
  await untilNotice(right, 'storage-elsewhere');
  await devnet.produce(2);
  for (const page of [left, right]) {
    await untilHead(page, devnet.head);
    await untilEstablished(page);
  }
  const elsewhere = '[data-testid=notice][data-code="storage-elsewhere"]';
  await expect(left.locator(elsewhere)).toHaveCount(0);

  // When the first tab is closed, the second gets the database, and the notice disappears.
  await left.close();
  await untilNotice(right, 'storage-resumed');
  await expect(right.locator(elsewhere)).toHaveCount(0);
  expect(await right.evaluate(async () => (await petrel!.getStatus()).storage.kind)).toBe('indexeddb');
  await devnet.produce(2);
  await untilHead(right, devnet.head);
  await untilEstablished(right);
  await right.goto('about:blank');
  const { head } = devnet;
  await devnet.stop();
  await right.goto(appUrl(site, devnet, undefined, { host: 'single' }));
  await untilHead(right, head);
});
