import { CodedError } from '../src/base/coded-error.ts';

export type CommandErrorCode = 'bad-json' | 'unknown-command' | 'bad-value';

/** A line that is not a command. The local network answers with an `error` event and continues. */
export class CommandError extends CodedError<CommandErrorCode> {
  override readonly name = 'CommandError';
  /** The line's `id` field, if it had one. */
  readonly id: unknown;
  constructor(code: CommandErrorCode, message: string, id: unknown) {
    super(code, message);
    this.id = id;
  }
}

/** The fields of a line of standard input, a JSON object. Throws `CommandError`. */
export function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new CommandError('bad-json', `not JSON: ${line.slice(0, 80)}`, undefined);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new CommandError('bad-json', 'a command is a JSON object', undefined);
  return value as Readonly<Record<string, unknown>>;
}

/** Reads whole numbers of a line's fields, by name. Throws `CommandError`. */
export function wholeNumbersOf(fields: Readonly<Record<string, unknown>>): (name: string, min: number, max: number, fallback?: number) => number {
  return (name, min, max, fallback) => {
    const given = fields[name] ?? fallback;
    if (typeof given === 'number' && Number.isInteger(given) && given >= min && given <= max) return given;
    throw new CommandError('bad-value', `"${name}" takes a whole number, ${min} to ${max}; got ${JSON.stringify(fields[name])}`, fields['id']);
  };
}
