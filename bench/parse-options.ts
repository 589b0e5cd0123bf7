import { parseArgs } from 'node:util';

/** Whole numbers that a bench takes as options, by name. */
export type NumberOptions = Readonly<Record<string, { readonly default: number; readonly min: number; readonly max: number }>>;

export type Options<Numbers extends NumberOptions> = { readonly [Name in keyof Numbers]: number } & {
  /** Petrel's build; undefined: the usual place. */
  readonly dist: string | undefined;
  /** False: nothing is written, the table is printed only. */
  readonly write: boolean;
};

/** Ends the process with the help, or with exit code 2 and one line where an option is wrong. */
export function parseOptions<Numbers extends NumberOptions>(args: readonly string[], bench: string, help: string, numbers: Numbers): Options<Numbers> {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const options = { ...Object.fromEntries(Object.keys(numbers).map((name) => [name, text])), dist: text, 'no-write': flag, help: flag };
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
    return { ...Object.fromEntries(Object.entries(numbers).map(number)), dist: values['dist'], write: !values['no-write'] } as Options<Numbers>;
  } catch (error) {
    process.stderr.write(`${bench}: ${(error as Error).message}\n`);
    process.exit(2);
  }
}
