/**
 * The process of a local network, of any chain: it says events on standard output and takes commands from standard input, one JSON object a
 * line each, and ends on a signal.
 * Tests: `devnet/main.test.ts`, `devnet/hotstuff2/command-line.test.ts`, `devnet/moloch/main.test.ts`.
 * @module
 */

import { createInterface } from 'node:readline';
import { toHex } from '../src/base/bytes.ts';
import { CodedError } from '../src/base/coded-error.ts';
import { CommandError } from './command-line.ts';
import { OptionsError } from './options.ts';
import { PortError } from './ports.ts';

/** Exit code for a wrong option, a port in use, or a file or data directory that cannot be used. */
const EXIT_USAGE = 2;
/** Milliseconds within which two signals count as one: a first Ctrl-C arrives from the terminal and from the parent process. */
const SAME_SIGNAL = 1000;
/** Milliseconds after which the process ends, even if some connections do not close. */
const END = 5000;

/** Bytes are said as hex. */
export function say(event: object): void {
  process.stdout.write(`${JSON.stringify(event, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value))}\n`);
}

/** Ends the process: with the message of an error that the user can mend, or with the stack of any other. `command`: what the message begins with. */
export function refuse(error: unknown, known: readonly (abstract new (...of: never[]) => Error)[] = [], command = 'devnet'): never {
  const isKnown = [OptionsError, PortError, ...known].some((kind) => error instanceof kind);
  process.stderr.write(`${command}: ${isKnown ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(isKnown ? EXIT_USAGE : 1);
}

/** The options of the command line; undefined: the help was asked for, and written. Ends the process if one is wrong. */
export function optionsFrom<Options>(parse: (args: readonly string[]) => { readonly help: true } | { readonly help: false; readonly options: Options }, help: string, command?: string): Options | undefined {
  try {
    const parsed = parse(process.argv.slice(2));
    if (!parsed.help) return parsed.options;
    process.stdout.write(help);
    return undefined;
  } catch (error) {
    return refuse(error, [], command);
  }
}

interface Served<Command> {
  /** Throws `CommandError`. */
  parse(line: string): { readonly id: unknown; readonly command: Command };
  run(command: Command): unknown;
  close(): Promise<void>;
}

/** Runs commands one after the other until a signal comes, or the reader of the output has gone. */
export function serveCommands<Command extends { readonly do: string }>(net: Served<Command>): void {
  let endingSince: number | undefined;
  const end = (): void => {
    // A second Ctrl-C ends the process at once.
    if (endingSince !== undefined && performance.now() - endingSince > SAME_SIGNAL) process.exit(1);
    if (endingSince !== undefined) return;
    endingSince = performance.now();
    setTimeout(() => process.exit(0), END).unref();
    void net.close().then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.stdout.on('error', end);
  let commands: Promise<void> = Promise.resolve();
  createInterface({ input: process.stdin }).on('line', (line) => {
    commands = commands.then(() => answer(net, line));
  });
}

async function answer<Command extends { readonly do: string }>({ parse, run }: Served<Command>, line: string): Promise<void> {
  if (line.trim() === '') return;
  const idOf = (id: unknown) => (id === undefined ? {} : { id });
  try {
    const { id, command } = parse(line);
    const named = { ...idOf(id), do: command.do };
    try {
      const result = await run(command);
      say({ event: 'done', ...named, ...(result === undefined ? {} : { result }) });
    } catch (error) {
      say({ event: 'error', ...named, code: error instanceof CodedError ? error.code : 'failed', message: (error as Error).message });
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    say({ event: 'error', ...idOf(error.id), code: error.code, message: error.message });
  }
}
