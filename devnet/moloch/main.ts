import '../../src/base/with-resolvers.ts';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { socketUrlOf } from '../../src/network/framed/web-socket-url.ts';
import { CommandError } from '../command-line.ts';
import { DevnetError } from '../devnet-error.ts';
import { OptionsError } from '../options.ts';
import { PortError } from '../ports.ts';
import { parseMolochCommand, type MolochCommand } from './moloch-commands.ts';
import { MOLOCH_FAULTS } from './moloch-faults.ts';
import { MolochNet } from './moloch-net.ts';
import { MOLOCH_HELP, parseMolochOptions, type MolochOptions } from './moloch-options.ts';

/** Exit code for a wrong option, a port in use, or a file that cannot be written. */
const EXIT_USAGE = 2;

function say(event: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function refuse(error: unknown): never {
  const known = error instanceof OptionsError || error instanceof PortError || error instanceof DevnetError;
  process.stderr.write(`devnet: ${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(known ? EXIT_USAGE : 1);
}

function options(): MolochOptions | undefined {
  try {
    const parsed = parseMolochOptions(process.argv.slice(2));
    if (!parsed.help) return parsed.options;
    process.stdout.write(MOLOCH_HELP);
    return undefined;
  } catch (error) {
    refuse(error);
  }
}

const short = (blocks: readonly { readonly height: number; readonly hash: string }[]) => blocks.map(({ height, hash }) => ({ height, hash }));

async function run(net: MolochNet, command: MolochCommand): Promise<unknown> {
  switch (command.do) {
    case 'produce':
      return short(net.produce(command.n));
    case 'fork':
      return short(net.fork(command.back, command.n));
    case 'stop':
      return net.stopNode(command.node);
    case 'start':
      return net.startNode(command.node);
    case 'partition':
      return net.partition(command.groups);
    case 'fault':
      return net.fault(command.node, command.fault, command.settings);
    case 'faults':
      return MOLOCH_FAULTS;
    case 'look':
      return net.log.all;
    case 'info':
      return net.info();
  }
}

async function answer(net: MolochNet, line: string): Promise<void> {
  if (line.trim() === '') return;
  const idOf = (id: unknown) => (id === undefined ? {} : { id });
  try {
    const { id, command } = parseMolochCommand(line);
    try {
      const result = await run(net, command);
      say({ event: 'done', ...idOf(id), do: command.do, ...(result === undefined ? {} : { result }) });
    } catch (error) {
      say({ event: 'error', ...idOf(id), do: command.do, code: error instanceof DevnetError ? error.code : 'failed', message: (error as Error).message });
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    say({ event: 'error', ...idOf(error.id), code: error.code, message: error.message });
  }
}

async function main(): Promise<void> {
  const chosen = options();
  if (chosen === undefined) return;
  const { networkFile, checkpoint, ...settings } = chosen;
  // Blocks by the clock differ from run to run. With one genesis for all runs, a page that has seen an earlier run would rightly stop at two final blocks
  // of one height. So each such run has a genesis of its own, at least a millisecond before each block of the history.
  const begin = settings.blockTime > 0 ? { genesisTime: Date.now() - settings.blocks } : {};
  const net = await MolochNet.start({ ...settings, ...begin, onBlocks: (blocks) => blocks.forEach(({ height, hash }) => say({ event: 'block', height, hash, type: 'block' })) }).catch(refuse);
  try {
    const network = net.networkWith({ checkpoint });
    if (networkFile !== undefined) writeFileSync(networkFile, `${JSON.stringify(network, undefined, 2)}\n`);
    say({
      event: 'started',
      note: 'A local Moloch network, made by Petrel. No public Moloch network is known to us.',
      network: network.name,
      seed: settings.seed,
      peers: network.seeds.map((address) => ({ address, port: socketUrlOf(address)!.port })),
      head: { height: net.chain.length - 1, hash: net.chain.at(-1)!.hash },
      parameters: network,
    });
  } catch (error) {
    refuse(error instanceof DevnetError ? error : new OptionsError('bad-value', `--network-file cannot be written: ${(error as Error).message}`));
  }
  const end = (): void => {
    // End after 5 s, even if some connections do not close.
    setTimeout(() => process.exit(0), 5000).unref();
    void net.close().then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  // When the reader of the output goes away, end as usual.
  process.stdout.on('error', end);
  let commands: Promise<void> = Promise.resolve();
  createInterface({ input: process.stdin }).on('line', (line) => {
    commands = commands.then(() => answer(net, line));
  });
}

await main();
