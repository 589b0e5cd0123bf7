import { expect, it } from 'vitest';
import { DEFAULT_MOLOCH_OPTIONS, MOLOCH_HELP, parseMolochOptions } from './moloch-options.ts';

it('has defaults, and takes every option', () => {
  expect(parseMolochOptions([])).toEqual({ help: false, options: DEFAULT_MOLOCH_OPTIONS });
  const all = ['--nodes', '2', '--port', '9000', '--block-time=0', '--seed', 'a', '--blocks', '50', '--checkpoint', '40', '--chunk-size', '4096', '--network-file', 'net.json'];
  expect(parseMolochOptions(all)).toEqual({ help: false, options: { nodes: 2, port: 9000, blockTime: 0, seed: 'a', blocks: 50, checkpoint: 40, chunkSize: 4096, networkFile: 'net.json' } });
});

it('has a help that names every option and says whose network it is', () => {
  expect(parseMolochOptions(['--help'])).toEqual({ help: true });
  for (const name of ['nodes', 'port', 'block-time', 'seed', 'blocks', 'checkpoint', 'chunk-size', 'network-file']) expect(MOLOCH_HELP).toContain(`--${name} `);
  expect(MOLOCH_HELP).toContain("It is Petrel's own");
});

it.each<[string[], string]>([
  [['--nodes', '0'], 'bad-value'],
  [['--nodes', '1.5'], 'bad-value'],
  [['--block-time', 'fast'], 'bad-value'],
  [['--seed', ''], 'bad-value'],
  [['--chunk-size', '100'], 'bad-value'],
  [['--lie', '1'], 'unknown-option'],
  [['extra'], 'unknown-option'],
  [['--port', '65535', '--nodes', '2'], 'conflict'],
  [['--checkpoint', '5'], 'conflict'],
])('refuses %s', (args, code) => expect(() => parseMolochOptions(args)).toThrow(expect.objectContaining({ name: 'OptionsError', code })));
