import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const script = (name: string) => join(resolve(import.meta.dirname, '..'), 'scripts', name);

it.each([
  ['--page-port'], ['--page-port', ''], ['--page-port', 'many'], ['--page-port', '70000'], ['--page-port=-1'], ['--nonsense'], ['nonsense'], ['--peers', 'many'], ['--network-file'],
])('npm start, npm run demo and npm run dev refuse wrong arguments before they begin: %s %s', (...args) => {
  for (const name of ['start.mjs', 'demo.mjs', 'dev.mjs']) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script(name), ...args.filter((argument) => argument !== undefined)], { encoding: 'utf8' });
    expect({ name, status, stdout }).toEqual({ name, status: 2, stdout: '' });
    expect(stderr.trim()).toContain(args[0]!.replace(/=.*/u, ''));
  }
});
