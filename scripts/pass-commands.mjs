/** What a person types while a command runs goes to the local network, whose answers are printed: `{"do":"stop","gateway":1}` takes a node down. */

import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Passes each line of the input on to the network. A process in the background does not read: its terminal would stop it.
 * @param {{ readonly stdin: import('node:stream').Writable }} network
 * @param {import('node:stream').Readable & { readonly isTTY?: boolean }} [input]
 */
export function passCommands(network, input = process.stdin) {
  if (input.isTTY && !inForeground()) return;
  // The network may have ended.
  network.stdin.on('error', () => undefined);
  createInterface({ input }).on('line', (line) => network.stdin.write(`${line}\n`));
}

/**
 * The lines that tell a person how a command ended; empty for any other event.
 * @param {{ event: string, do?: string, result?: unknown, message?: string }} event
 */
export function answerText({ event, do: name, result, message }) {
  if (event === 'error') return `  ${name ?? 'command'}: ${message}\n`;
  if (event !== 'done') return '';
  const nothing = result === undefined || (Array.isArray(result) && result.length === 0);
  return `  ${name}: done\n${nothing ? '' : `${JSON.stringify(result, undefined, 2)}\n`}`;
}

/** Whether the terminal is this process's own. True where the system has no `ps`. */
function inForeground() {
  const { status, stdout } = spawnSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], { encoding: 'utf8' });
  const [own, of] = status === 0 ? stdout.trim().split(/\s+/u) : [];
  return own === of;
}
