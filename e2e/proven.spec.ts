import type { Page } from '@playwright/test';
import type { TrustRecord } from '../src/bridge/contract.ts';
import { untilEstablished, untilHead } from './support/app.ts';
import type { DevnetProcess } from './support/devnet.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { patience } from './support/patience.ts';
import { storedRecords } from './support/stored-records.ts';
import { headsOf, keepTold, trustsOf } from './support/told.ts';

/** `npm run test:long` uses the size of a network that is some years old; everything else is the same. */
const long = process.env['PETREL_LONG'] !== undefined;
const size = long ? { epochs: 1300, validators: 60, patience: patience(600_000) } : { epochs: 60, validators: 12, patience: patience(180_000) };

/** On a slow machine the client may hear of the three witnesses only after the five seconds for which it waits. */
const patient = { witnessWait: '600000' };

const genesisHeight = 200;
const epochLength = 128;

const trustOf = (page: Page) => page.evaluate(async () => petrel!.getTrust());
const codesOf = (page: Page) => page.evaluate(async () => (await petrel!.getLog()).map(({ code }) => code));

async function untilLevel(page: Page, level: TrustRecord['level'], timeout?: number): Promise<void> {
  await expect(page.getByTestId('trust')).toHaveAttribute('data-level', level, timeout === undefined ? {} : { timeout });
}

/** Waits until exactly these peers are banned. */
async function untilBanned(page: Page, devnet: DevnetProcess, peers: readonly number[]): Promise<void> {
  for (const peer of peers) {
    await expect(page.locator(`[data-testid=peer][data-id="${devnet.started.peers[peer]!.id}"]`)).toHaveAttribute('data-state', 'banned');
  }
  await expect(page.locator('[data-testid=peer][data-state=banned]')).toHaveCount(peers.length);
}

test('with zero-knowledge proofs in the network: from pico to live, and to proven with one proof', async ({ startDevnet, openApp, context }) => {
  await keepTold(context);
  const devnet = await startDevnet('--seed', 'zkp', '--epochs', '3');
  await devnet.produce(40);
  const page = await openApp(devnet, undefined, patient);
  await untilHead(page, devnet.head);
  await untilEstablished(page);
  await untilLevel(page, 'proven');
  const election = { height: genesisHeight + 3 * epochLength };
  expect(await trustOf(page)).toMatchObject({ anchor: { kind: 'genesis', height: genesisHeight, proof: election }, checked: { proofs: 1, electionBlocks: 0 } });
  // First the level was pico, from three witnesses.
  const first = (await trustsOf(page)).find(({ trust }) => trust.anchor.kind !== 'genesis');
  expect(first?.trust).toMatchObject({ level: 'witnessed', anchor: { kind: 'witnesses', ...election } });
  expect(await codesOf(page)).toContain('zkp-applied');
  // The client requested no election block between.
  const heights = devnet.since(0, 'request').flatMap(({ kind, blocks }) => (kind === 'block' ? (blocks ?? []) : []));
  expect(heights.filter((height) => height < election.height - epochLength)).toEqual([]);

  // It stays proven through the next election block.
  await devnet.produce(100);
  await untilHead(page, devnet.head);
  await untilLevel(page, 'proven');
});

test('without zero-knowledge proofs: live with pico, then proven by the election chain, with an interruption, and nothing verified twice', { tag: '@long' }, async ({ startDevnet, openApp, context, site }, info) => {
  test.setTimeout(patience(300_000) + 2 * size.patience);
  await keepTold(context);
  const devnet = await startDevnet('--seed', 'long', '--peers', '8', '--version', '2', '--epochs', String(size.epochs), '--validators', String(size.validators));
  // The head is above the first checkpoint of the new epoch.
  await devnet.produce(40);
  const half = size.epochs / 2;
  const electionAt = (epoch: number) => genesisHeight + epoch * epochLength;
  // At first no peer has the first election block of the second half, so that the first run ends in the middle.
  await devnet.command({ do: 'fault', peer: 'all', fault: 'not-found', height: electionAt(half + 1) });

  const page = await openApp(devnet, undefined, patient);
  await untilHead(page, devnet.head);
  await untilEstablished(page);
  await expect.poll(async () => (await trustOf(page)).proof?.done, { timeout: size.patience }).toBe(half);
  expect(await trustOf(page)).toMatchObject({ level: 'witnessed', proof: { toward: 'proven', total: size.epochs, checked: { electionBlocks: half, justifications: half } } });
  const firstRun = await trustsOf(page);
  const firstHeads = await headsOf(page);
  await page.goto(`${site.url}icon.svg`);
  await devnet.untilAlone();
  const kept = await storedRecords(page, devnet.started.genesisHash);
  expect(kept.proof).toMatchObject({ origin: 'genesis', checked: { electionBlocks: half, justifications: half }, head: { block: { header: { blockNumber: electionAt(half) } } } });
  expect(kept.head?.anchor.kind).toBe('witnesses');

  await devnet.command({ do: 'fault', peer: 'all', fault: 'none' });
  const mark = devnet.mark();
  await page.goto(appUrl(site, devnet));
  await untilHead(page, devnet.head);
  await untilLevel(page, 'proven', size.patience);
  await untilEstablished(page);
  const secondRun = await trustsOf(page);
  // The client does not request what the first run verified.
  const asked = devnet.since(mark, 'request').flatMap(({ kind, outcome, blocks }) => (kind === 'block' && outcome === 'ok' ? (blocks ?? []) : []));
  expect(asked.filter((height) => height <= electionAt(half))).toEqual([]);
  const elections = asked.filter((height) => (height - genesisHeight) % epochLength === 0);
  expect(new Set(elections).size).toBeGreaterThanOrEqual(half - 1);

  // One justification for every macro block in the store: all election blocks, the newest checkpoint, and one checkpoint that
  // arrives live.
  await devnet.produce(32);
  await untilHead(page, devnet.head);
  await page.goto(`${site.url}icon.svg`);
  await devnet.untilAlone();
  const stored = await storedRecords(page, devnet.started.genesisHash);
  const checkpoints = 2;
  expect(stored.head).toMatchObject({
    anchor: { kind: 'genesis', height: genesisHeight },
    head: { hash: devnet.head.hash },
    checked: { electionBlocks: size.epochs, checkpoints, justifications: size.epochs + checkpoints, proofs: 0 },
  });

  const spent = stored.head!.checked.milliseconds;
  const liveAfter = firstHeads.find(({ hash }) => hash === firstHeads.at(-1)!.hash)!.at;
  const figures = {
    epochs: size.epochs,
    validators: size.validators,
    liveAfterMs: Math.round(liveAfter),
    provenMs: spent,
    electionBlocksPerSecond: Math.round((size.epochs * 10_000) / spent) / 10,
  };
  const rates = [firstRun, secondRun].map((run) => run.flatMap(({ at, trust }) => (trust.proof ? [[Math.round(at), trust.proof.done]] : [])));
  await info.attach('figures', { body: JSON.stringify({ ...figures, rates }), contentType: 'application/json' });
  if (long) process.stdout.write(`${JSON.stringify(figures)}\n`);
});

test('pico believes three liars with a forged election block: the client finds them out, and ends on the true chain', async ({ startDevnet, openApp, context }) => {
  await keepTold(context);
  const devnet = await startDevnet('--seed', 'forged', '--peers', '6', '--version', '2', '--epochs', '6', '--lie', '3', '--lie-from', '4');
  for (const peer of [3, 4, 5]) await devnet.command({ do: 'stop', peer });
  const page = await openApp(devnet, undefined, patient);
  // All three break the same rule, so the error might be the client's: it bans none, says so, and looks for others.
  await untilLevel(page, 'witnessed');
  await expect.poll(() => codesOf(page)).toContain('past-in-doubt');
  await untilBanned(page, devnet, []);
  const told = await trustsOf(page);
  const fallen = told.find(({ trust }) => trust.level === 'witnessed');
  expect(fallen?.trust.anchor).toMatchObject({ kind: 'witnesses', height: genesisHeight + 6 * epochLength });

  for (const peer of [3, 4, 5]) await devnet.command({ do: 'start', peer });
  await untilHead(page, devnet.head);
  await untilEstablished(page);
  await untilLevel(page, 'proven');
  await untilBanned(page, devnet, [0, 1, 2]);
  await devnet.produce(3);
  await untilHead(page, devnet.head);
});

test('three peers with forged zero-knowledge proofs, and no other: none is banned, for the error might be ours; the election chain proves the past', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'forged proof', '--peers', '6', '--epochs', '3');
  for (const peer of [0, 1, 2]) await devnet.command({ do: 'fault', peer, fault: 'zkp-forged' });
  for (const peer of [3, 4, 5]) await devnet.command({ do: 'stop', peer });
  const page = await openApp(devnet);
  await untilHead(page, devnet.head);
  await untilEstablished(page);
  await untilLevel(page, 'proven');
  await untilBanned(page, devnet, []);
  expect(await codesOf(page)).toContain('past-in-doubt');
  expect(await trustOf(page)).toMatchObject({ anchor: { kind: 'genesis' }, checked: { proofs: 0, electionBlocks: 3 } });

  for (const peer of [3, 4, 5]) await devnet.command({ do: 'start', peer });
  await devnet.produce(3);
  await untilHead(page, devnet.head);
  await untilLevel(page, 'proven');
});
