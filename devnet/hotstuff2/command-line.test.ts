import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkHotStuff2Network } from '../../src/chains/hotstuff2/chain/network.ts';
import { CommandError } from '../command-line.ts';
import { OptionsError } from '../options.ts';
import { parseHotStuff2Command } from './commands.ts';
import { parseHotStuff2Options } from './options.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const start = (...args: readonly string[]): ChildProcess => spawn(process.execPath, ['--import', 'tsx', 'devnet/hotstuff2/main.ts', ...args], { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] });

describe('commands', () => {
  it('are read with their defaults', () => {
    expect(parseHotStuff2Command('{"do":"produce","id":7}')).toEqual({ id: 7, command: { do: 'produce', n: 1 } });
    expect(parseHotStuff2Command('{"do":"pass","ms":5}').command).toEqual({ do: 'pass', ms: 5, blocks: false });
    expect(parseHotStuff2Command('{"do":"stop","replica":2}').command).toEqual({ do: 'stop', replica: 2 });
    expect(parseHotStuff2Command('{"do":"partition","groups":[[0,1],[2]]}').command).toEqual({ do: 'partition', groups: [[0, 1], [2]] });
    expect(parseHotStuff2Command('{"do":"partition"}').command).toEqual({ do: 'partition', groups: undefined });
    expect(parseHotStuff2Command('{"do":"fault","replica":1,"fault":"slow","ms":9}').command).toEqual({ do: 'fault', replica: 1, fault: 'slow', ms: 9 });
    expect(parseHotStuff2Command('{"do":"fault","replica":1,"fault":"held","height":9}').command).toEqual({ do: 'fault', replica: 1, fault: 'held', height: 9 });
    expect(parseHotStuff2Command('{"do":"put","key":"k","value":""}').command).toEqual({ do: 'put', key: 'k', value: '' });
    expect(parseHotStuff2Command('{"do":"look"}').command).toEqual({ do: 'look', from: 0 });
    expect(parseHotStuff2Command('{"do":"hand-over"}').command).toEqual({ do: 'hand-over' });
  });

  it.each(['x', '[]', '{}', '{"do":"nothing"}', '{"do":"produce","n":0}', '{"do":"produce","n":"5"}', '{"do":"pass"}', '{"do":"stop"}', '{"do":"partition","groups":[1]}', '{"do":"partition","groups":[[-1]]}', '{"do":"fault","replica":0}', '{"do":"put","key":"","value":"a"}', '{"do":"look","from":-1}'])(
    'are refused: %s',
    (line) => {
      expect(() => parseHotStuff2Command(line)).toThrow(CommandError);
    },
  );
});

describe('options', () => {
  it('have defaults for a network that a person starts', () => {
    expect(parseHotStuff2Options([])).toMatchObject({ help: false, options: { replicas: 4, scheme: 'ed25519', port: 8670, blockTime: 1000, entriesPerChunk: 1024, snapshotEvery: 50, networkFile: undefined, record: undefined } });
    expect(parseHotStuff2Options(['--replicas', '7', '--port', '0', '--block-time=0', '--seed', 's', '--record', 'f', '--deflate', '--scheme', 'bls'])).toMatchObject({ options: { replicas: 7, scheme: 'bls', port: 0, blockTime: 0, seed: 's', record: 'f', deflate: true } });
    expect(parseHotStuff2Options(['--help'])).toEqual({ help: true });
  });

  it.each([['--replicas', '0'], ['--replicas', 'x'], ['--port', '70000'], ['--port', '65535'], ['--block-time', '3'], ['--chunk-entries', '12'], ['--seed', ''], ['--scheme', 'rsa'], ['--scheme', ''], ['--nothing', '1'], ['more']])('are refused: %s %s', (...args) => {
    expect(() => parseHotStuff2Options(args.filter((arg) => arg !== undefined))).toThrow(OptionsError);
  });
});

describe('the command line', () => {
  it('starts, obeys, and writes network file and record', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hs2-'));
    const [networkFile, record] = [join(folder, 'network.json'), join(folder, 'record.json')];
    const child = start('--port', '0', '--block-time', '0', '--network-file', networkFile, '--record', record);
    const events: Record<string, unknown>[] = [];
    const lines = createInterface({ input: child.stdout! });
    const told = (done: (event: Record<string, unknown>) => boolean) =>
      new Promise<Record<string, unknown>>((resolve) => {
        const look = (): void => {
          const found = events.find(done);
          if (found) resolve(found);
        };
        lines.on('line', look);
        look();
      });
    lines.on('line', (line) => events.push(JSON.parse(line) as Record<string, unknown>));
    await told(({ event }) => event === 'started');
    const network = checkHotStuff2Network(JSON.parse(readFileSync(networkFile, 'utf8')));
    expect(network.seeds).toHaveLength(4);
    child.stdin!.write('{"do":"produce","n":3,"id":1}\n{"do":"info","id":2}\nnot json\n{"do":"fault","replica":9,"fault":"slow","id":4}\n{"do":"look","id":5}\n');
    expect(await told(({ id }) => id === 1)).toMatchObject({ event: 'done', result: [{ height: 1 }, { height: 2 }, { height: 3 }] });
    expect(await told(({ id }) => id === 2)).toMatchObject({ event: 'done', result: { final: 3, genesisHash: network.genesisHash } });
    expect(await told(({ event }) => event === 'error')).toMatchObject({ code: 'bad-json' });
    expect(await told(({ id }) => id === 4)).toMatchObject({ event: 'error', code: 'unknown-replica' });
    expect(await told(({ id }) => id === 5)).toMatchObject({ event: 'done', result: { total: 0 } });
    child.kill('SIGTERM');
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({ format: 'hs2-light/1 vectors', n4: { name: network.name, n: 4 } });
    rmSync(folder, { recursive: true });
  });

  it('ends with code 2 and one line for a port in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const child = start('--port', String(port), '--replicas', '1');
    let error = '';
    child.stderr!.on('data', (bytes: Buffer) => (error += bytes.toString()));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2);
    expect(error).toBe(`devnet: port ${port} is in use; choose another with --port, or --port 0 for free ones\n`);
    server.close();
  });
});
