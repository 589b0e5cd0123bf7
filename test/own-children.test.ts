import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, vi } from 'vitest';

const script = pathToFileURL(join(resolve(import.meta.dirname, '..'), 'scripts', 'own-children.mjs')).href;
/** A command that starts a child which never ends by itself, and names both. */
const command = `
  import { spawn } from 'node:child_process';
  import { OwnChildren } from ${JSON.stringify(script)};
  const child = new OwnChildren().add(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }));
  process.stdout.write(process.pid + ' ' + child.pid + '\\n');
  setInterval(() => {}, 1000);
`;

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function pidsOf(stdout: NodeJS.ReadableStream): Promise<readonly number[]> {
  for await (const chunk of stdout) return String(chunk).trim().split(' ').map(Number);
  return [];
}

it('issue 12: a command that is told to end ends its children, and its code says that all is well', async () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const parent = spawn(process.execPath, ['--input-type=module', '-e', command], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pids = await pidsOf(parent.stdout);
    const code = new Promise((done) => void parent.once('exit', done));
    parent.kill(signal);
    expect([signal, await code, pids.map(lives)]).toEqual([signal, 0, [false, false]]);
  }
});

it('issue 12: a command that npm started ends when npm’s shell does, which passes no signal on', async () => {
  const shell = spawn('sh', ['-c', `"$0" --input-type=module -e "$1"; true`, process.execPath, command], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, npm_lifecycle_event: 'start' } });
  const pids = await pidsOf(shell.stdout);
  expect(pids.map(lives)).toEqual([true, true]);
  shell.kill('SIGTERM');
  await vi.waitFor(() => expect(pids.map(lives)).toEqual([false, false]));
});

it('nothing stays behind after an error', async () => {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', `${command}; setTimeout(() => { throw new Error('as it should'); }, 300);`], { stdio: ['ignore', 'pipe', 'ignore'] });
  const pids = await pidsOf(parent.stdout);
  await vi.waitFor(() => expect(pids.map(lives)).toEqual([false, false]));
});
