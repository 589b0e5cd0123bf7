import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const script = join(resolve(import.meta.dirname, '..'), 'scripts', 'dev.mjs');

/** Whether something listens there. */
const listens = (port: number) =>
  new Promise<boolean>((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true)).once('error', () => done(false)).once('close', () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });

it('issue 12: npm run dev names the page with the ports it was given, and SIGTERM ends all that it started', async () => {
  const data = mkdtempSync(join(tmpdir(), 'petrel-dev-'));
  const dev = spawn(process.execPath, [script, '--port', '0', '--page-port', '0', '--peers', '2', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let told = '';
    const line = await new Promise<string>((done, gone) => {
      dev.stdout.on('data', (chunk: Buffer) => {
        told += chunk.toString();
        const found = /Petrel: +(\S+)/u.exec(told);
        if (found) done(found[1]!);
      });
      dev.once('exit', () => gone(new Error(`ended: ${told}`)));
    });
    const url = new URL(line);
    expect(url.searchParams.get('network')).toBe('unit-albatross');
    const seeds = url.searchParams.get('seeds')!.split(',').map((seed) => Number(/\/tcp\/(\d+)/u.exec(seed)![1]));
    expect(seeds).toHaveLength(2);
    const ports = [...seeds, Number(url.port)];
    expect(await Promise.all(seeds.map(listens))).toEqual([true, true]);
    expect((await fetch(url.origin)).status).toBe(200);
    const exited = new Promise((done) => void dev.once('exit', done));
    dev.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(await Promise.all(ports.map(listens))).toEqual(ports.map(() => false));
  } finally {
    dev.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
});
