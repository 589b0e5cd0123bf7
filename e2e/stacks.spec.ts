import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { ChainNet } from './support/chain-net.ts';
import { expect, test } from './support/fixtures.ts';
import { dropFile, untilBanned, untilJudged, untilLive, untilReadable } from './support/other-chain.ts';

/** A Stacks network with real headers, signatures and proofs, served by gateways over HTTP and followed by the page. */

interface Asked {
  readonly gateway: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

interface Info {
  readonly cycle: number;
  readonly confirmed: number;
  readonly contract: string;
  readonly accounts: readonly { readonly address: string; readonly balance: string; readonly nonce: number }[];
  readonly transactions: readonly { readonly txid: string; readonly height: number }[];
}

const asked = (net: ChainNet) => net.command<readonly Asked[]>({ do: 'look' });
const info = (net: ChainNet) => net.command<Info>({ do: 'info' });
/** Requests for proofs, and for signer sets. */
const proving = (requests: readonly Asked[]) => requests.filter(({ path }) => /proof=1|\/v3\/stacker_set\//u.test(path));
const tenures = (net: ChainNet, n: number, blocks = 1) => net.command({ do: 'produce', tenures: n, blocks });

async function untilCycles(page: Page, count: number): Promise<void> {
  await expect(page.getByTestId('cycle')).toHaveCount(count);
}

/** Chooses what is read, fills in the fields in their order, and reads. */
async function read(page: Page, what: string, ...fields: readonly string[]): Promise<void> {
  const form = page.getByTestId('state-reader').locator('form');
  await form.getByRole('combobox').selectOption({ label: what });
  const inputs = form.getByRole('searchbox');
  await expect(inputs).toHaveCount(fields.length);
  for (const [at, text] of fields.entries()) await inputs.nth(at).fill(text);
  await form.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(page.getByTestId('state-answer')).toHaveAttribute('data-state', /answer|problem/u);
}

test('Stacks: from the checkpoint over proven cycles to the live head, reloaded with nothing proven twice, and one client for two tabs', async ({ startChain, context }) => {
  const { net, url } = await startChain('stacks', '--gateways', '2', '--seed', 'open');
  const page = await context.newPage();
  await page.goto(url);
  await untilLive(page, net);
  await untilCycles(page, 3);
  await expect(page.getByRole('heading', { name: 'Gateways' })).toBeVisible();
  await expect(page.getByText('Standing: 100 at first')).toBeVisible();
  await expect(page.getByTestId('peer').first().locator('td').last()).toHaveText('100');
  await expect(page.getByRole('heading', { name: 'Sharing' })).toHaveCount(0);
  await expect(page.locator('[data-testid=cycle][data-from=checkpoint]')).toHaveCount(1);
  await expect(page.locator('[data-testid=cycle][data-from=hand-over]').last()).toContainText(/proven: named in the state.*signed with/u);
  await expect(page.getByTestId('no-anchoring')).toContainText('Bitcoin anchoring is not verified here');
  await expect(page.getByTestId('checkpoint-age')).toHaveAttribute('data-old', 'true');
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-level', 'pinned');
  await expect(page.getByTestId('stacks-overview')).toContainText('not verified here');
  await page.getByTestId('trust').locator('details > summary').click();
  await expect(page.getByTestId('trust')).toContainText(/checkpoint in the network file is genuine.*Bitcoin anchoring: it is not verified here/su);
  await expect(page.locator('[data-testid=peer][data-state=banned]')).toHaveCount(0);

  await tenures(net, 3, 2);
  await untilLive(page, net);
  await expect(page.getByTestId('tenure').first()).toHaveAttribute('data-standing', 'signed');
  await expect(page.locator('[data-testid=tenure][data-standing=confirmed]').first()).toBeVisible();
  await expect.poll(() => page.evaluate(async () => (await petrel!.getHead()).final.height)).toBe((await info(net)).confirmed);
  // A new cycle: its set is proven before a block of it counts.
  await net.command({ do: 'nextCycle' });
  await tenures(net, 1);
  await untilLive(page, net);
  await untilCycles(page, 4);
  // Only what a node answers to a page: no preflight.
  expect(new Set((await asked(net)).map(({ method }) => method))).toEqual(new Set(['GET']));

  const other = await context.newPage();
  await other.goto(url);
  await untilLive(other, net);
  expect(await other.evaluate(async () => (await petrel!.getStatus()).host)).toMatchObject({ kind: 'shared-worker', tabs: 2, fencing: 1 });
  await other.close();

  // Without a tab the client ends; the next one begins with what is stored.
  await page.goto('about:blank');
  await net.command({ do: 'look', clear: true });
  await net.produce(2);
  await page.goto(url);
  await untilLive(page, net);
  await untilCycles(page, 4);
  expect(proving(await asked(net))).toEqual([]);

  // The negative run: a client whose data was deleted asks for all proofs again.
  await page.evaluate(() => petrel!.wipe());
  await untilLive(page, net);
  await untilCycles(page, 4);
  expect(proving(await asked(net)).length).toBeGreaterThanOrEqual(3);
});

test('Stacks: accounts and contracts are read with proofs; a proof is saved and verified without a network, also with another network file', async ({ startChain, page, site }) => {
  const { net, url } = await startChain('stacks', '--seed', 'values');
  const { contract, accounts: [first, second] } = await info(net);
  await net.command({ do: 'setVariable', name: 'counter', value: 7 });
  await net.command({ do: 'setNote', key: 3, text: 'petrels follow ships' });
  await net.command({ do: 'mint', amount: 250, to: second!.address });
  await tenures(net, 4);
  await page.goto(url);
  await untilLive(page, net);
  await untilCycles(page, 3);

  const { balance } = (await info(net)).accounts[0]!;
  await read(page, 'Account', first!.address);
  await expect(page.getByTestId('unlocked')).toHaveAttribute('data-micro', balance);
  await expect(page.getByTestId('state-answer')).toContainText(/In the state of block [\d,.]+, confirmed \(Pinned/u);
  await expect(page.getByTestId('proof-path')).toContainText('stands on');
  await read(page, 'Data variable', contract, 'counter');
  await expect(page.getByTestId('state-value')).toContainText('u7');
  await expect(page.getByTestId('proof-path')).toContainText('written in');
  await read(page, 'Map entry', contract, 'notes', '{ id: u3 }');
  await expect(page.getByTestId('state-value')).toContainText('"petrels follow ships"');
  await read(page, 'Token balance', contract, 'gold', second!.address);
  await expect(page.getByTestId('state-value')).toContainText('250');
  await read(page, 'Contract', contract);
  await expect(page.getByTestId('state-value')).toContainText(/[0-9a-f]{64}/u);
  // What is wrong with what was typed is said without asking anybody.
  await read(page, 'Account', `${first!.address}X`);
  await expect(page.getByTestId('state-answer')).toContainText('checksum');
  // That nothing is there cannot be proven.
  await read(page, 'Map entry', contract, 'notes', '{ id: u99 }');
  await expect(page.getByTestId('state-answer')).toHaveAttribute('data-code', 'no-answer');
  await expect(page.getByTestId('state-answer')).toContainText('“not proven” never means 0');

  await read(page, 'Data variable', contract, 'counter');
  // The block that wrote the value, far below the newest ones.
  await page.getByTestId('proof-path').getByRole('link').first().click();
  await expect(page.getByTestId('block')).toHaveAttribute('data-state', 'found');
  await expect(page.getByTestId('block-verdict')).toHaveAttribute('data-place', 'chain');
  await page.goBack();
  await read(page, 'Data variable', contract, 'counter');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Save a proof: of counter/u }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/^stacks-\d+\.petrel$/u);
  const bytes = Uint8Array.from(readFileSync(await download.path()));
  await untilReadable(page);
  await net.command({ do: 'stop', gateway: 0 });
  await untilJudged(page, 'counter.petrel', bytes, { changedAt: bytes.length - 1, reason: /The hashes do not lead to the state root of the block/u });
  await dropFile(page, 'counter.petrel', bytes);
  await expect(page.getByTestId('proof-verdict')).toHaveAttribute('data-tone', 'good');
  await expect(page.getByTestId('proof-page')).toContainText(/the variable counter of ST.*u7/su);
  await expect(page.getByTestId('proof-page')).toContainText('Bitcoin anchoring: that the tenures were elected on Bitcoin');
  await untilReadable(page);
  // A page of another network does not know whom to trust, until it is given the network file.
  await page.goto(`${site.url}?network=unit-albatross&seeds=/ip4/127.0.0.1/tcp/9/ws#/proof`);
  await dropFile(page, 'counter.petrel', bytes);
  await expect(page.getByTestId('proof-verdict')).toHaveAttribute('data-code', 'unknown-network');
  await page.getByTestId('proof-network').setInputFiles({ name: 'stacks.json', mimeType: 'application/json', buffer: Buffer.from(net.networkFile) });
  await expect(page.getByTestId('proof-verdict')).toHaveAttribute('data-tone', 'good');
  await expect(page.getByTestId('given-network')).toContainText('stacks.json');
});

test('Stacks: a gateway that alters what it says is refused with the reason, and banned', async ({ startChain, page }) => {
  const { net, url } = await startChain('stacks', '--seed', 'liar', '--gateways', '2');
  const { contract } = await info(net);
  await page.goto(url);
  await untilLive(page, net);
  for (const gateway of [0, 1]) await net.command({ do: 'fault', gateway, fault: 'altered-value' });
  await read(page, 'Data variable', contract, 'counter');
  await expect(page.getByTestId('state-answer')).toHaveAttribute('data-state', 'problem');
  await expect(page.getByTestId('state-answer')).toContainText(/another value/u);
  await expect(page.locator('[data-testid=peer][data-state=banned]').first()).toContainText(/another value/u);
});

test('Stacks: a gateway that alters proofs is banned, and the others are followed', async ({ startChain, page }) => {
  const { net, url } = await startChain('stacks', '--seed', 'altered', '--gateways', '3');
  await net.command({ do: 'fault', gateway: 1, fault: 'altered-proof' });
  // At first it is alone, so that it is the one that is asked.
  for (const gateway of [0, 2]) await net.command({ do: 'stop', gateway });
  await page.goto(url);
  await untilBanned(page, /proof/u);
  for (const gateway of [0, 2]) await net.command({ do: 'start', gateway });
  await untilLive(page, net);
  await untilCycles(page, 3);
  await read(page, 'Data variable', (await info(net)).contract, 'counter');
  await expect(page.getByTestId('state-value')).toContainText('u0');
});

test('Stacks: all gateways stopped, and back', async ({ startChain, page }) => {
  const { net, url } = await startChain('stacks', '--seed', 'stops', '--gateways', '2');
  await page.goto(url);
  await untilLive(page, net);
  for (const gateway of [0, 1]) await net.command({ do: 'stop', gateway });
  await expect(page.getByTestId('phase')).not.toHaveAttribute('data-phase', 'established');
  await expect(page.getByTestId('head')).toHaveAttribute('data-hash', net.head.hash);
  // A browser that has stored nothing knows the checkpoint.
  const fresh = await page.context().browser()!.newPage();
  await fresh.goto(url);
  await expect(fresh.getByTestId('phase')).toHaveText('Not connected');
  const shown = fresh.locator('.app');
  await expect(shown).toContainText(/So far Petrel knows only the checkpoint, block \d+, from the network file\..*No gateway can be reached.*So far there is only the checkpoint.*No gateway is connected/su);
  await expect(fresh.locator('.hero')).not.toContainText(/peers?\b|genesis/u);
  await fresh.close();
  for (const gateway of [0, 1]) await net.command({ do: 'start', gateway });
  await net.produce(2);
  await untilLive(page, net);
});

test('Stacks: a transaction is found, an inventory is labelled derived, a block has its fields, readable at any width', async ({ startChain, page }) => {
  const { net, url } = await startChain('stacks', '--seed', 'words');
  const { accounts: [first, second] } = await info(net);
  const { txid } = await net.command<{ readonly txid: string }>({ do: 'transfer', from: first!.address, to: second!.address, amount: 5 });
  await tenures(net, 4);
  await page.goto(url);
  await untilLive(page, net);
  expect(await page.locator('.app > :not(header)').allInnerTexts()).not.toContainEqual(expect.stringMatching(/Nimiq|epoch block|macro block|Wallet/iu));
  await page.getByRole('searchbox', { name: 'Transaction id' }).fill(txid);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByTestId('transaction')).toContainText('It is in block');
  await page.getByRole('searchbox', { name: 'Cycle' }).fill('99');
  await page.getByTestId('inventory-fold').getByRole('button', { name: 'Show' }).click();
  await expect(page.getByTestId('inventory')).toHaveText('This cycle has not begun, as far as the gateways say.');
  await page.getByRole('searchbox', { name: 'Cycle' }).fill(String((await info(net)).cycle));
  await page.getByTestId('inventory-fold').getByRole('button', { name: 'Show' }).click();
  await expect(page.getByTestId('derived')).toContainText(/Derived from what http:\/\/127\.0\.0\.1:\d+ answers, no peer’s word/u);
  // What is no block is looked up elsewhere, and the page says where.
  await page.getByRole('searchbox', { name: 'Look up a block', exact: true }).fill(first!.address);
  await page.getByRole('button', { name: 'Find' }).click();
  await expect(page.locator('#look-up-problem')).toContainText('in the panels below');
  // An answer is not left below another question.
  await read(page, 'Account', first!.address);
  await page.getByTestId('state-reader').getByRole('combobox').selectOption({ label: 'Contract' });
  await expect(page.getByTestId('state-answer')).toHaveAttribute('data-state', 'idle');
  await untilReadable(page);
  await page.getByTestId('cycle').first().getByRole('link').click();
  await expect(page.getByTestId('block-verdict')).toContainText('The checkpoint');
  await page.goto(`${url}#/block/${txid}`);
  await expect(page.getByTestId('block')).toContainText('Check a transaction');
  await page.goto(`${url}#/block/${net.head.height}`);
  await expect(page.getByTestId('grade')).toContainText('Signed, not confirmed');
  await expect(page.locator('[data-field=weight]')).toContainText('are needed');
  await page.goto(`${url}#/block/${(await info(net)).confirmed}`);
  await expect(page.getByTestId('grade')).toContainText(/^Confirmed/u);
  await expect(page.locator('[data-field=stateRoot]')).toContainText(/[0-9a-f]{64}/u);
  await untilReadable(page);
  await page.getByRole('button', { name: /Network/u }).click();
  await expect(page.getByRole('group', { name: 'Stacks' })).toContainText('npm run stacks:checkpoint');
  await expect(page.getByRole('textbox', { name: 'Gateways' })).toBeVisible();
});

test('Stacks: a gateway that a page may not ask is left out, with the reason', async ({ startChain, page }) => {
  const { net, url } = await startChain('stacks', '--seed', 'insecure');
  await page.goto(`${url}&seeds=${encodeURIComponent('http://gateway.invalid')}`);
  await expect(page.getByText(/A gateway is asked over https; over http only one of this machine/u)).toBeVisible();
  await untilLive(page, net);
});
