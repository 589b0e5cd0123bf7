import '../../src/base/with-resolvers.ts';
import { writeFileSync } from 'node:fs';
import { DevnetError } from '../devnet-error.ts';
import { OptionsError } from '../options.ts';
import { optionsFrom, refuse, say, serveCommands } from '../process.ts';
import { parseStacksCommand, type StacksCommand } from './stacks-commands.ts';
import { STACKS_FAULTS } from './stacks-faults.ts';
import { StacksNet } from './stacks-net.ts';
import { STACKS_HELP, parseStacksOptions } from './stacks-options.ts';

const short = (blocks: readonly { readonly height: number; readonly id: string }[]) => blocks.map(({ height, id: hash }) => ({ height, hash }));

async function run(net: StacksNet, command: StacksCommand): Promise<unknown> {
  switch (command.do) {
    case 'produce':
      return short(command.tenures === undefined ? net.produceBlocks(command.blocks) : net.produceTenures(command.tenures, command.blocks));
    case 'sortitions':
      return net.produceSortitions(command.n, command.won);
    case 'nextCycle':
      return short(net.nextCycle());
    case 'fork':
      return short(net.fork(command.back, command.n));
    case 'reorg':
      return short(net.reorg(command.back, command.n));
    case 'transfer':
    case 'setVariable':
    case 'setNote':
    case 'mint': {
      const { from, action } = command;
      return { txid: net.submit(from, action.kind === 'transfer' ? action : { ...action, contract: net.chain.demo }) };
    }
    case 'stop':
      return net.stopGateway(command.gateway);
    case 'start':
      return net.startGateway(command.gateway);
    case 'fault':
      return net.fault(command.gateway, command.fault, command.settings);
    case 'faults':
      return STACKS_FAULTS;
    case 'look': {
      const requests = net.log.all.filter(({ gateway }) => gateway === (command.gateway ?? gateway));
      if (command.clear) net.log.clear();
      return requests;
    }
    case 'info':
      return net.info();
  }
}

/** Seconds of a history at most: ten a block, three blocks for each Bitcoin block. */
function historySeconds({ cycles, cycleLength, blocks }: { readonly cycles: number; readonly cycleLength: number; readonly blocks: number }): number {
  return 10 * (3 * (cycles + 1) * cycleLength + 2 * blocks);
}

const options = optionsFrom(parseStacksOptions, STACKS_HELP);
if (options !== undefined) {
  const { networkFile, checkpoint, replay, ...settings } = options;
  if (replay !== undefined) refuse(new OptionsError('bad-value', '--replay is not there'), []);
  // Blocks by the clock differ from run to run. With one genesis for all runs, a page that has seen an earlier run would rightly stop at two confirmed
  // blocks of one height. So each such run has a genesis of its own, so early that the history's blocks lie in the past.
  const begin = settings.blockTime > 0 ? { genesisTime: Math.floor(Date.now() / 1000) - historySeconds(settings), run: `${Date.now()} ${process.pid}` } : {};
  const net = await StacksNet.start({ ...settings, ...begin, onBlocks: (blocks) => blocks.forEach(({ height, id }) => say({ event: 'block', height, hash: id, type: 'block' })) }).catch((error: unknown) => refuse(error, [DevnetError]));
  try {
    const network = net.networkWith({ checkpoint });
    if (networkFile !== undefined) writeFileSync(networkFile, `${JSON.stringify(network, undefined, 2)}\n`);
    say({
      event: 'started',
      network: network.name,
      seed: settings.seed,
      peers: net.gateways.map(({ url, port }) => ({ address: url, port })),
      head: { height: net.tip.height, hash: net.tip.id },
      parameters: network,
    });
  } catch (error) {
    refuse(error instanceof DevnetError ? error : new OptionsError('bad-value', `--network-file cannot be written: ${(error as Error).message}`), [DevnetError]);
  }
  serveCommands({ parse: parseStacksCommand, run: (command) => run(net, command), close: () => net.close() });
}
