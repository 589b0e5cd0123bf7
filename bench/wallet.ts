/**
 * `npm run bench:wallet`: what a wallet waits for, on petrel/nimiq and on @nimiq/core, cold and warm, in one Chromium on one local network.
 * Writes bench/results/wallet.json and the table in docs/bench.md. No figure makes it fail.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { genesisAccounts } from '../devnet/ledger/genesis-accounts.ts';
import { signedTransfer } from '../devnet/ledger/signed-transfer.ts';
import { DevnetProcess } from '../e2e/support/devnet.ts';
import { ensureChromium } from '../scripts/chromium.mjs';
import { serve } from '../scripts/serve.mjs';
import { root } from '../scripts/setup.mjs';
import { toHex } from '../src/base/bytes.ts';
import { encode } from '../src/base/postcard/codec.ts';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { friendlyAddress } from '../src/chains/albatross/transactions/address-text.ts';
import { transaction as transactionCodec } from '../src/chains/albatross/wire/transactions.ts';
import { blank } from './contestants.ts';
import { machine as machineFacts, type Machine } from './machine.ts';
import { parseOptions } from './parse-options.ts';
import { buildWalletPage } from './petrel-build.ts';
import { nimiqCoreWallet, petrelWallet, type WalletContestant } from './wallet/wallet-contestants.ts';
import { type Start, walletTable, type WalletReport } from './wallet/wallet-report.ts';
import { visitWallet, type WalletVisit } from './wallet/wallet-visit.ts';
import { writeBetweenMarkers } from './write-between-markers.ts';

/** Transactions of the account, and in how many epochs they are. */
const TRANSACTIONS = 500;
const PARTS = 5;
const BLOCKS_PER_EPOCH = unitAlbatross.blocksPerBatch * unitAlbatross.batchesPerEpoch;
/** Blocks after the last transactions: a head in the middle of a batch. */
const BLOCKS_AFTER = 40;
/** Whose transactions are asked for. */
const ADDRESS = new Uint8Array(20).fill(7);
const PAYEE = new Uint8Array(20).fill(8);

const NUMBERS = { runs: { default: 5, min: 1, max: 1000 }, settle: { default: 3000, min: 0, max: 600_000 } } as const;

const HELP = `Opens a wallet on petrel/nimiq and on @nimiq/core in Chromium on one local network, cold and warm: first balance, ${TRANSACTIONS} transactions, a payment, memory.

  npm run bench:wallet -- [options]

  --runs n       openings of each, cold and warm each (${NUMBERS.runs.default})
  --settle ms    time between the last answer and the reading of memory (${NUMBERS.settle.default})
  --no-write     print the table, write neither bench/results/wallet.json nor docs/bench.md
  --help         this text
`;

/** What has to be ended, newest last. */
const open: (() => unknown)[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end().finally(() => process.exit(130)));

async function end(): Promise<void> {
  for (let close = open.pop(); close; close = open.pop()) await close();
}

async function run(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), 'bench:wallet', HELP, NUMBERS);
  const executable = ensureChromium();
  if (!executable) throw new Error('no Chromium');
  const folder = mkdtempSync(join(tmpdir(), 'petrel-bench-'));
  open.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const build = options.dist ?? join(folder, 'petrel');
  if (options.dist === undefined) buildWalletPage(build);
  const ours = petrelWallet(build);
  const theirs = await nimiqCoreWallet(join(folder, 'nimiq-core'));
  const nothing: WalletContestant = await blank(join(folder, 'blank'));
  const devnet = await DevnetProcess.start('--seed', 'bench wallet', '--peers', '4');
  open.push(() => devnet.stop());
  await fill(devnet);

  const loads: [number, number] = [loadavg()[0]!, 0];
  const payer = genesisAccounts(unitAlbatross).funded[0]!;
  let payments = 0;
  const payment = (): string => {
    payments += 1;
    return toHex(encode(transactionCodec, signedTransfer(payer.privateKey, { to: PAYEE, value: payments, validityStartHeight: devnet.head.height, network: unitAlbatross.networkId })));
  };
  const visits: (WalletVisit & { readonly contestant: WalletContestant; readonly start: Start })[] = [];
  let machine: Machine | undefined;
  for (let round = 1; round <= options.runs; round += 1) {
    const contestants = [ours, theirs, nothing];
    for (const contestant of round % 2 === 1 ? contestants : contestants.toReversed()) {
      const profile = join(folder, `profile-${round}`);
      for (const start of contestant === nothing ? (['cold'] as const) : (['cold', 'warm'] as const)) {
        // A page that is used is one that was opened twice before: see `start.ts`.
        if (start === 'warm') await openOnce(contestant, profile);
        const { chromium, ...visit } = await openOnce(contestant, profile);
        machine ??= machineFacts(chromium);
        visits.push({ contestant, start, ...visit });
        say(`${round}/${options.runs}  ${contestant.name}, ${start}: ${visit.answers ? `${Math.round(visit.answers.balanceAt)} ms to the balance, ${visit.answers.history.found} transactions in ${Math.round(visit.answers.history.took)} ms, payment ${visit.answers.sending.state} in ${Math.round(visit.answers.sending.took)} ms` : 'done'}`);
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  }
  loads[1] = loadavg()[0]!;

  async function openOnce(contestant: WalletContestant, profile: string): Promise<WalletVisit & { readonly chromium: string }> {
    const server = await serve({ directory: contestant.directory, port: ports.get(contestant) ?? 0 });
    // The same origin for the warm opening: what is stored is stored by origin.
    ports.set(contestant, server.port);
    let browser: { kill(): void } | undefined;
    const abort = () => browser?.kill();
    open.push(abort);
    try {
      return await visitWallet({
        executable: executable!,
        profile,
        url: `http://localhost:${server.port}/?${new URLSearchParams({ seeds: devnet.seeds, account: friendlyAddress(payer.address) })}`,
        history: contestant === nothing ? undefined : { address: friendlyAddress(ADDRESS), count: TRANSACTIONS },
        transaction: payment,
        onSent: async () => {
          const mark = devnet.mark();
          await devnet.waitFor('transaction', ({ outcome }) => outcome === 'accepted', mark);
          await devnet.produce(1);
        },
        settle: options.settle,
        onLaunch: (launched) => {
          browser = launched;
        },
      });
    } finally {
      open.splice(open.indexOf(abort), 1);
      await server.close();
      await devnet.untilAlone();
    }
  }

  const of = (contestant: WalletContestant, start: Start): WalletVisit[] => visits.filter((visit) => visit.contestant === contestant && visit.start === start);
  const client = (contestant: WalletContestant) => ({ name: contestant.name, visits: { cold: of(contestant, 'cold'), warm: of(contestant, 'warm') } });
  const report: WalletReport = { machine: machine!, loads, runs: options.runs, settle: options.settle, transactions: TRANSACTIONS, height: devnet.head.height, clients: [client(ours), client(theirs)], blank: of(nothing, 'cold') };
  const table = walletTable(report);
  say(`\n${table}\n`);
  if (!options.write) return;
  const file = join(root, 'bench', 'results', 'wallet.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, undefined, 1)}\n`);
  writeBetweenMarkers(join(root, 'docs', 'bench.md'), 'bench:wallet', table, { title: 'Figures', heading: 'What a wallet waits for (`npm run bench:wallet`)' });
}

/** Gives the account its transactions, a part in each epoch. */
async function fill(devnet: DevnetProcess): Promise<void> {
  for (let part = 1; part <= PARTS; part += 1) {
    for (let n = 0; n < TRANSACTIONS / PARTS; n += 1) await devnet.command({ do: 'send', from: 0, to: friendlyAddress(ADDRESS), value: (part - 1) * 1000 + n + 1, fee: 0 });
    await devnet.produce(part < PARTS ? BLOCKS_PER_EPOCH : BLOCKS_AFTER);
  }
}

const ports = new Map<WalletContestant, number>();

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await run();
} catch (error) {
  process.stderr.write(`bench:wallet: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await end();
}
