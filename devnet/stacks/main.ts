import '../../src/base/with-resolvers.ts';
import { writeFileSync } from 'node:fs';
import { toHex } from '../../src/base/bytes.ts';
import { DevnetError } from '../devnet-error.ts';
import { OptionsError } from '../options.ts';
import type { StacksNetwork } from '../../src/chains/stacks/chain/network.ts';
import { checkPorts } from '../ports.ts';
import { optionsFrom, refuse, say, serveCommands } from '../process.ts';
import { GatewayServer } from './gateway-server.ts';
import { loadReplay } from './replay.ts';
import { RequestLog } from './request-log.ts';
import { peerOptionsOf } from './served-network.ts';
import { parseStacksCommand, type StacksCommand } from './stacks-commands.ts';
import { STACKS_FAULTS } from './stacks-faults.ts';
import { StacksNet } from './stacks-net.ts';
import { STACKS_HELP, parseStacksOptions, type StacksOptions } from './stacks-options.ts';
import { startTcpPeer } from './tcp-peer.ts';

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

function tell(network: StacksNetwork, networkFile: string | undefined, rest: object): void {
  try {
    if (networkFile !== undefined) writeFileSync(networkFile, `${JSON.stringify(network, undefined, 2)}\n`);
  } catch (error) {
    refuse(new OptionsError('bad-value', `--network-file cannot be written: ${(error as Error).message}`));
  }
  say({ event: 'started', network: network.name, ...rest, parameters: network });
}

const peersOf = (gateways: readonly GatewayServer[]) => gateways.map(({ url, port }) => ({ address: url, port }));

/** The owner of the contract, of its tokens, and a stacker: what a person may look up. */
const accountsOf = ({ chain }: StacksNet) => chain.users.slice(0, 3).map(({ address, secret }) => ({ address, privateKey: toHex(secret) }));

async function startNet({ networkFile, checkpoint, peerPort, ...settings }: StacksOptions): Promise<void> {
  // Blocks by the clock differ from run to run. With one genesis for all runs, a page that has seen an earlier run would rightly stop at two confirmed
  // blocks of one height. So each such run has a genesis of its own, so early that the history's blocks lie in the past.
  const begin = settings.blockTime > 0 ? { genesisTime: Math.floor(Date.now() / 1000) - historySeconds(settings), run: `${Date.now()} ${process.pid}` } : {};
  const net = await StacksNet.start({ ...settings, ...begin, onBlocks: (blocks) => blocks.forEach(({ height, id }) => say({ event: 'block', height, hash: id, type: 'block' })) }).catch((error: unknown) => refuse(error, [DevnetError]));
  let network: StacksNetwork;
  try {
    network = net.networkWith({ checkpoint });
  } catch (error) {
    refuse(error, [DevnetError]);
  }
  if (peerPort !== undefined) await checkPorts(peerPort, 1).catch(refuse);
  const peer = peerPort === undefined ? undefined : await startTcpPeer(peerOptionsOf(net.chain), peerPort);
  tell(network, networkFile, { seed: settings.seed, peers: peersOf(net.gateways), ...(peer ? { peerPort: peer.port } : {}), head: { height: net.tip.height, hash: net.tip.id }, contract: net.chain.demo, tokenOwner: net.chain.tokenOwner, transaction: net.info().transactions[0]?.txid, accounts: accountsOf(net) });
  serveCommands({ parse: parseStacksCommand, run: (command) => run(net, command), close: async () => void (await Promise.all([net.close(), peer?.close()])) });
}

/** Serves recorded answers. The only command is `look`. */
async function startReplay(folder: string, { gateways: count, port, networkFile }: StacksOptions): Promise<void> {
  const log = new RequestLog();
  try {
    const replay = loadReplay(folder);
    await checkPorts(port, count);
    const gateways = Array.from({ length: count }, (_, index) => new GatewayServer({ index, port: port === 0 ? 0 : port + index, log, now: () => Date.now(), faults: new Map(), answer: replay.answer, tipHeight: () => replay.tip.height }));
    await Promise.all(gateways.map((gateway) => gateway.listen()));
    tell(replay.networkOf(gateways.map(({ url }) => url)), networkFile, { peers: peersOf(gateways), head: { height: replay.tip.height, hash: replay.tip.id } });
    serveCommands({
      parse: parseStacksCommand,
      run: ({ do: name }) => {
        if (name === 'look') return log.all;
        throw new DevnetError('impossible', 'a recorded chain does not change');
      },
      close: () => Promise.all(gateways.map((gateway) => gateway.close())).then(() => undefined),
    });
  } catch (error) {
    refuse(error, [DevnetError]);
  }
}

const options = optionsFrom(parseStacksOptions, STACKS_HELP);
if (options?.replay !== undefined) await startReplay(options.replay, options);
else if (options !== undefined) await startNet(options);
