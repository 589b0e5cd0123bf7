import '../../src/base/with-resolvers.ts';
import { writeFileSync } from 'node:fs';
import { socketUrlOf } from '../../src/network/framed/web-socket-url.ts';
import { DevnetError } from '../devnet-error.ts';
import { OptionsError } from '../options.ts';
import { optionsFrom, refuse, say, serveCommands } from '../process.ts';
import { parseMolochCommand, type MolochCommand } from './moloch-commands.ts';
import { MOLOCH_FAULTS } from './moloch-faults.ts';
import { MolochNet } from './moloch-net.ts';
import { MOLOCH_HELP, parseMolochOptions } from './moloch-options.ts';

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

const options = optionsFrom(parseMolochOptions, MOLOCH_HELP);
if (options !== undefined) {
  const { networkFile, checkpoint, ...settings } = options;
  // Blocks by the clock differ from run to run. With one genesis for all runs, a page that has seen an earlier run would rightly stop at two final blocks
  // of one height. So each such run has a genesis of its own, at least a millisecond before each block of the history.
  const begin = settings.blockTime > 0 ? { genesisTime: Date.now() - settings.blocks } : {};
  const net = await MolochNet.start({ ...settings, ...begin, onBlocks: (blocks) => blocks.forEach(({ height, hash }) => say({ event: 'block', height, hash, type: 'block' })) }).catch((error: unknown) => refuse(error, [DevnetError]));
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
    refuse(error instanceof DevnetError ? error : new OptionsError('bad-value', `--network-file cannot be written: ${(error as Error).message}`), [DevnetError]);
  }
  serveCommands({ parse: parseMolochCommand, run: (command) => run(net, command), close: () => net.close() });
}
