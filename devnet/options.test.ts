import { describe, expect, it } from 'vitest';
import { checkOptions, DEFAULT_OPTIONS, HELP, OptionsError, parseOptions } from './options.ts';

function refusal(args: readonly string[]): OptionsError {
  try {
    parseOptions(args);
  } catch (error) {
    if (error instanceof OptionsError) return error;
    throw error;
  }
  throw new Error(`${args.join(' ')} was not refused`);
}

describe('the options', () => {
  it('have defaults', () => {
    expect(parseOptions([])).toEqual({ help: false, options: DEFAULT_OPTIONS });
  });

  it('are all read', () => {
    const args = '--peers 5 --port 0 --relay 0 --block-time 50 --epochs 3 --until 400 --seed abc --data dir --version 2 --validators 3 --network-file n.json --skip-every 20 --fork-every 30 --withhold 0.05 --lie 2 --lie-from 3 --zkp stale --patience 7'.split(' ');
    expect(parseOptions(args)).toEqual({
      help: false,
      options: { peers: 5, port: 0, relay: 0, blockTime: 50, epochs: 3, until: 400, seed: 'abc', data: 'dir', version: 2, validators: 3, networkFile: 'n.json', skipEvery: 20, forkEvery: 30, withhold: 0.05, lie: 2, lieFrom: 3, zkp: 'stale', patience: 7 },
    });
  });

  it('are all described in the help', () => {
    expect(parseOptions(['--help'])).toEqual({ help: true });
    for (const key of Object.keys(DEFAULT_OPTIONS)) expect(HELP).toContain(`--${key.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)} `);
  });

  for (const [args, code] of [
    ['--peers 0', 'conflict'],
    ['--relay 70000', 'bad-value'],
    ['--peers x', 'bad-value'],
    ['--peers 1.5', 'bad-value'],
    ['--port 65536', 'bad-value'],
    ['--port 65534', 'conflict'],
    ['--block-time 49', 'bad-value'],
    ['--block-time -5', 'unknown-option'],
    ['--version 0', 'bad-value'],
    ['--seed=', 'bad-value'],
    ['--validators 65', 'bad-value'],
    ['--skip-every 1', 'bad-value'],
    ['--fork-every 2.5', 'bad-value'],
    ['--withhold 1.5', 'bad-value'],
    ['--withhold x', 'bad-value'],
    ['--lie 5', 'conflict'],
    ['--lie-from 0', 'bad-value'],
    ['--zkp old', 'bad-value'],
    ['--zkp=', 'bad-value'],
    ['--frobnicate', 'unknown-option'],
    ['--peers', 'unknown-option'],
    ['extra', 'unknown-option'],
  ] as const) {
    it(`refuse ${args}`, () => {
      const error = refusal(args.split(' '));
      expect(error.code).toBe(code);
      expect(error.message).not.toContain('\n');
    });
  }

  it('are refused with a message that says what a value must be', () => {
    expect(refusal(['--block-time', '49']).message).toBe("--block-time takes a whole number, 0 or 50 to 3600000; got '49'");
  });

  it('are checked when given as values too', () => {
    expect(() => checkOptions({ peers: NaN })).toThrow(OptionsError);
  });
});
