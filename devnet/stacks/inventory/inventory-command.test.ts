import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkStacksNetwork, type StacksNetwork } from '../../../src/chains/stacks/chain/network.ts';
import { recoverableSigner } from '../../../src/crypto/secp256k1-sign.ts';
import { RECORDED_NAKAMOTO_HEIGHT, recordedPeerNetwork, recordedRules, servedChainOf } from '../../../test/support/stacks-served-chain.ts';
import { chainA, inventoriesA } from '../../../test/support/stacks-vectors.ts';
import { OptionsError } from '../../options.ts';
import { startTcpPeer, type TcpPeer } from '../tcp-peer.ts';
import { collectInventories } from './collect.ts';
import { parseInventoryOptions } from './options.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const node = recoverableSigner(new Uint8Array(32).fill(1));
const nodeKey = Buffer.from(node.publicKey).toString('hex');
const VERSION = recordedPeerNetwork.peerVersion;
const recordedBits = (cycle: number) => inventoriesA.inventories.find((it) => it.cycle === cycle)!.bits;

let gateway: Server;
let peer: TcpPeer;
let other: TcpPeer;
let network: StacksNetwork;
let answer: (path: string) => unknown;

/** The part of a gateway that the command asks, at height 77 of chain A. */
function recordedAnswer(path: string): unknown {
  if (path === '/v2/info') return { network_id: recordedPeerNetwork.networkId, peer_version: VERSION, burn_block_height: 77, stable_burn_block_height: 70, node_public_key: nodeKey };
  const sortition = chainA.sortitions[Number(/^\/v3\/sortitions\/burn_height\/(\d+)$/u.exec(path)?.[1])];
  return sortition && [{ burn_block_hash: `0x${sortition.burn_hash}`, consensus_hash: `0x${sortition.consensus_hash}` }];
}

beforeAll(async () => {
  gateway = createServer((request, response) => {
    const body = answer(request.url ?? '');
    response.writeHead(body === undefined ? 404 : 200).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const options = { chain: servedChainOf(chainA), network: recordedPeerNetwork };
  [peer, other] = await Promise.all([startTcpPeer({ ...options, signer: node }), startTcpPeer({ ...options, signer: recoverableSigner(new Uint8Array(32).fill(2)) })]);
  const { block_id: id, height, parent_block_id: parent } = chainA.headers[0]!;
  network = checkStacksNetwork({
    chain: 'stacks', name: 'recorded', genesisHash: parent, networkId: recordedPeerNetwork.networkId, bootAddress: 'ST000000000000000000002AMW42H', ...recordedRules,
    epochs: [{ id: '3.0', startHeight: RECORDED_NAKAMOTO_HEIGHT }], gateways: [`http://127.0.0.1:${(gateway.address() as AddressInfo).port}`], development: true,
    checkpoint: { cycle: 4, burnHeight: 42, signers: chainA.signer_sets['4']!.map((it) => ({ key: it.signing_key, weight: it.weight })), block: { id, height, time: 1_700_000_000 } },
  });
  answer = recordedAnswer;
});

afterAll(async () => {
  gateway.closeAllConnections();
  await Promise.all([peer.close(), other.close(), new Promise((resolve) => gateway.close(resolve))]);
});

const collected = (options: Partial<Parameters<typeof collectInventories>[0]> = {}) =>
  collectInventories({ peers: [peer, other].map(({ port }) => ({ host: '127.0.0.1', port })), cycle: undefined, gateway: undefined, peerVersion: undefined, ...options }, network);
const collect = async (options?: Parameters<typeof collected>[0]) => (await collected(options)).lines;

describe('the inventories of peers on loopback', () => {
  it('are told for all cycles of Nakamoto, of each peer', async () => {
    const cycles = [4, 5, 6, 7].map((cycle) => `  cycle ${cycle}, heights from ${cycle}0: ${recordedBits(cycle)}`);
    expect(await collect()).toEqual([
      `recorded at Bitcoin height 77, as ${network.gateways[0]} says`,
      `127.0.0.1:${peer.port}: key ${nodeKey} (the gateway's node), height 77, services 7, no HTTP`, ...cycles,
      expect.stringMatching(new RegExp(`^127.0.0.1:${other.port}: key 0[23][0-9a-f]{64}, height 77`, 'u')), ...cycles,
    ]);
  });

  it('are told for one cycle, in the transition those of both epochs', async () => {
    const peers = [{ host: '127.0.0.1', port: peer.port }];
    expect((await collect({ peers, cycle: 4 })).slice(2)).toEqual(['  cycle 4, anchor block: known, or known to be absent', '  cycle 4, blocks of epoch 2.x, heights from 41: 1000000000', `  cycle 4, tenures, heights from 40: ${recordedBits(4)}`]);
    expect((await collect({ peers, cycle: 2 })).slice(2)).toEqual(['  cycle 2, anchor block: known, or known to be absent', '  cycle 2, blocks of epoch 2.x, heights from 21: 0000011111']);
    expect((await collect({ peers, cycle: 8 })).slice(2)).toEqual(['  cycle 8: it has not begun']);
    other.peer.fault = { nack: 3 };
    expect((await collect({ cycle: 6 })).slice(2)).toEqual([`  cycle 6, tenures, heights from 60: ${recordedBits(6)}`, expect.stringContaining(`:${other.port}: key`), '  cycle 6, tenures, heights from 60: refused with Nack 3']);
    other.peer.fault = undefined;
  });

  it('of a peer that does wrong are told as what went wrong', async () => {
    other.peer.fault = 'wrong-signature';
    const lines = await collect();
    expect(lines.at(-1)).toBe('  disconnected: signature: signed with another key than the handshake');
    expect(lines.filter((it) => it.endsWith(recordedBits(5)))).toHaveLength(1);
    other.peer.fault = undefined;
    const port = other.port;
    await other.close();
    const { lines: both, reached } = await collected();
    expect(both.at(-1)).toBe(`127.0.0.1:${port}: ECONNREFUSED`);
    expect(reached).toBe(1);
    expect(await collected({ peers: [{ host: '127.0.0.1', port }] })).toMatchObject({ reached: 0 });
    expect((await collect({ peerVersion: 0x18_00_00_10, peers: [{ host: '127.0.0.1', port: peer.port }] })).at(-1)).toMatch(/: closed: the stream ended$/u);
  });

  it('are not asked for when the gateway answers wrongly', async () => {
    const wrong = async (body: unknown, path = '/v2/info') => {
      answer = (it) => (it === path ? body : recordedAnswer(it));
      return collect().then(() => 'taken', (error: unknown) => (error as { readonly code: unknown }).code);
    };
    expect(await wrong({ network_id: 1 })).toBe('other-network');
    expect(await wrong({ network_id: recordedPeerNetwork.networkId, burn_block_height: 'x' })).toBe('bad-answer');
    expect(await wrong(undefined)).toBe('bad-answer');
    expect(await wrong(7)).toBe('bad-answer');
    expect(await wrong([], '/v3/sortitions/burn_height/77')).toBe('bad-answer');
    expect(await wrong([{ burn_block_hash: '0x00', consensus_hash: '0x00' }], '/v3/sortitions/burn_height/51')).toBe('bad-answer');
    answer = recordedAnswer;
    await expect(collect({ gateway: 'http://127.0.0.1:1' })).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('the options', () => {
  const parsed = (...args: readonly string[]) => {
    try {
      return parseInventoryOptions(args);
    } catch (error) {
      if (error instanceof OptionsError) return error.code;
      throw error;
    }
  };

  it('are read, and refused when they are wrong', () => {
    expect(parsed('--network', 'n.json', '--peer', 'node.example:20444', '--peer', '[::1]:1', '--cycle', '7', '--gateway', 'https://g.example/', '--peer-version', '0x18000010')).toEqual({
      help: false, options: { network: 'n.json', peers: [{ host: 'node.example', port: 20_444 }, { host: '::1', port: 1 }], cycle: 7, gateway: 'https://g.example', peerVersion: 0x18_00_00_10 },
    });
    expect(parsed('--help')).toEqual({ help: true });
    const good = ['--network', 'n', '--peer', 'a:1'] as const;
    for (const wrong of [[], ['--network', 'n'], ['--peer', 'a:1'], ['--network', 'n', '--peer', 'a'], ['--network', 'n', '--peer', 'a:70000'], [...good, '--cycle=-1'], [...good, '--cycle', 'x'], [...good, '--gateway', 'ftp://a'], [...good, '--peer-version', '0x1ffffffff']]) {
      expect([wrong, parsed(...wrong)]).toEqual([wrong, 'bad-value']);
    }
    expect(parsed(...good, '--what')).toBe('unknown-option');
  });
});

describe('the command', () => {
  it('prints what the peer says, and says what is wrong with a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'petrel-inventory-'));
    const run = (content: unknown) => {
      writeFileSync(join(folder, 'network.json'), JSON.stringify(content));
      const args = ['--import', 'tsx', 'devnet/stacks/inventory/main.ts', '--network', join(folder, 'network.json'), '--peer', `127.0.0.1:${peer.port}`, '--cycle', '6'];
      return new Promise<{ readonly code: number; readonly text: string }>((resolve) => {
        const child = execFile(process.execPath, args, { cwd: ROOT }, (_, out, err) => resolve({ code: child.exitCode ?? -1, text: out + err }));
      });
    };
    const [good, bad] = await run(network).then(async (it) => [it, await run({ chain: 'other' })] as const);
    rmSync(folder, { recursive: true });
    expect(good).toEqual({ code: 0, text: expect.stringContaining(`  cycle 6, tenures, heights from 60: ${recordedBits(6)}\n`) as string });
    expect([bad.code, bad.text]).toEqual([2, expect.stringMatching(/^stacks:inventory: .*other-chain/su)]);
  });
});
