// Tests: `devnet/stacks/inventory/inventory-command.test.ts`.
import { parseArgs } from 'node:util';
import { OptionsError } from '../../options.ts';

export interface InventoryOptions {
  /** Path of the network's file. */
  readonly network: string;
  /** At least one. */
  readonly peers: readonly { readonly host: string; readonly port: number }[];
  /** Undefined: all cycles of Nakamoto. */
  readonly cycle: number | undefined;
  /** Undefined: the first of the network's file. */
  readonly gateway: string | undefined;
  /** Undefined: that of the gateway. */
  readonly peerVersion: number | undefined;
}

/** Peers at a time: the machine keeps as many connections. */
const MAX_PEERS = 16;
const MAX_CYCLE = 2 ** 31;

export const INVENTORY_HELP = `Shakes hands with Stacks nodes over TCP and prints which tenures each says it has. Nothing of it is verified but the signatures of the frames.

  npm run stacks:inventory -- --network file --peer host:port [options]

  --network file       parameters of the network (JSON)
  --peer host:port     a node's peer-to-peer port, usually 20444; may be given up to ${MAX_PEERS} times
  --cycle n            only this reward cycle; of one before Nakamoto the blocks of epoch 2.x (all cycles of Nakamoto)
  --gateway url        whose sortitions the questions are made of (the first of the network's file)
  --peer-version n     the peer version to speak, decimal or 0x… (that of the gateway)
  --help               this text

Exit code 1: no peer could be reached; 2: a wrong option or file, or no answer of the gateway.
`;

const texts = { network: { type: 'string' }, peer: { type: 'string', multiple: true }, cycle: { type: 'string' }, gateway: { type: 'string' }, 'peer-version': { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

/** Parses the command-line arguments (without node and script). Throws `OptionsError`. */
export function parseInventoryOptions(args: readonly string[]): { readonly help: true } | { readonly help: false; readonly options: InventoryOptions } {
  const values = valuesOf(args);
  if (values.help === true) return { help: true };
  const { network, peer = [], cycle, gateway } = values;
  if (!network) throw new OptionsError('bad-value', '--network needs the path of a file (see --help)');
  if (peer.length < 1 || peer.length > MAX_PEERS) throw new OptionsError('bad-value', `--peer is given 1 to ${MAX_PEERS} times (see --help)`);
  if (gateway !== undefined && !/^https?:\/\//u.test(gateway)) throw new OptionsError('bad-value', `--gateway takes an address of http or https; got '${gateway}'`);
  const version = values['peer-version'];
  return {
    help: false,
    options: {
      network, peers: peer.map(peerOf), gateway: gateway?.replace(/\/+$/u, ''),
      cycle: cycle === undefined ? undefined : numberOf('cycle', cycle, MAX_CYCLE),
      peerVersion: version === undefined ? undefined : numberOf('peer-version', version, 0xff_ff_ff_ff),
    },
  };
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: texts, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new OptionsError('unknown-option', `${(error as Error).message.split('\n')[0] ?? 'unknown option'} (see --help)`);
  }
}

function peerOf(text: string): { readonly host: string; readonly port: number } {
  const [, host, port] = /^\[?([^\]\s/]+?)\]?:(\d{1,5})$/u.exec(text) ?? [];
  if (host === undefined || !(Number(port) >= 1 && Number(port) <= 65_535)) throw new OptionsError('bad-value', `--peer takes host:port; got '${text}'`);
  return { host, port: Number(port) };
}

function numberOf(name: string, text: string, most: number): number {
  const value = /^(?:\d{1,10}|0x[0-9a-f]{1,8})$/iu.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most)) throw new OptionsError('bad-value', `--${name} takes 0 to ${most}; got '${text}'`);
  return value;
}
