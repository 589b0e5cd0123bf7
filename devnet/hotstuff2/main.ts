import '../../src/base/with-resolvers.ts';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { toHex } from '../../src/base/bytes.ts';
import { CommandError } from '../command-line.ts';
import { OptionsError } from '../options.ts';
import { checkPorts, PortError } from '../ports.ts';
import { parseHotStuff2Command, type HotStuff2Command } from './commands.ts';
import { CONSENSUS_FAULTS, HotStuff2Net, type NetFault } from './hotstuff2-net.ts';
import { HotStuff2NetError } from './net-error.ts';
import { HOTSTUFF2_HELP, parseHotStuff2Options, type HotStuff2Options } from './options.ts';
import { SERVE_FAULTS } from './serve-faults.ts';

/** Exit code for a wrong option, a port in use, or a file that cannot be written. */
const EXIT_USAGE = 2;
/** Milliseconds within which two signals count as one: the terminal's and the parent's. */
const SAME_SIGNAL = 1000;
/** Milliseconds after which the process ends, even if some connections do not close. */
const END = 5000;
/** Requests in one answer to `look`. */
const MAX_LOOK = 1000;

function say(event: object): void {
  process.stdout.write(`${JSON.stringify(event, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value))}\n`);
}

function refuse(error: unknown): never {
  const known = error instanceof OptionsError || error instanceof PortError;
  process.stderr.write(`devnet: ${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(known ? EXIT_USAGE : 1);
}

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

async function answer(net: HotStuff2Net, line: string): Promise<void> {
  if (line.trim() === '') return;
  try {
    const { id, command } = parseHotStuff2Command(line);
    const named = { ...(id === undefined ? {} : { id }), do: command.do };
    try {
      const result = await run(net, command);
      say({ event: 'done', ...named, ...(result === undefined ? {} : { result }) });
    } catch (error) {
      say({ event: 'error', ...named, code: error instanceof HotStuff2NetError ? error.code : 'failed', message: (error as Error).message });
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    say({ event: 'error', ...(error.id === undefined ? {} : { id: error.id }), code: error.code, message: error.message });
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

async function main(): Promise<void> {
  let options: HotStuff2Options;
  try {
    const parsed = parseHotStuff2Options(process.argv.slice(2));
    if (parsed.help) {
      process.stdout.write(HOTSTUFF2_HELP);
      return;
    }
    options = parsed.options;
  } catch (error) {
    refuse(error);
  }
  const net = await start(options).catch(refuse);
  let endingSince: number | undefined;
  const end = (): void => {
    if (endingSince !== undefined && performance.now() - endingSince > SAME_SIGNAL) process.exit(1);
    if (endingSince !== undefined) return;
    endingSince = performance.now();
    setTimeout(() => process.exit(0), END).unref();
    if (options.record !== undefined) write('record', options.record, net.record());
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
