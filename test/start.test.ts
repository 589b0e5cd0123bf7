import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { basename, join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { apart, takeChain } from '../scripts/chain-option.mjs';
import { announcement, dataFolder } from '../scripts/local-network.mjs';
import { answerText, passCommands } from '../scripts/pass-commands.mjs';

const script = (name: string) => join(resolve(import.meta.dirname, '..'), 'scripts', name);

it.each([
  ['--page-port'], ['--page-port', ''], ['--page-port', 'many'], ['--page-port', '70000'], ['--page-port=-1'], ['--nonsense'], ['nonsense'], ['--peers', 'many'], ['--network-file'], ['--chain'], ['--chain', 'bitcoin'], ['--chain=constructor'],
])('npm start, npm run demo and npm run dev refuse wrong arguments before they begin: %s %s', (...args) => {
  for (const name of ['start.mjs', 'demo.mjs', 'dev.mjs']) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script(name), ...args.filter((argument) => argument !== undefined)], { encoding: 'utf8' });
    expect({ name, status, stdout }).toEqual({ name, status: 2, stdout: '' });
    expect(stderr.trim()).toContain(args[0]!.replace(/=.*/u, ''));
  }
});

it('the help of each command names the chains that it takes', () => {
  const help = (name: string) => spawnSync(process.execPath, [script(name), '--help'], { encoding: 'utf8' }).stdout;
  expect(help('start.mjs')).toContain('[--chain albatross|hotstuff2|moloch|stacks]');
  expect(help('demo.mjs')).toContain('[--chain albatross]');
});

it('two local networks that run beside each other keep their chains apart', () => {
  const folder = (options: string[], networkFile?: string) => basename(dataFolder({ options, networkFile }));
  expect(folder([])).toBe('devnet');
  expect(folder(['--port', '8650', '--peers', '3'])).toBe('devnet');
  expect(folder(['--peers', '3', '--port', '9400'])).toBe('devnet-9400');
  expect(folder(['--port', '9400'], 'own.json')).toBe('own-network-9400');
  expect(folder([], 'own.json')).toBe('own-network');
});

it('--chain is the chosen network’s, and nothing else is lost', () => {
  expect(takeChain(apart(['--port=1', '--seed', 'a']))).toMatchObject({ chain: 'albatross', rest: ['--port', '1', '--seed', 'a'] });
  expect(takeChain(apart(['--port', '1', '--chain=albatross', '--seed', 'a']))).toMatchObject({ chain: 'albatross', rest: ['--port', '1', '--seed', 'a'] });
  expect(() => takeChain(['--chain', 'albatross', '--chain', 'moloch'])).toThrow('once');
});

it('the wallet is named where there is one, and a network file always opens by its path', () => {
  const told = { network: 'n', peers: [{ address: '/ip4/127.0.0.1/tcp/1/ws', port: 1 }], head: { height: 3 }, relay: undefined };
  const other = announcement(told, 'http://localhost/', { chain: 'moloch', networkFile: 'moloch.json' });
  expect(other).toContain('http://localhost/?network=%2Flocal-network.json\n');
  expect(other).not.toContain('Wallet');
  // The nodes of the other chains tell of themselves in other words.
  expect(announcement({ network: 'hs2-local', replicas: [{ address: 'ws://a' }, { address: 'ws://b' }] }, 'http://localhost/', { chain: 'hotstuff2', networkFile: 'n.json' })).toMatch(/hs2-local, 2 replicas\n +ws:\/\/a\n +ws:\/\/b\n/u);
  expect(announcement({ network: { name: 'moloch-local', seeds: ['a', 'b', 'c'] } }, 'http://localhost/', { chain: 'moloch', networkFile: 'n.json' })).toMatch(/moloch-local, 3 nodes\n +a\n +b\n +c\n/u);
  expect(announcement(told, 'http://localhost/', { chain: 'albatross', networkFile: undefined })).toContain('Wallet');
});

it('what a person types reaches the network, and its answers are printed', async () => {
  const [input, stdin] = [new PassThrough(), new PassThrough()];
  passCommands({ stdin }, input);
  input.write('{"do":"stop","gateway":1}\n');
  const [line] = (await once(stdin, 'data')) as [Buffer];
  expect(line.toString()).toBe('{"do":"stop","gateway":1}\n');
  // The network has ended: its input fails, and the command does not.
  const closed = new Promise((resolve) => stdin.once('close', resolve));
  stdin.destroy(new Error('EPIPE'));
  input.write('{"do":"info"}\n');
  await closed;

  expect(answerText({ event: 'done', do: 'stop' })).toBe('  stop: done\n');
  expect(answerText({ event: 'done', do: 'fault', result: [] })).toBe('  fault: done\n');
  expect(answerText({ event: 'done', do: 'info', result: { height: 3 } })).toBe('  info: done\n{\n  "height": 3\n}\n');
  expect(answerText({ event: 'error', message: 'no JSON' })).toBe('  command: no JSON\n');
  expect(answerText({ event: 'error', do: 'stop', message: 'no gateway 9' })).toBe('  stop: no gateway 9\n');
  expect(answerText({ event: 'block' })).toBe('');
});

it('the announcement says how to stop a node, and what the page can read', () => {
  const stacks = announcement({ network: 'stacks-1', peers: [{ address: 'http://g' }], contract: 'ST1.demo', tokenOwner: 'ST2', transaction: 'ab' }, 'http://localhost/', { chain: 'stacks', networkFile: 'n.json' });
  expect(stacks).toMatch(/stacks-1, 1 gateway\n +http:\/\/g\n/u);
  expect(stacks).toMatch(/ST1\.demo.*badge, which ST2 owns\n +the transaction ab\n/su);
  expect(stacks).toContain('{"do":"stop","gateway":0}');
  expect(stacks).toContain('npm run devnet -- --chain stacks --help');
  expect(announcement({ network: 'n', peers: [{ address: 'a' }, { address: 'b' }] }, 'http://localhost/', { chain: 'albatross', networkFile: undefined })).toMatch(/n, 2 peers\n +a\n +b\n(?!.*To read)/su);
  expect(announcement({ network: 'replayed', peers: [{ address: 'http://g' }] }, 'http://localhost/', { chain: 'stacks', networkFile: 'n.json' })).not.toContain('To read');
});
