import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkNetworkParameters, loadGenesis } from '../src/chains/albatross/chain/network-parameters.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'devnet/main.ts', ...args], { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] });
}

async function ended(child: ChildProcess): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const texts = { out: '', err: '' };
  child.stdout!.on('data', (bytes: Buffer) => (texts.out += bytes.toString()));
  child.stderr!.on('data', (bytes: Buffer) => (texts.err += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...texts };
}

describe('the command line', () => {
  it('--help lists the options', async () => {
    const { code, out } = await ended(start('--help'));
    expect(code).toBe(0);
    expect(out).toContain('--network-file');
  });

  it('a wrong option is one line on stderr and exit code 2', async () => {
    expect(await ended(start('--block-time', '3'))).toEqual({ code: 2, out: '', err: "devnet: --block-time takes a whole number, 0 or 50 to 3600000; got '3'\n" });
  });

  it('a port in use is one line on stderr and exit code 2', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const result = await ended(start('--port', String(port), '--peers', '1'));
    server.close();
    expect(result).toEqual({ code: 2, out: '', err: `devnet: port ${port} is in use; choose another with --port, or --port 0 for free ones\n` });
  });

  it('a data directory or network file that cannot be made is one line on stderr and exit code 2', async () => {
    // Below a file no directory can be made.
    const below = join(fileURLToPath(import.meta.url), 'below');
    for (const [option, words] of [['--data', 'cannot be used'], ['--network-file', '--network-file cannot be written']] as const) {
      const { code, err } = await ended(start('--port', '0', '--peers', '1', option, below));
      expect(err).toMatch(new RegExp(`^devnet: .*${words}.*\n$`));
      expect(code).toBe(2);
    }
  });

  it('takes commands, writes the network file, ends cleanly on SIGINT', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'devnet-'));
    const file = join(dir, 'network.json');
    const child = start('--port', '0', '--peers', '2', '--block-time', '0', '--network-file', file, '--validators', '2', '--seed', 'cli');
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const next = async (name: string): Promise<Record<string, unknown>> => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`the devnet ended before '${name}'`);
        const event = JSON.parse(value) as Record<string, unknown>;
        if (event['event'] === name) return event;
      }
    };
    const started = await next('started');
    child.stdin!.write('{"do":"produce","n":2,"id":1}\nnonsense\n{"do":"fault","peer":9,"fault":"seed","id":"x"}\n{"do":"info","id":2}\n');
    expect(await next('block')).toMatchObject({ height: 201, type: 'micro' });
    expect(await next('done')).toMatchObject({ id: 1, do: 'produce' });
    expect(await next('error')).toMatchObject({ code: 'bad-json' });
    expect(await next('error')).toMatchObject({ code: 'unknown-peer', id: 'x', do: 'fault' });
    const info = await next('done');
    expect(info).toMatchObject({ id: 2, result: { head: { height: 202 } } });
    const network = checkNetworkParameters(JSON.parse(readFileSync(file, 'utf8')));
    expect(network.development).toBe(true);
    expect(network.genesisHash).toBe(started['genesisHash']);
    expect(loadGenesis(network).header.validators).toHaveLength(2);
    expect(network.seeds).toEqual((started['peers'] as readonly { address: string }[]).map(({ address }) => address));
    // The signal that a terminal's Ctrl-C and `npm start` send.
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.once('exit', (code, signal) => resolve([code, signal])))).toEqual([0, null]);
    rmSync(dir, { recursive: true });
  });
});
