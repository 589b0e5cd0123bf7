import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkStacksNetwork } from '../../src/chains/stacks/chain/network.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** As `npm run devnet` does. */
function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['scripts/devnet.mjs', '--chain', 'stacks', ...args], { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] });
}

it('a wrong option is one line on stderr and exit code 2', async () => {
  const child = start('--gateways', '0');
  let text = '';
  child.stderr!.on('data', (bytes: Buffer) => (text += bytes.toString()));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2);
  expect(text).toBe("devnet: --gateways takes a whole number, 1 to 16; got '0'\n");
});

it('tells its parameters, takes commands, writes the network file, ends cleanly on SIGINT', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'stacks-'));
  const file = join(directory, 'network.json');
  const child = start('--port', '0', '--gateways', '2', '--block-time', '0', '--cycles', '1', '--cycle-length', '8', '--prepare', '3', '--peer-port', '0', '--network-file', file);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value as string) as Record<string, unknown>;
  try {
    const started = await next();
    const network = checkStacksNetwork(JSON.parse(readFileSync(file, 'utf8')));
    expect(network).toEqual(started['parameters']);
    expect(started).toMatchObject({ event: 'started', network: network.name, peers: network.gateways.map((address) => ({ address })), head: { height: expect.any(Number) as unknown }, peerPort: expect.any(Number) as unknown, accounts: { length: 3 }, contract: expect.stringMatching(/^ST[0-9A-Z]+\.demo$/u) as unknown, transaction: expect.stringMatching(/^[0-9a-f]{64}$/u) as unknown });
    expect(started['tokenOwner']).toBe((started['accounts'] as readonly { readonly address: string }[])[1]!.address);
    const { height } = started['head'] as { readonly height: number };
    const to = 'ST000000000000000000002AMW42H';
    child.stdin!.write(`{"do":"transfer","to":"${to}","amount":5,"id":0}\n{"do":"produce","id":1}\n{"do":"fork","back":90,"id":2}\nnonsense\n{"do":"setVariable","name":"counter","value":1,"id":3}\n{"do":"look","id":4}\n`);
    const { result } = (await next()) as { readonly result: { readonly txid: string } };
    expect(await next()).toMatchObject({ event: 'block', height: height + 1 });
    expect(await next()).toMatchObject({ event: 'done', id: 1, do: 'produce', result: [{ height: height + 1 }] });
    expect(await next()).toMatchObject({ event: 'error', id: 2, code: 'impossible' });
    expect(await next()).toMatchObject({ event: 'error', code: 'bad-json' });
    expect(await next()).toMatchObject({ event: 'done', id: 3, result: { txid: expect.stringMatching(/^[0-9a-f]{64}$/u) as unknown } });
    expect(await next()).toMatchObject({ event: 'done', id: 4, result: [] });
    const answer = await fetch(`${network.gateways[1]}/v3/transaction/${result.txid}`);
    expect(await answer.json()).toMatchObject({ block_height: height + 1 });
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  } finally {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
});

it('serves recorded answers in place of a chain, which does not change', async () => {
  const child = start('--port', '0', '--replay', 'test/vectors/stacks');
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value as string) as Record<string, unknown>;
  try {
    const started = await next();
    expect(started).toMatchObject({ event: 'started', head: { height: 124 } });
    const { gateways } = checkStacksNetwork(started['parameters']);
    expect(await (await fetch(`${gateways[0]}/v3/tenures/info`)).json()).toMatchObject({ tip_height: 124 });
    child.stdin!.write('{"do":"produce","id":1}\n{"do":"look","id":2}\n');
    expect(await next()).toMatchObject({ event: 'error', id: 1, code: 'impossible' });
    expect(await next()).toMatchObject({ event: 'done', id: 2, result: [{ path: '/v3/tenures/info', status: 200 }] });
  } finally {
    child.kill('SIGKILL');
  }
});
