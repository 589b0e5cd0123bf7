import { parseArgs } from 'node:util';

/** The options of a bench that take whole numbers, by name. */
export type NumberOptions = Readonly<Record<string, { readonly default: number; readonly min: number; readonly max: number }>>;

export type Options<Numbers extends NumberOptions, Flag extends string = never> = { readonly [Name in keyof Numbers]: number } & { readonly [Name in Flag]: boolean } & {
  /** Folder of Petrel's build; undefined: the usual one. */
  readonly dist: string | undefined;
  /** False: the table is only printed, and no file is written. */
  readonly write: boolean;
};

/** With `--help` it prints the help and ends the process. A wrong option gives one line and exit code 2. `flags`: further options without a value. */
export function parseOptions<Numbers extends NumberOptions, Flag extends string = never>(args: readonly string[], bench: string, help: string, numbers: Numbers, flags: readonly Flag[] = []): Options<Numbers, Flag> {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const options = { ...Object.fromEntries(Object.keys(numbers).map((name) => [name, text])), ...Object.fromEntries(flags.map((name) => [name, flag])), dist: text, 'no-write': flag, help: flag };
    const values = parseArgs({ args: [...args], options }).values as Readonly<Record<string, string | boolean | undefined>>;
    if (values['help']) {
      process.stdout.write(help);
      process.exit(0);
    }
    const number = ([name, { default: fallback, min, max }]: [string, NumberOptions[string]]): [string, number] => {
      const value = values[name] === undefined ? fallback : Number(values[name]);
      if (!Number.isInteger(value) || value < min || value > max) throw new Error(`--${name} takes a whole number from ${min} to ${max}`);
      return [name, value];
    };
    const flagged = Object.fromEntries(flags.map((name) => [name, values[name] === true]));
    return { ...Object.fromEntries(Object.entries(numbers).map(number)), ...flagged, dist: values['dist'], write: !values['no-write'] } as Options<Numbers, Flag>;
  } catch (error) {
    process.stderr.write(`${bench}: ${(error as Error).message}\n`);
    process.exit(2);
  }
}
