import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkMolochNetwork } from '../../src/chains/moloch/chain/network.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** As `npm run devnet` does. */
function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['scripts/devnet.mjs', ...args], { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] });
}

async function ended(child: ChildProcess) {
  const texts = { out: '', err: '' };
  child.stdout!.on('data', (bytes: Buffer) => (texts.out += bytes.toString()));
  child.stderr!.on('data', (bytes: Buffer) => (texts.err += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...texts };
}

it('a wrong option or an unknown chain is one line on stderr and exit code 2', async () => {
  const [option, chain] = await Promise.all([ended(start('--chain', 'moloch', '--nodes', '0')), ended(start('--chain', 'toy'))]);
  expect(option).toEqual({ code: 2, out: '', err: "devnet: --nodes takes a whole number, 1 to 64; got '0'\n" });
  expect(chain).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/--chain takes .*; got 'toy'/) as unknown });
});

it('says whose network it is, takes commands, writes the network file, ends cleanly on SIGINT', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'moloch-'));
  const file = join(directory, 'network.json');
  const child = start('--chain', 'moloch', '--port', '0', '--nodes', '2', '--block-time', '0', '--blocks', '5', '--checkpoint', '4', '--network-file', file);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value as string) as Record<string, unknown>;
  try {
    const started = await next();
    expect(started).toMatchObject({ event: 'started', note: expect.stringContaining('No public Moloch network is known') as unknown });
    const network = checkMolochNetwork(JSON.parse(readFileSync(file, 'utf8')));
    expect(network).toEqual(started['parameters']);
    expect(started).toMatchObject({ network: network.name, peers: network.seeds.map((address) => ({ address })), head: { height: 5 } });
    child.stdin!.write('{"do":"produce","id":1}\n{"do":"fork","id":2}\nnonsense\n{"do":"info","id":3}\n');
    expect(await next()).toMatchObject({ event: 'block', height: 6 });
    expect(await next()).toMatchObject({ event: 'done', id: 1, do: 'produce', result: [{ height: 6 }] });
    expect(await next()).toMatchObject({ event: 'error', id: 2, code: 'impossible' });
    expect(await next()).toMatchObject({ event: 'error', code: 'bad-json' });
    expect(await next()).toMatchObject({ event: 'done', id: 3, result: { nodes: [{ height: 6, final: 6 }, { height: 6, final: 6 }] } });
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  } finally {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
});
