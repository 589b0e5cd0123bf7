import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { Epoch2Backfill } from '../../src/chains/stacks/chain/epoch2-backfill.ts';
import { blockHash, blockId } from '../../src/chains/stacks/chain/hash.ts';
import { checkStacksNetwork } from '../../src/chains/stacks/chain/network.ts';
import { idAndRootOf } from '../../src/chains/stacks/proofs/block-root.ts';
import { signerSetKey } from '../../src/chains/stacks/proofs/hand-over.ts';
import { blocksOfProof } from '../../src/chains/stacks/proofs/marf-segments.ts';
import { pathOfKey } from '../../src/chains/stacks/proofs/marf-hash.ts';
import { stateKeyText } from '../../src/chains/stacks/proofs/state-key.ts';
import { valueText } from '../../src/chains/stacks/proofs/state-value.ts';
import { verifyMarfProof } from '../../src/chains/stacks/proofs/verify-marf-proof.ts';
import { decodeBlock, decodeBlocks } from '../../src/chains/stacks/wire/block.ts';
import { headerOfJson, tipHeaderOfJson } from '../../src/chains/stacks/wire/header-json.ts';
import { decodeMarfProof } from '../../src/chains/stacks/wire/marf-proof.ts';
import { proofsA } from '../../test/support/stacks-proof-vectors.ts';
import { backFrom, startOf } from './dev-block.ts';
import { balanceOf } from './dev-state.ts';
import { GatewayServer } from './gateway-server.ts';
import { RequestLog } from './request-log.ts';
import { StacksNet } from './stacks-net.ts';

type Json = Readonly<Record<string, unknown>>;
interface Recorded {
  readonly status: number;
  readonly content_type: string;
  readonly cors?: string;
  readonly json?: unknown;
  readonly text?: string;
}

const recorded = JSON.parse(readFileSync(new URL('../../test/vectors/stacks/rpc-a.json', import.meta.url), 'utf8')) as { readonly replies: Readonly<Record<string, Recorded>>; readonly options_preflight: { readonly status: number; readonly headers: Readonly<Record<string, string>> } };
const replyTo = (pattern: RegExp): Recorded => recorded.replies[Object.keys(recorded.replies).find((path) => pattern.test(path) && recorded.replies[path]!.status === 200)!]!;

let net: StacksNet;
beforeAll(async () => {
  net = await StacksNet.start({ cycleLength: 10, prepareLength: 3, maxTenureBytes: 4000 });
  net.produceTenures(1, 6);
});
afterAll(() => net.close());

const get = (path: string, init?: RequestInit) => fetch(`${net.gateways[0]!.url}${path}`, init);
const jsonOf = async (path: string) => (await (await get(path)).json()) as Json;
const bytesOf = async (path: string) => new Uint8Array(await (await get(path)).arrayBuffer());

/** Keys and types, all through; of hex also whether it has 0x, and the length of hashes. Of lists: the first entry. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, shapeOf(it)]));
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  const [, prefix = '', digits] = /^(0x)?([0-9a-f]*)$/u.exec(value) ?? [];
  return digits === undefined ? 'text' : `${prefix}hex ${[40, 64, 66, 130].includes(digits.length) ? digits.length : ''}`;
}

describe('the answers of a gateway', () => {
  it.each<[string, RegExp, () => string]>([
    ['/v2/info', /^\/v2\/info$/u, () => '/v2/info'],
    ['/v3/tenures/info', /^\/v3\/tenures\/info$/u, () => '/v3/tenures/info'],
    ['/v3/tenures/tip of Nakamoto', /^\/v3\/tenures\/tip\/f94163a2/u, () => `/v3/tenures/tip/${net.tip.tenure.consensusHash}`],
    ['/v3/tenures/tip of epoch 2.x', /^\/v3\/tenures\/tip\/4209e5fa/u, () => `/v3/tenures/tip/${net.chain.lastEpoch2.tenure.consensusHash}`],
    ['/v3/tenures/tip_metadata', /tip_metadata/u, () => `/v3/tenures/tip_metadata/${net.tip.tenure.consensusHash}`],
    ['/v3/tenures/blocks', /^\/v3\/tenures\/blocks\/[0-9a-f]/u, () => `/v3/tenures/blocks/${net.tip.tenure.consensusHash}`],
    ['/v3/tenures/blocks/height', /blocks\/height/u, () => `/v3/tenures/blocks/height/${net.tip.tenure.burnHeight}`],
    ['/v3/tenures/blocks/hash', /blocks\/hash/u, () => `/v3/tenures/blocks/hash/${net.tip.tenure.burnHash}`],
    ['/v3/sortitions', /^\/v3\/sortitions$/u, () => '/v3/sortitions'],
    ['/v3/sortitions/latest_and_last', /latest_and_last/u, () => '/v3/sortitions/latest_and_last'],
    ['/v3/sortitions/consensus', /sortitions\/consensus/u, () => `/v3/sortitions/consensus/${net.tip.tenure.consensusHash}`],
    ['/v3/sortitions/burn', /sortitions\/burn\//u, () => `/v3/sortitions/burn/${net.tip.tenure.burnHash}`],
    ['/v3/sortitions/burn_height', /sortitions\/burn_height/u, () => `/v3/sortitions/burn_height/${net.tip.tenure.burnHeight}`],
    ['/v3/stacker_set', /stacker_set\/5/u, () => '/v3/stacker_set/2'],
    ['/v2/headers', /v2\/headers/u, () => `/v2/headers/3?tip=${net.chain.lastEpoch2.id}`],
  ])('%s has the keys and types of a recorded one', async (_name, pattern, path) => {
    const expected = replyTo(pattern);
    const response = await get(path());
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('x-canonical-stacks-tip-height')).toBe(String(net.tip.height));
    expect(shapeOf(await response.json())).toEqual(shapeOf(expected.json));
  });

  it('an account has the keys and types of a recorded one', async () => {
    const { reply } = proofsA.accounts[0]!;
    const { balance_proof_deflated: _balance, nonce_proof_deflated: _nonce, ...rest } = reply;
    const expected = { ...rest, balance_proof: '0x01', nonce_proof: '0x01' };
    expect(shapeOf(await jsonOf(`/v2/accounts/${net.chain.users[3]!.address}`))).toEqual(shapeOf(expected));
  });

  it('fork_info has the keys of a recorded one, and wants the older hash first', async () => {
    const [newest, older] = [net.tip.tenure.consensusHash, startOf(net.tip).parent!.tenure.consensusHash];
    const { nakamoto_blocks: _cut, ...shape } = (shapeOf(replyTo(/fork_info/u).json) as readonly Json[])[0]!;
    expect((shapeOf(await jsonOf(`/v3/tenures/fork_info/${older}/${newest}`)) as readonly Json[])[0]).toMatchObject(shape);
    expect((await get(`/v3/tenures/fork_info/${newest}/${older}`)).status).toBe(400);
  });

  it.each<[string, () => string]>([
    ['a block', () => `/v3/blocks/${'0'.repeat(64)}`],
    ['a cycle without a set', () => '/v3/stacker_set/9'],
    ['the first cycle', () => '/v3/stacker_set/0'],
    ['a tenure of no blocks', () => `/v3/tenures/tip/${'31339627175ad6d5d73876531244057ad0f55915'}`],
  ])('%s that is not there is refused as recorded', async (_name, path) => {
    const expected = recorded.replies[path()]!;
    const response = await get(path());
    expect(response.status).toBe(expected.status);
    expect(response.headers.get('content-type')).toBe(expected.content_type);
    expect(await response.text()).toBe(expected.text);
  });

  it('a path that is none is 400, an unknown one 404, and the gateway lives on', async () => {
    const { port } = net.gateways[0]!;
    const statusOf = (path: string) => new Promise((resolve, reject) => request({ port, host: '127.0.0.1', path }, (response) => resolve(response.resume().statusCode)).on('error', reject).end());
    expect([await statusOf('/v3/%ff'), await statusOf('@[/v3'), await statusOf('//'), await statusOf('/v3/nothing'), await statusOf('/v2/headers/x?tip=1'), await statusOf('/v3/stacker_set/-1')]).toEqual([400, 400, 404, 404, 404, 400]);
    expect(await statusOf('/v2/info')).toBe(200);
  });

  it('a failure of ours is 500, and the next request is answered', async () => {
    const failing = { answer: (): never => { throw new Error('ours'); } };
    const server = new GatewayServer({ index: 0, port: 0, log: new RequestLog(), now: () => 0, faults: new Map(), ...failing, tipHeight: () => 1 });
    await server.listen();
    for (let i = 0; i < 2; i += 1) expect((await fetch(`${server.url}/v2/info`)).status).toBe(500);
    await server.close();
  });

  it('a preflight is refused as recorded', async () => {
    const { status, headers } = recorded.options_preflight;
    const response = await get('/v2/info', { method: 'OPTIONS' });
    expect(response.status).toBe(status);
    for (const name of ['access-control-allow-origin', 'access-control-allow-headers', 'access-control-allow-methods', 'content-type', 'allow']) expect(response.headers.get(name)).toBe(headers[name]);
  });

  it('/v2/pox has the constants of the network, and the network file passes its check', async () => {
    const pox = await jsonOf('/v2/pox');
    expect(pox).toMatchObject({ first_burnchain_block_height: 107, reward_cycle_length: 10, prepare_phase_block_length: 3, reward_cycle_id: 3, current_cycle: { id: 3 }, next_cycle: { id: 4 } });
    const { network } = net;
    expect(checkStacksNetwork(JSON.parse(JSON.stringify(network)))).toEqual(network);
    expect(network.checkpoint.cycle).toBe(1);
    expect((await jsonOf('/v2/info'))['network_id']).toBe(network.networkId);
    expect(net.networkWith({ checkpoint: 2 }).checkpoint.cycle).toBe(2);
    expect(() => net.networkWith({ checkpoint: 4 })).toThrow(expect.objectContaining({ code: 'impossible' }));
  });
});

describe('blocks over the wire', () => {
  it('a tenure comes from the block down, without stop and below, and ends early at the cap', async () => {
    const { tip } = net;
    const all = [...backFrom(tip)].filter(({ tenure }) => tenure === tip.tenure).map(({ id }) => id);
    expect(all).toHaveLength(6);
    const idsOf = async (path: string) => decodeBlocks(await bytesOf(path), 100).map(({ header }) => blockId(header));
    const first = await idsOf(`/v3/tenures/${tip.id}`);
    expect(first.length).toBeLessThan(6);
    expect(first).toEqual(all.slice(0, first.length));
    expect(await idsOf(`/v3/tenures/${all[3]}`)).toEqual(all.slice(3));
    expect(await idsOf(`/v3/tenures/${tip.id}?stop=${all[2]}`)).toEqual(all.slice(0, 2));
    expect((await get(`/v3/tenures/${'0'.repeat(64)}`)).status).toBe(404);
  });

  it('a block comes by id and by height; JSON of its header has the same bytes', async () => {
    const block = startOf(net.tip);
    expect(decodeBlock(await bytesOf(`/v3/blocks/${block.id}`)).header).toEqual(block.header);
    expect(toHex(await bytesOf(`/v3/blocks/height/${block.height}`))).toBe(toHex(await bytesOf(`/v3/blocks/${block.id}`)));
    expect((await get(`/v3/blocks/height/${net.tip.height + 1}`)).status).toBe(404);
    const tip = tipHeaderOfJson(await jsonOf(`/v3/tenures/tip/${block.tenure.consensusHash}`));
    expect(tip.kind === 'nakamoto' && toHex(blockHash(tip.header))).toBe(net.tip.hash);
    const { anchored_header: anchored } = await jsonOf(`/v3/tenures/tip_metadata/${block.tenure.consensusHash}`);
    expect(headerOfJson((anchored as Json)['Nakamoto'])).toEqual(net.tip.header);
  });

  it('headers of epoch 2.x link backwards from the parent of the first Nakamoto block', async () => {
    const { lastEpoch2 } = net.chain;
    const page = (await jsonOf(`/v2/headers/100?tip=${lastEpoch2.id}`)) as unknown as readonly { readonly consensus_hash: string; readonly header: string; readonly parent_block_id: string }[];
    const backfill = new Epoch2Backfill(lastEpoch2.id);
    expect(backfill.take('gateway', page.map((it) => ({ consensusHash: it.consensus_hash, header: fromHex(it.header), parentBlockId: it.parent_block_id })), 0)).toEqual({ taken: 5 });
    expect((await get(`/v2/headers/1?tip=${net.tip.id}`)).status).toBe(404);
  });

  it('a transaction is found by its id', async () => {
    const txid = net.tip.transactionIds[0]!;
    expect(await jsonOf(`/v3/transaction/${txid}`)).toMatchObject({ index_block_hash: net.tip.id, tx: toHex(net.tip.transactions[0]!.bytes), block_height: net.tip.height, is_canonical: true });
    expect((await get(`/v3/transaction/${'0'.repeat(64)}`)).status).toBe(404);
  });

  it('the last winners lead back to the first block, and end there', async () => {
    let [seen, at] = [0, net.tip.tenure.consensusHash as string | null];
    for (; at !== null; seen += 1) at = (await jsonOf(`/v3/tenures/blocks/${at}`))['last_sortition_ch'] as string | null;
    expect(seen).toBe(net.chain.main.sortitions.filter(({ winner }) => winner).length);
    expect((await jsonOf('/v3/sortitions/burn_height/107')) as unknown).toMatchObject([{ was_sortition: false, last_sortition_ch: null }]);
  });

  it('an empty winner has no blocks, and a sortition without a winner nulls', async () => {
    net.produceSortitions(1, true);
    const won = net.chain.main.sortitions.at(-1)!;
    expect(await jsonOf(`/v3/tenures/blocks/${won.consensusHash}`)).toMatchObject({ stacks_blocks: [], burn_block_height: won.burnHeight });
    expect((await get(`/v3/tenures/tip/${won.consensusHash}`)).status).toBe(404);
    net.produceSortitions(1);
    const [none, last] = (await jsonOf('/v3/sortitions/latest_and_last')) as unknown as readonly Json[];
    expect(none).toMatchObject({ was_sortition: false, miner_pk_hash160: null, stacks_parent_ch: null, committed_block_hash: null, vrf_seed: null, last_sortition_ch: `0x${won.consensusHash}` });
    expect(last).toMatchObject({ was_sortition: true, consensus_hash: `0x${won.consensusHash}` });
  });
});

describe('the state over the wire', () => {
  const rootOf = async (id: string) => {
    const response = await get(`/v3/blocks/${id}`);
    if (response.ok) return decodeBlock(new Uint8Array(await response.arrayBuffer())).header.stateRoot;
    const [header] = (await jsonOf(`/v2/headers/1?tip=${id}`)) as unknown as readonly { readonly consensus_hash: string; readonly header: string }[];
    const shown = idAndRootOf({ bytes: fromHex(header!.header), consensusHash: header!.consensus_hash });
    expect(shown.id).toBe(id);
    return shown.stateRoot;
  };

  /** Asks for the value, fetches the headers that the proof passes, verifies. The number of segments. */
  const proven = async (key: string, tip = net.tip) => {
    const { data, proof } = await jsonOf(`/v2/clarity/marf/${toHex(pathOfKey(key))}?proof=1&tip=${tip.id}`);
    const entries = decodeMarfProof(fromHex(valueText(proof as string)));
    const passed = blocksOfProof(entries);
    const roots = new Map(await Promise.all(passed.map(async (id) => [id, await rootOf(id)] as const)));
    const value = valueText(data as string);
    expect(verifyMarfProof(entries, { key, value, root: tip.state.stateRoot, rootOfBlock: (id) => roots.get(id) })).toMatchObject({ ok: true });
    return { value, segments: passed.length + 1 };
  };

  it('every kind of key is proven, some through blocks of epoch 2.x', async () => {
    const [user, owner] = [net.chain.users[3]!.address, net.chain.users[1]!.address];
    const contract = net.chain.demo;
    const keys = [
      stateKeyText({ kind: 'balance', account: user }), stateKeyText({ kind: 'nonce', account: user }), stateKeyText({ kind: 'contract', contract }), stateKeyText({ kind: 'variable', contract, name: 'counter' }),
      stateKeyText({ kind: 'token-balance', contract, name: 'gold', owner }), stateKeyText({ kind: 'token-supply', contract, name: 'gold' }), stateKeyText({ kind: 'asset-owner', contract, name: 'badge', asset: `01${'1'.padStart(32, '0')}` }),
      stateKeyText({ kind: 'map-entry', contract, name: 'notes', key: `0c00000001026964${`01${'1'.padStart(32, '0')}`}` }), signerSetKey(3, { mainnet: false }),
    ];
    const segments = await Promise.all(keys.map((key) => proven(key)));
    expect(Math.max(...segments.map((it) => it.segments))).toBeGreaterThan(1);
    expect(segments[5]!.value).toBe('1000');
  });

  it('the account of a stacker is told with its lock; an unknown one with zeros and empty proofs; proof=0 leaves them out', async () => {
    const stacker = net.chain.users[2]!.address;
    expect(await jsonOf(`/v2/accounts/${stacker}`)).toMatchObject({ balance: `0x${400_000_000n.toString(16).padStart(32, '0')}`, locked: `0x${250_000_000_000n.toString(16).padStart(32, '0')}`, unlock_height: 100_000_000, nonce: 0, balance_proof: expect.stringMatching(/^0x[0-9a-f]+$/u) as unknown, nonce_proof: '' });
    expect(await jsonOf('/v2/accounts/ST000000000000000000002AMW42H?proof=0')).toEqual({ balance: `0x${'0'.repeat(32)}`, locked: `0x${'0'.repeat(32)}`, unlock_height: 0, nonce: 0 });
    expect((await get('/v2/accounts/nobody')).status).toBe(400);
  });

  it('Epoch 4.0 releases what is locked, while the record stays', async () => {
    const later = await StacksNet.start({ cycleLength: 8, prepareLength: 3, cycles: 1, epoch4: 119 });
    try {
      const stacker = later.chain.users[2]!.address;
      const told = async (height: number) => {
        const tip = [...backFrom(later.tip)].find((block) => block.burnView.burnHeight === height)!;
        return ((await (await fetch(`${later.gateways[0]!.url}/v2/accounts/${stacker}?proof=0&tip=${tip.id}`)).json()) as Json)['locked'];
      };
      expect([await told(118), await told(119)].map((locked) => BigInt(locked as string))).toEqual([250_000_000_000n, 0n]);
      expect(balanceOf({ get: (key) => later.chain.valueAt(later.tip, key) }, stacker).locked).toBe(250_000_000_000n);
    } finally {
      await later.close();
    }
  });

  it('what was asked to change is in the next block, and not before', async () => {
    const { chain } = net;
    const key = stateKeyText({ kind: 'variable', contract: chain.demo, name: 'counter' });
    const before = net.tip;
    const txid = net.submit(undefined, { kind: 'call', contract: chain.demo, name: 'set-counter', args: [{ type: 'uint', value: 7n }] });
    const transfer = net.submit(undefined, { kind: 'transfer', to: chain.users[1]!.address, amount: 5n });
    const [block] = net.produceBlocks(1);
    expect(block!.transactionIds).toEqual(expect.arrayContaining([txid, transfer]));
    expect((await proven(key)).value).toBe(`01${'7'.padStart(32, '0')}`);
    expect((await proven(key, before)).value).toBe(`01${'0'.padStart(32, '0')}`);
    expect((await jsonOf(`/v2/accounts/${chain.users[0]!.address}?proof=0`))['nonce']).toBe(2);
    expect((await get(`/v2/clarity/marf/${'ab'.repeat(32)}?tip=${net.tip.id}`)).status).toBe(404);
    expect(() => net.submit(undefined, { kind: 'transfer', to: chain.users[1]!.address, amount: 10n ** 18n })).toThrow(expect.objectContaining({ code: 'impossible' }));
    expect(() => net.submit('ST000000000000000000002AMW42H', { kind: 'transfer', to: chain.users[1]!.address, amount: 1n })).toThrow(expect.objectContaining({ code: 'unknown-account' }));
  });
});

it('the log has what was asked of which gateway, in order', async () => {
  net.log.clear();
  await get('/v2/info');
  await get('/v3/tenures/info?a=1');
  expect(net.log.all).toEqual([expect.objectContaining({ gateway: 0, method: 'GET', path: '/v2/info', status: 200 }), expect.objectContaining({ gateway: 0, path: '/v3/tenures/info?a=1' })]);
  expect(net.log.all[0]!.time).toBeLessThanOrEqual(net.log.all[1]!.time);
});
