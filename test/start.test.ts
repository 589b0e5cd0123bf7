import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const start = join(resolve(import.meta.dirname, '..'), 'scripts', 'start.mjs');

it.each([
  ['--page-port'], ['--page-port', ''], ['--page-port', 'many'], ['--page-port', '70000'], ['--page-port=-1'], ['--nonsense'], ['nonsense'], ['--peers', 'many'], ['--network-file'],
])('npm start refuses wrong arguments before it builds: %s %s', (...args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [start, ...args.filter((argument) => argument !== undefined)], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trim()).toContain(args[0]!.replace(/=.*/u, ''));
});
