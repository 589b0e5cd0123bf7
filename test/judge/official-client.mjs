// Runs the official client in a separate process. Arguments: one JSON object { seeds, mode: 'pico' | 'light', logLevel? }. Prints
// one JSON line per event on stdout, among lines of the client's own: {"event":"head",...}, {"event":"consensus",...},
// {"event":"peers",...}, {"event":"log",...}. A line on stdin is a question: "head" is answered with
// {"event":"answer","height":..,"hash":..}. A JSON line { id, call, args } calls that method of the client and is answered with
// {"event":"called","id":..,"value":..} or with {"event":"called","id":..,"error":..}; { listen: [addresses] } reports transactions as
// {"event":"transaction",...}. The process ends at the end of stdin.
import { createInterface } from 'node:readline';
import { writeSync } from 'node:fs';

const { seeds, mode, logLevel = 'error' } = JSON.parse(process.argv[2]);
const say = (event) => writeSync(1, `${JSON.stringify(event)}\n`);
// The client's own output goes to stderr.
for (const name of ['log', 'info', 'debug', 'warn']) console[name] = (...parts) => process.stderr.write(`${parts.join(' ')}\n`);

const Nimiq = await import('@nimiq/core');
const config = new Nimiq.ClientConfiguration();
config.network('UnitAlbatross');
config.seedNodes(seeds);
config.syncMode(mode);
config.logLevel(logLevel);
config.onlySecureWsConnections(false);
const client = await Nimiq.Client.create(config.build());

await client.addHeadChangedListener((hash, reason, reverted, adopted) => say({ event: 'head', hash, reason, reverted, adopted }));
await client.addConsensusChangedListener((state) => say({ event: 'consensus', state }));
await client.addPeerChangedListener((peer, reason, count) => say({ event: 'peers', peer, reason, count }));
say({ event: 'ready', hash: await client.getHeadHash() });

async function question({ id, call, args, listen }) {
  if (listen) await client.addTransactionListener((transaction) => say({ event: 'transaction', transaction }), listen);
  if (!call) return;
  try {
    say({ event: 'called', id, value: await client[call](...args) });
  } catch (error) {
    say({ event: 'called', id, error: String(error?.message ?? error) });
  }
}

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    if (line.startsWith('{')) return question(JSON.parse(line));
    if (line === 'head') say({ event: 'answer', height: await client.getHeadHeight(), hash: await client.getHeadHash(), consensus: await client.isConsensusEstablished() });
  })
  .on('close', () => process.exit(0));
