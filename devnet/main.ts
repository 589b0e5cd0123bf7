import '../src/base/with-resolvers.ts';
import { createInterface } from 'node:readline';
import { FAULTS } from './arm-fault.ts';
import { DataError } from './chain-file.ts';
import { CommandError } from './command-line.ts';
import { parseCommand, type Command } from './commands.ts';
import { createDevnet, type Devnet } from './devnet.ts';
import { DevnetError } from './devnet-error.ts';
import type { DevnetEvent } from './events.ts';
import { HELP, OptionsError, parseOptions, type DevnetOptions } from './options.ts';
import { PortError } from './ports.ts';

/** Exit code for a wrong option, a port in use, or a file or data directory that cannot be used. */
const EXIT_USAGE = 2;

/** Milliseconds within which two signals count as one. */
const SAME_SIGNAL = 1000;

function say(event: DevnetEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function refuse(error: unknown): never {
  const known = error instanceof OptionsError || error instanceof PortError || error instanceof DataError;
  process.stderr.write(`devnet: ${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(known ? EXIT_USAGE : 1);
}

async function run(devnet: Devnet, command: Command): Promise<unknown> {
  const short = (blocks: readonly { height: number; hash: string }[]): unknown => blocks.map(({ height, hash }) => ({ height, hash }));
  switch (command.do) {
    case 'produce':
      return short(await devnet.produce(command.n, { skip: command.skip }));
    case 'fork':
      return short(await devnet.fork(command.back, command.n));
    case 'rebranch':
      return short(await devnet.rebranch(command.back, { skip: command.skip }));
    case 'stop':
      return command.peer === 'relay' ? devnet.stopRelay() : devnet.stopPeer(command.peer);
    case 'start':
      return command.peer === 'relay' ? devnet.startRelay() : devnet.startPeer(command.peer);
    case 'fault':
      return (await devnet.fault(command.peer, command.request)).map(({ height, made }) => ({ height, hash: made.hash }));
    case 'faults':
      return FAULTS;
    case 'lie':
      return (await devnet.lie(command.n)).map(({ height, made }) => ({ height, hash: made.hash }));
    case 'withhold':
      return devnet.withhold(command.on);
    case 'zkp':
      return devnet.zkp(command.mode);
    case 'send':
      return { hash: devnet.send('transfer' in command ? devnet.transfer(command.transfer) : command.transaction) };
    case 'version':
      return devnet.version(command.version);
    case 'look':
      return devnet.look();
    case 'info':
      return devnet.info();
  }
}

async function answer(devnet: Devnet, line: string): Promise<void> {
  if (line.trim() === '') return;
  try {
    const { id, command } = parseCommand(line);
    try {
      const result = await run(devnet, command);
      say({ event: 'done', ...(id === undefined ? {} : { id }), do: command.do, ...(result === undefined ? {} : { result }) });
    } catch (error) {
      say({ event: 'error', ...(id === undefined ? {} : { id }), do: command.do, code: error instanceof DevnetError ? error.code : 'failed', message: (error as Error).message });
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    say({ event: 'error', ...(error.id === undefined ? {} : { id: error.id }), code: error.code, message: error.message });
  }
}

async function main(): Promise<void> {
  let options: DevnetOptions;
  try {
    const parsed = parseOptions(process.argv.slice(2));
    if (parsed.help) {
      process.stdout.write(HELP);
      return;
    }
    options = parsed.options;
  } catch (error) {
    refuse(error);
  }
  const devnet = await createDevnet({ ...options, onEvent: say }).catch(refuse);
  let endingSince: number | undefined;
  const end = (): void => {
    // A second Ctrl-C ends the process at once. A first Ctrl-C may arrive twice: from the terminal and from the parent process.
    if (endingSince !== undefined && performance.now() - endingSince > SAME_SIGNAL) process.exit(1);
    if (endingSince !== undefined) return;
    endingSince = performance.now();
    // End after 5 s, even if some connections do not close.
    setTimeout(() => process.exit(0), 5000).unref();
    void devnet.close().then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  // When the reader of the output goes away, end as usual.
  process.stdout.on('error', end);
  let commands: Promise<void> = Promise.resolve();
  createInterface({ input: process.stdin }).on('line', (line) => {
    commands = commands.then(() => answer(devnet, line));
  });
}

await main();
