import { CommandError, fieldsOf, wholeNumbersOf } from '../command-line.ts';
import { isMolochFault, type FaultSettings, type MolochFault } from './moloch-faults.ts';

/** A checked command of the local Moloch network. */
export type MolochCommand =
  | { readonly do: 'produce'; readonly n: number }
  | { readonly do: 'fork'; readonly back: number; readonly n: number }
  | { readonly do: 'stop' | 'start'; readonly node: number }
  | { readonly do: 'partition'; readonly groups: readonly (readonly number[])[] }
  | { readonly do: 'fault'; readonly node: number | 'all'; readonly fault: MolochFault | 'none'; readonly settings: FaultSettings }
  | { readonly do: 'faults' | 'info' | 'look' };

/** Blocks that one command makes at most; each stays in memory. */
const MAX_BLOCKS = 100_000;
/** Nodes are numbered below this. */
const MAX_NODE = 63;
/** Milliseconds; longer than any client waits. */
const MAX_DELAY = 600_000;

/** Reads one line. Throws `CommandError`. */
export function parseMolochCommand(line: string): { readonly id: unknown; readonly command: MolochCommand } {
  const fields = fieldsOf(line);
  const { id } = fields;
  const whole = wholeNumbersOf(fields);
  const name = fields['do'];
  switch (name) {
    case 'produce':
      return { id, command: { do: name, n: whole('n', 1, MAX_BLOCKS, 1) } };
    case 'fork':
      return { id, command: { do: name, back: whole('back', 1, MAX_BLOCKS, 1), n: whole('n', 1, MAX_BLOCKS, 2) } };
    case 'stop':
    case 'start':
      return { id, command: { do: name, node: whole('node', 0, MAX_NODE) } };
    case 'partition': {
      const groups = fields['groups'] ?? [];
      const good = Array.isArray(groups) && groups.every((group) => Array.isArray(group) && group.every((node) => Number.isInteger(node) && node >= 0 && node <= MAX_NODE));
      if (!good) throw new CommandError('bad-value', '"groups" takes lists of nodes, such as [[0,1],[2,3]]; [] heals', id);
      return { id, command: { do: name, groups: groups as number[][] } };
    }
    case 'fault': {
      const fault = fields['fault'];
      if (typeof fault !== 'string' || (fault !== 'none' && !isMolochFault(fault))) throw new CommandError('bad-value', '"fault" takes a name, or "none"; {"do":"faults"} lists them', id);
      const settings: FaultSettings = {
        ...(fields['height'] === undefined ? {} : { height: whole('height', 1, Number.MAX_SAFE_INTEGER) }),
        ...(fields['delay'] === undefined ? {} : { delay: whole('delay', 0, MAX_DELAY) }),
      };
      return { id, command: { do: name, node: fields['node'] === 'all' ? 'all' : whole('node', 0, MAX_NODE), fault, settings } };
    }
    case 'faults':
    case 'info':
    case 'look':
      return { id, command: { do: name } };
    default:
      throw new CommandError('unknown-command', `no command ${JSON.stringify(name)} (see --help)`, id);
  }
}
