import { CodedError } from '../../src/base/coded-error.ts';
import { parsePrincipal } from '../../src/chains/stacks/wire/principal.ts';
import { CommandError, fieldsOf, wholeNumbersOf } from '../command-line.ts';
import { principal, uint } from './demo-contract.ts';
import type { DevAction } from './dev-state.ts';
import { isStacksFault, type FaultSettings, type StacksFault } from './stacks-faults.ts';

/** A checked command of the local Stacks network. */
export type StacksCommand =
  | { readonly do: 'produce'; readonly tenures: number | undefined; readonly blocks: number }
  | { readonly do: 'sortitions'; readonly n: number; readonly won: boolean }
  | { readonly do: 'fork' | 'reorg'; readonly back: number; readonly n: number }
  /** `payload`: what is called or paid; `demo`: a call of the demo contract. */
  | { readonly do: 'transfer' | 'setVariable' | 'setNote' | 'mint'; readonly from: string | undefined; readonly action: Action }
  | { readonly do: 'stop' | 'start'; readonly gateway: number }
  | { readonly do: 'fault'; readonly gateway: number | 'all'; readonly fault: StacksFault | 'none'; readonly settings: FaultSettings }
  | { readonly do: 'look'; readonly gateway: number | undefined; readonly clear: boolean }
  | { readonly do: 'nextCycle' | 'faults' | 'info' };

/** A transfer, or a call of the demo contract without its id. */
type Action = Extract<DevAction['payload'], { readonly kind: 'transfer' }> | Omit<Extract<DevAction['payload'], { readonly kind: 'call' }>, 'contract'>;

/** Blocks that one command makes at most; each stays in memory. */
const MAX_BLOCKS = 10_000;
/** Gateways are numbered below this. */
const MAX_GATEWAY = 15;
/** Milliseconds; longer than any client waits. */
const MAX_DELAY = 600_000;
const MAX_AMOUNT = Number.MAX_SAFE_INTEGER;
/** Characters of a text of the demo contract. */
const MAX_TEXT = 64;

/** Reads one line. Throws `CommandError`. */
export function parseStacksCommand(line: string): { readonly id: unknown; readonly command: StacksCommand } {
  const fields = fieldsOf(line);
  const { id } = fields;
  return { id, command: commandOf(fields, id) };
}

function commandOf(fields: Readonly<Record<string, unknown>>, id: unknown): StacksCommand {
  const whole = wholeNumbersOf(fields);
  const optional = (name: string, min: number, max: number) => (fields[name] === undefined ? undefined : whole(name, min, max));
  const name = fields['do'];
  switch (name) {
    case 'produce': {
      const sortitions = optional('sortitions', 1, MAX_BLOCKS);
      if (sortitions !== undefined) return { do: 'sortitions', n: sortitions, won: fields['won'] === true };
      return { do: name, tenures: optional('tenures', 1, MAX_BLOCKS), blocks: whole('blocks', 1, MAX_BLOCKS, whole('n', 1, MAX_BLOCKS, 1)) };
    }
    case 'fork':
    case 'reorg':
      return { do: name, back: whole('back', 1, MAX_BLOCKS, 1), n: whole('n', 1, MAX_BLOCKS, 1) };
    case 'transfer':
    case 'setVariable':
    case 'setNote':
    case 'mint':
      return { do: name, from: fields['from'] === undefined ? undefined : addressOf(fields, 'from'), action: actionOf(name, fields) };
    case 'stop':
    case 'start':
      return { do: name, gateway: whole('gateway', 0, MAX_GATEWAY) };
    case 'fault': {
      const fault = fields['fault'];
      if (typeof fault !== 'string' || (fault !== 'none' && !isStacksFault(fault))) throw new CommandError('bad-value', '"fault" takes a name, or "none"; {"do":"faults"} lists them', id);
      const given = { height: optional('height', 1, Number.MAX_SAFE_INTEGER), delay: optional('delay', 0, MAX_DELAY), seconds: optional('seconds', 0, MAX_DELAY / 1000), requests: optional('requests', 1, MAX_BLOCKS), tenures: optional('tenures', 1, MAX_BLOCKS) };
      const settings: FaultSettings = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      return { do: name, gateway: fields['gateway'] === 'all' ? 'all' : whole('gateway', 0, MAX_GATEWAY), fault, settings };
    }
    case 'look':
      return { do: name, gateway: optional('gateway', 0, MAX_GATEWAY), clear: fields['clear'] === true };
    case 'nextCycle':
    case 'faults':
    case 'info':
      return { do: name };
    default:
      throw new CommandError('unknown-command', `no command ${JSON.stringify(name)} (see --help)`, id);
  }
}

function actionOf(name: 'transfer' | 'setVariable' | 'setNote' | 'mint', fields: Readonly<Record<string, unknown>>): Action {
  const whole = wholeNumbersOf(fields);
  const number = (field: string, min = 0) => BigInt(whole(field, min, MAX_AMOUNT));
  switch (name) {
    case 'transfer':
      return { kind: 'transfer', to: addressOf(fields, 'to'), amount: number('amount', 1) };
    case 'setVariable':
      if (fields['name'] === 'counter') return { kind: 'call', name: 'set-counter', args: [uint(number('value'))] };
      if (fields['name'] === 'greeting') return { kind: 'call', name: 'set-greeting', args: [{ type: 'utf8', text: textOf(fields, 'value') }] };
      throw new CommandError('bad-value', '"name" takes "counter" or "greeting"', fields['id']);
    case 'setNote': {
      const key = uint(number('key'));
      return fields['text'] === undefined ? { kind: 'call', name: 'delete-note', args: [key] } : { kind: 'call', name: 'set-note', args: [key, { type: 'ascii', text: asciiOf(fields, 'text') }] };
    }
    case 'mint': {
      const to = principal(addressOf(fields, 'to'));
      return fields['badge'] === undefined ? { kind: 'call', name: 'mint-gold', args: [uint(number('amount', 1)), to] } : { kind: 'call', name: 'mint-badge', args: [uint(number('badge')), to] };
    }
  }
}

function addressOf(fields: Readonly<Record<string, unknown>>, name: string): string {
  const text = fields[name];
  try {
    if (typeof text === 'string') parsePrincipal(text);
    else throw new CommandError('bad-value', '', undefined);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    throw new CommandError('bad-value', `"${name}" takes an address; got ${JSON.stringify(text)}`, fields['id']);
  }
  return text;
}

function textOf(fields: Readonly<Record<string, unknown>>, name: string): string {
  const text = fields[name];
  if (typeof text !== 'string' || text.length > MAX_TEXT || /\p{Surrogate}/u.test(text)) throw new CommandError('bad-value', `"${name}" takes a text of at most ${MAX_TEXT} characters`, fields['id']);
  return text;
}

function asciiOf(fields: Readonly<Record<string, unknown>>, name: string): string {
  const text = textOf(fields, name);
  if (!/^[\x20-\x7e]*$/u.test(text)) throw new CommandError('bad-value', `"${name}" takes printable ASCII`, fields['id']);
  return text;
}
