import { expect, it } from 'vitest';
import { DEFAULT_STACKS_OPTIONS, STACKS_HELP, parseStacksOptions } from './stacks-options.ts';

it('takes the options of the help, and no options', () => {
  expect(parseStacksOptions([])).toEqual({ help: false, options: DEFAULT_STACKS_OPTIONS });
  expect(parseStacksOptions(['--help'])).toEqual({ help: true });
  const args = ['--gateways', '3', '--port', '0', '--block-time', '0', '--seed', 'x', '--cycle-length', '10', '--prepare', '3', '--signers', '7', '--epoch-4', '140', '--empty-cycle', '5', '--cycles', '2', '--blocks', '9', '--checkpoint', '2', '--network-file', 'f', '--peer-port', '0'];
  expect(parseStacksOptions(args)).toEqual({
    help: false,
    options: { gateways: 3, port: 0, blockTime: 0, seed: 'x', cycleLength: 10, prepareLength: 3, signers: 7, epoch4: 140, emptyCycle: 5, cycles: 2, blocks: 9, checkpoint: 2, networkFile: 'f', peerPort: 0, replay: undefined },
  });
  for (const name of args.filter((arg) => arg.startsWith('--'))) expect(STACKS_HELP).toContain(`${name} `);
});

it.each([
  [['--gateways', '0']],
  [['--signers', '3']],
  [['--cycles', 'two']],
  [['--seed', '']],
  [['--nodes', '3']],
  [['--port', '65535', '--gateways', '2']],
  [['--cycle-length', '6', '--prepare', '3']],
  [['--checkpoint', '4']],
  [['--peer-port', '0', '--replay', 'folder']],
  [['--empty-cycle', '3']],
])('refuses %j', (args) => expect(() => parseStacksOptions(args)).toThrow(expect.objectContaining({ name: 'OptionsError' })));
