import { CommandError, fieldsOf, wholeNumbersOf } from './command-line.ts';
import { fromHex, HexError } from '../src/base/bytes.ts';
import { decode, DecodeError } from '../src/base/postcard/codec.ts';
import { AddressTextError, parseFriendlyAddress } from '../src/chains/albatross/transactions/address-text.ts';
import { transaction } from '../src/chains/albatross/wire/transactions.ts';
import type { Transaction } from '../src/chains/albatross/wire/types.ts';
import type { FaultRequest } from './peer-view.ts';
import { ZKP_MODES, type ZkpMode } from './zkp-mode.ts';

/** A checked command from stdin. */
export type Command =
  | { readonly do: 'produce'; readonly n: number; readonly skip: boolean }
  | { readonly do: 'fork'; readonly back: number; readonly n: number }
  | { readonly do: 'rebranch'; readonly back: number; readonly skip: boolean }
  | { readonly do: 'stop' | 'start'; readonly peer: number | 'relay' }
  | { readonly do: 'fault'; readonly peer: number | 'all'; readonly request: FaultRequest }
  | { readonly do: 'faults' | 'info' | 'look' }
  | { readonly do: 'lie'; readonly n: number }
  | { readonly do: 'withhold'; readonly on: boolean | number }
  | { readonly do: 'zkp'; readonly mode: ZkpMode }
  | { readonly do: 'version'; readonly version: number }
  | { readonly do: 'send'; readonly transaction: Transaction }
  /** `to`: 20 bytes. */
  | { readonly do: 'send'; readonly transfer: { readonly from: number; readonly to: Uint8Array; readonly value: number; readonly fee: number } };

/** Maximum number of blocks made by one command; each stays in memory. */
const MAX_BLOCKS = 100_000;

/** Luna; more than there is. */
const MAX_AMOUNT = Number.MAX_SAFE_INTEGER;

/** Reads one line. Throws `CommandError`. */
export function parseCommand(line: string): { readonly id: unknown; readonly command: Command } {
  const fields = fieldsOf(line);
  const id = fields['id'];
  const whole = wholeNumbersOf(fields);
  const name = fields['do'];
  switch (name) {
    case 'produce':
      return { id, command: { do: name, n: whole('n', 1, MAX_BLOCKS, 1), skip: fields['skip'] === true } };
    case 'skip':
      return { id, command: { do: 'produce', n: whole('n', 1, MAX_BLOCKS, 1), skip: true } };
    case 'rebranch':
      return { id, command: { do: name, back: whole('back', 1, MAX_BLOCKS, 1), skip: fields['skip'] === true } };
    case 'fork':
      return { id, command: { do: name, back: whole('back', 1, MAX_BLOCKS, 1), n: whole('n', 1, MAX_BLOCKS, 2) } };
    case 'stop':
    case 'start':
      return { id, command: { do: name, peer: fields['peer'] === 'relay' ? 'relay' : whole('peer', 0, 1000) } };
    case 'fault': {
      const fault = fields['fault'];
      if (typeof fault !== 'string') throw new CommandError('bad-value', '"fault" takes a name; {"do":"faults"} lists them', id);
      const on = fields['on'];
      if (on !== undefined && on !== 'micro' && on !== 'checkpoint' && on !== 'election') {
        throw new CommandError('bad-value', '"on" takes micro, checkpoint or election', id);
      }
      const request: FaultRequest = {
        fault,
        ...(fields['count'] === undefined ? {} : { count: whole('count', 1, MAX_BLOCKS) }),
        ...(fields['height'] === undefined ? {} : { height: whole('height', 0, 0xffff_ffff) }),
        ...(on === undefined ? {} : { on }),
      };
      return { id, command: { do: name, peer: fields['peer'] === 'all' ? 'all' : whole('peer', 0, 1000), request } };
    }
    case 'faults':
    case 'info':
    case 'look':
      return { id, command: { do: name } };
    case 'lie':
      return { id, command: { do: name, n: whole('n', 0, 1000) } };
    case 'withhold': {
      const on = fields['on'];
      return { id, command: { do: name, on: typeof on === 'boolean' ? on : whole('on', 1, MAX_BLOCKS) } };
    }
    case 'zkp': {
      const mode = ZKP_MODES.find((known) => known === fields['mode']);
      if (!mode) throw new CommandError('bad-value', `"mode" takes ${ZKP_MODES.join(', ')}`, id);
      return { id, command: { do: name, mode } };
    }
    case 'send': {
      const given = fields['transaction'];
      if (given !== undefined) return { id, command: { do: name, transaction: transactionOf(given, id) } };
      return { id, command: { do: name, transfer: { from: whole('from', 0, 1000, 0), to: addressOf(fields['to'], id), value: whole('value', 1, MAX_AMOUNT), fee: whole('fee', 0, MAX_AMOUNT, 0) } } };
    }
    case 'version':
      return { id, command: { do: name, version: whole('version', 1, 65535) } };
    default:
      throw new CommandError('unknown-command', `no command ${JSON.stringify(name)} (see --help)`, id);
  }
}

function transactionOf(given: unknown, id: unknown): Transaction {
  try {
    return decode(transaction, fromHex(String(given)));
  } catch (error) {
    if (error instanceof HexError || error instanceof DecodeError) throw new CommandError('bad-value', `"transaction" takes the bytes of a transaction in hex: ${error.message}`, id);
    throw error;
  }
}

function addressOf(given: unknown, id: unknown): Uint8Array {
  try {
    return parseFriendlyAddress(String(given));
  } catch (error) {
    if (error instanceof AddressTextError) throw new CommandError('bad-value', `"to" takes an address like NQ07 0000 ...: ${error.message}`, id);
    throw error;
  }
}
