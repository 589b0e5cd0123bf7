import { CommandError, fieldsOf, wholeNumbersOf } from '../command-line.ts';

/** A checked command from stdin. */
export type HotStuff2Command =
  | { readonly do: 'produce'; readonly n: number }
  | { readonly do: 'pass'; readonly ms: number; readonly blocks: boolean }
  | { readonly do: 'stop' | 'start'; readonly replica: number }
  | { readonly do: 'partition'; readonly groups: readonly (readonly number[])[] | undefined }
  | { readonly do: 'fault'; readonly replica: number; readonly fault: string; readonly ms: number | undefined; readonly height: number | undefined }
  | { readonly do: 'put'; readonly key: string; readonly value: string }
  | { readonly do: 'look'; readonly from: number }
  | { readonly do: 'faults' | 'hand-over' | 'info' };

/** Blocks made by one command; each stays in memory. */
const MAX_BLOCKS = 100_000;
/** Milliseconds: a day. */
const MAX_PASS = 86_400_000;
const MAX_REPLICA = 1023;
/** Characters of a key and of a value: one transaction stays far below a block's 4 MiB. */
const MAX_KEY = 1000;
const MAX_VALUE = 100_000;

/** Reads one line. Throws `CommandError`. */
export function parseHotStuff2Command(line: string): { readonly id: unknown; readonly command: HotStuff2Command } {
  const fields = fieldsOf(line);
  const id = fields['id'];
  const bad = (name: string, what: string) => new CommandError('bad-value', `"${name}" takes ${what}; got ${JSON.stringify(fields[name])}`, id);
  const whole = wholeNumbersOf(fields);
  const text = (name: string, min: number, max: number): string => {
    const given = fields[name];
    if (typeof given === 'string' && given.length >= min && given.length <= max) return given;
    throw bad(name, `a text of ${min} to ${max} characters`);
  };
  const name = fields['do'];
  switch (name) {
    case 'produce':
      return { id, command: { do: name, n: whole('n', 1, MAX_BLOCKS, 1) } };
    case 'pass':
      return { id, command: { do: name, ms: whole('ms', 1, MAX_PASS), blocks: fields['blocks'] === true } };
    case 'stop':
    case 'start':
      return { id, command: { do: name, replica: whole('replica', 0, MAX_REPLICA) } };
    case 'partition': {
      const { groups } = fields;
      if (groups === undefined) return { id, command: { do: name, groups } };
      const isGroup = (group: unknown): group is readonly number[] => Array.isArray(group) && group.every((replica) => Number.isInteger(replica) && replica >= 0 && replica <= MAX_REPLICA);
      if (!Array.isArray(groups) || !groups.every(isGroup)) throw bad('groups', 'a list of lists of replicas');
      return { id, command: { do: name, groups } };
    }
    case 'fault':
      return {
        id,
        command: {
          do: name, replica: whole('replica', 0, MAX_REPLICA), fault: text('fault', 1, 40), ms: fields['ms'] === undefined ? undefined : whole('ms', 1, MAX_PASS),
          height: fields['height'] === undefined ? undefined : whole('height', 0, Number.MAX_SAFE_INTEGER),
        },
      };
    case 'put':
      return { id, command: { do: name, key: text('key', 1, MAX_KEY), value: text('value', 0, MAX_VALUE) } };
    case 'look':
      return { id, command: { do: name, from: whole('from', 0, Number.MAX_SAFE_INTEGER, 0) } };
    case 'faults':
    case 'hand-over':
    case 'info':
      return { id, command: { do: name } };
    default:
      throw new CommandError('unknown-command', `no command ${JSON.stringify(name)} (see --help)`, id);
  }
}
