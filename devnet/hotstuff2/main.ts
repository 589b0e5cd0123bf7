import '../../src/base/with-resolvers.ts';
import { writeFileSync } from 'node:fs';
import { OptionsError } from '../options.ts';
import { checkPorts } from '../ports.ts';
import { optionsFrom, refuse, say, serveCommands } from '../process.ts';
import { parseHotStuff2Command, type HotStuff2Command } from './commands.ts';
import { CONSENSUS_FAULTS, HotStuff2Net, type NetFault } from './hotstuff2-net.ts';
import { HOTSTUFF2_HELP, parseHotStuff2Options, type HotStuff2Options } from './options.ts';
import { SERVE_FAULTS } from './serve-faults.ts';

/** Requests in one answer to `look`. */
const MAX_LOOK = 1000;

function write(option: string, path: string, content: unknown): void {
  try {
    writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`);
  } catch (error) {
    throw new OptionsError('bad-value', `--${option} cannot be written: ${(error as Error).message}`);
  }
}

function run(net: HotStuff2Net, command: HotStuff2Command): unknown {
  const utf8 = new TextEncoder();
  switch (command.do) {
    case 'produce':
      return net.produce(command.n);
    case 'pass':
      return net.pass(command.ms, command);
    case 'stop':
      return net.stop(command.replica);
    case 'start':
      return net.startReplica(command.replica);
    case 'partition':
      return net.partition(command.groups);
    case 'fault':
      return net.fault(command.replica, command.fault as NetFault, command);
    case 'faults':
      return { ...Object.fromEntries(CONSENSUS_FAULTS.map((fault) => [fault, 'in consensus'])), ...SERVE_FAULTS };
    case 'put':
      return net.put(utf8.encode(command.key), utf8.encode(command.value));
    case 'hand-over':
      return { validators: net.handOver() };
    case 'look':
      return { from: command.from, total: net.requests.length, requests: net.requests.slice(command.from, command.from + MAX_LOOK) };
    case 'info':
      return net.info();
  }
}

async function start(options: HotStuff2Options): Promise<HotStuff2Net> {
  await checkPorts(options.port, options.replicas);
  if (options.record !== undefined) write('record', options.record, {});
  // The reader of `started` may read the network file at once.
  let net: HotStuff2Net | undefined;
  const early: object[] = [];
  net = await HotStuff2Net.start({ ...options, recording: options.record !== undefined, onEvent: (event) => (net ? say(event) : early.push(event)) });
  try {
    if (options.networkFile !== undefined) write('network-file', options.networkFile, net.network);
  } catch (error) {
    await net.close();
    throw error;
  }
  for (const event of early) say(event);
  return net;
}

const options = optionsFrom(parseHotStuff2Options, HOTSTUFF2_HELP);
if (options !== undefined) {
  const net = await start(options).catch(refuse);
  serveCommands({
    parse: parseHotStuff2Command,
    run: (command) => run(net, command),
    async close() {
      if (options.record !== undefined) write('record', options.record, net.record());
      await net.close();
    },
  });
}
