import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { checkLink, checkTransactions, tenureStartOf } from '../../src/chains/stacks/chain/block-rules.ts';
import { blockId } from '../../src/chains/stacks/chain/hash.ts';
import { setOfKeys } from '../../src/chains/stacks/chain/signer-set.ts';
import { verifySigners } from '../../src/chains/stacks/chain/signer-rules.ts';
import { faultOfCandidates, readSignerSet, signerSetKey } from '../../src/chains/stacks/proofs/hand-over.ts';
import { pathOfKey } from '../../src/chains/stacks/proofs/marf-hash.ts';
import { stateKeyText } from '../../src/chains/stacks/proofs/state-key.ts';
import { verifyMarfProof } from '../../src/chains/stacks/proofs/verify-marf-proof.ts';
import { decodeBlock, decodeBlocks } from '../../src/chains/stacks/wire/block.ts';
import { decodeEpoch2Block } from '../../src/chains/stacks/wire/epoch2-block.ts';
import { tipHeaderOfJson } from '../../src/chains/stacks/wire/header-json.ts';
import { decodeMarfProof } from '../../src/chains/stacks/wire/marf-proof.ts';
import { verifyHere } from '../../test/support/verify-here.ts';
import { backFrom, startOf } from './dev-block.ts';
import { plain } from './answer.ts';
import { Quota } from './quota.ts';
import { STACKS_FAULTS, isStacksFault, type StacksFault } from './stacks-faults.ts';
import { StacksNet } from './stacks-net.ts';

let net: StacksNet;
beforeAll(async () => {
  net = await StacksNet.start({ gateways: 2, cycleLength: 10, prepareLength: 3, cycles: 2 });
  net.produceTenures(1, 4);
});
afterEach(() => net.fault('all', 'none'));
afterAll(() => net.close());

/** The faults that a test below shows. */
const shown = new Set<StacksFault>();
const faulty = (fault: StacksFault, settings = {}) => {
  shown.add(fault);
  net.fault(0, fault, settings);
};
/** Of the faulty gateway, and of the other one. */
const get = (path: string, gateway = 0) => fetch(`${net.gateways[gateway]!.url}${path}`);
const bytesOf = async (path: string, gateway = 0) => new Uint8Array(await (await get(path, gateway)).arrayBuffer());
const jsonOf = async (path: string, gateway = 0) => (await (await get(path, gateway)).json()) as Readonly<Record<string, unknown>>;
const setOf = (cycle: number) => setOfKeys(cycle, net.chain.sets.of(cycle).map(({ key, weight }) => ({ key: fromHex(key.key), weight })));

describe('signatures', () => {
  it.each<[StacksFault, string]>([
    ['weight-69', 'weight'],
    ['stranger', 'signer-stranger'],
    ['duplicate', 'signer-twice'],
    ['wrong-order', 'signer-order'],
  ])('%s: the block has its id, and is refused for its signers everywhere it is served', async (fault, code) => {
    const { tip } = net;
    const verdict = async (gateway: number) => {
      const block = decodeBlock(await bytesOf(`/v3/blocks/${tip.id}`, gateway));
      const [first] = decodeBlocks(await bytesOf(`/v3/tenures/${tip.id}`, gateway), 100);
      const json = tipHeaderOfJson(await jsonOf(`/v3/tenures/tip/${tip.tenure.consensusHash}`, gateway));
      expect(first!.header).toEqual(block.header);
      expect(json).toEqual({ kind: 'nakamoto', header: block.header });
      expect(blockId(block.header)).toBe(tip.id);
      const result = await verifySigners(block.header, setOf(net.chain.cycleOf(tip.tenure)), verifyHere);
      return result.ok ? result.weight.signed >= 70 : result.code;
    };
    faulty(fault);
    expect([await verdict(0), await verdict(1)]).toEqual([code, true]);
    net.fault(0, 'none');
    expect(await verdict(0)).toBe(true);
    net.fault(0, fault, { height: tip.height - 1 });
    expect(await verdict(0)).toBe(true);
    net.fault(0, fault, { height: tip.height });
    expect(await verdict(0)).toBe(code);
  });

  it('weight-69: it is 69 of 100, with one signature for each that is there', async () => {
    faulty('weight-69');
    const { header } = decodeBlock(await bytesOf(`/v3/blocks/${net.tip.id}`));
    const set = setOf(net.chain.cycleOf(net.tip.tenure));
    const lighter = { cycle: 0, members: set.members.map((member) => (member.weight === 31 ? { ...member, weight: 1 } : member)) };
    expect(await verifySigners(header, lighter, verifyHere)).toMatchObject({ ok: true, weight: { signed: 69, total: 70 } });
  });
});

describe('sets, proofs and values', () => {
  it('forged-set: the keys are not those that the state names', async () => {
    const key = signerSetKey(2, { mainnet: false });
    const proved = readSignerSet(2, net.chain.valueAt(net.tip, key)!, { mainnet: false });
    const told = async (gateway: number) => {
      const { stacker_set: set } = await jsonOf('/v3/stacker_set/2', gateway);
      const { signers } = set as unknown as { readonly signers: readonly { readonly signing_key: string; readonly weight: number }[] };
      return proved.ok && faultOfCandidates(proved.set, signers.map(({ signing_key: signingKey, weight }) => ({ key: signingKey, weight })));
    };
    faulty('forged-set');
    expect([await told(0), await told(1)]).toEqual(['candidate-weight', undefined]);
  });

  it.each<[StacksFault, unknown]>([['altered-proof', expect.any(String)], ['altered-value', 'value']])('%s: the proof does not hold', async (fault, code) => {
    // One that the newest block wrote: its proof passes no other block.
    const key = stateKeyText({ kind: 'variable', contract: net.chain.demo, name: 'counter' });
    net.submit(undefined, { kind: 'call', contract: net.chain.demo, name: 'set-counter', args: [{ type: 'uint', value: 3n }] });
    const [tip] = net.produceBlocks(1);
    const verdict = async (gateway: number) => {
      const { data, proof } = await jsonOf(`/v2/clarity/marf/${toHex(pathOfKey(key))}?tip=${tip!.id}`, gateway);
      try {
        return verifyMarfProof(decodeMarfProof(fromHex(String(proof).slice(2))), { key, value: String(data).slice(2), root: tip!.state.stateRoot, rootOfBlock: () => undefined });
      } catch (error) {
        return { ok: false, code: (error as { readonly code: string }).code };
      }
    };
    faulty(fault);
    expect([await verdict(0), await verdict(1)]).toEqual([{ ok: false, code }, { ok: true, hops: [] }]);
  });

  it('no-proofs: values come without', async () => {
    faulty('no-proofs');
    const path = `/v2/clarity/marf/${toHex(pathOfKey(stateKeyText({ kind: 'variable', contract: net.chain.demo, name: 'counter' })))}`;
    const [without, whole] = [await jsonOf(path), await jsonOf(path, 1)];
    expect([without['data'], without['proof']]).toEqual([whole['data'], '']);
    expect(await jsonOf(`/v2/accounts/${net.chain.users[3]!.address}`)).toMatchObject({ balance_proof: '', nonce_proof: '' });
  });

  it('altered-value: a balance is told wrong, too', async () => {
    faulty('altered-value');
    const path = `/v2/accounts/${net.chain.users[0]!.address}`;
    expect((await jsonOf(path))['balance']).not.toBe((await jsonOf(path, 1))['balance']);
  });
});

describe('tenures', () => {
  it('hole and foreign-block: the second block is not the parent of the first', async () => {
    const { tip } = net;
    const secondOf = async (gateway: number) => decodeBlocks(await bytesOf(`/v3/tenures/${tip.id}`, gateway), 100)[1]!.header;
    faulty('hole');
    expect([checkLink(await secondOf(0), tip.header!), (await secondOf(0)).consensusHash]).toEqual(['parent', tip.tenure.consensusHash]);
    net.fault(0, 'none');
    faulty('foreign-block');
    expect([checkLink(await secondOf(0), tip.header!), (await secondOf(0)).consensusHash]).toEqual(['parent', startOf(tip).parent!.tenure.consensusHash]);
    expect(checkLink(await secondOf(1), tip.header!)).toBeUndefined();
  });

  it('wrong-count: the start of a tenure counts one block too many, and its signatures are good', async () => {
    faulty('wrong-count');
    const counted = async (gateway: number) => {
      const { tip } = net.viewOf(gateway);
      const block = [...backFrom(tip)].find(({ parent }) => parent === net.tip) ?? startOf(tip);
      const { header, transactions } = decodeBlock(await bytesOf(`/v3/blocks/${block.id}`, gateway));
      expect(checkTransactions({ header, transactions })).toBeUndefined();
      expect(await verifySigners(header, setOf(net.chain.cycleOf(block.tenure)), verifyHere)).toMatchObject({ ok: true });
      return tenureStartOf({ header, transactions })!.previousTenureBlocks - (block.parent!.position + 1);
    };
    expect([await counted(0), await counted(1)]).toEqual([1, 0]);
  });

  it('wrong-id: a block that is asked for by id is another', async () => {
    faulty('wrong-id');
    expect(blockId(decodeBlock(await bytesOf(`/v3/blocks/${net.tip.id}`)).header)).toBe(net.tip.parentId);
    expect(blockId(decodeBlock(await bytesOf(`/v3/blocks/${net.tip.id}`, 1)).header)).toBe(net.tip.id);
  });

  it('altered-epoch2: the last of several headers of epoch 2.x is another, and a single one stays', async () => {
    faulty('altered-epoch2');
    const { id } = net.chain.lastEpoch2;
    const headersOf = async (count: number, gateway: number) => (await jsonOf(`/v2/headers/${count}?tip=${id}`, gateway)) as unknown as readonly object[];
    const [told, right] = [await headersOf(3, 0), await headersOf(3, 1)];
    expect(told.map((header, i) => JSON.stringify(header) === JSON.stringify(right[i]))).toEqual([true, true, false]);
    expect(await headersOf(1, 0)).toEqual(await headersOf(1, 1));
  });

  it('altered-epoch2-block: its header is right, and its transactions are not those of the header', async () => {
    faulty('altered-epoch2-block');
    const { id, epoch2 } = net.chain.lastEpoch2;
    const blockOf = async (gateway: number) => decodeEpoch2Block(await bytesOf(`/v2/blocks/${id}`, gateway));
    const [told, right] = [await blockOf(0), await blockOf(1)];
    expect([told.header, right.header]).toEqual([epoch2, epoch2]);
    expect([checkTransactions(told), checkTransactions(right), right.transactions[0]!.kind]).toEqual(['transaction-root', undefined, 'coinbase']);
    expect((await get(`/v2/blocks/${net.tip.id}`)).status).toBe(404);
  });
});

describe('what a node may lack', () => {
  it('no-index and wrong-transaction: the block of a transaction is not told, or told wrong', async () => {
    const path = `/v3/transaction/${net.tip.transactionIds[0]}`;
    faulty('no-index');
    expect((await get(path)).status).toBe(501);
    net.fault(0, 'none');
    faulty('wrong-transaction');
    expect([(await jsonOf(path))['index_block_hash'], (await jsonOf(path, 1))['index_block_hash']]).toEqual([net.tip.parentId, net.tip.id]);
  });

  it('no-pox: the constants cannot be had', async () => {
    faulty('no-pox');
    expect([(await get('/v2/pox')).status, (await get('/v2/pox', 1)).status]).toEqual([500, 200]);
  });
});

describe('chains', () => {
  it('stale: the tip is tenures behind, and stays there', async () => {
    const { tip } = net;
    faulty('stale', { tenures: 1 });
    net.produceTenures(1);
    const [stale, other] = [await jsonOf('/v3/tenures/info'), await jsonOf('/v3/tenures/info', 1)];
    expect(stale['tip_block_id']).toBe(startOf(tip).parentId);
    expect(other['tip_block_id']).toBe(net.tip.id);
    expect((await get(`/v3/blocks/${net.tip.id}`)).status).toBe(404);
    expect((await jsonOf('/v2/info'))['burn_block_height']).toBeLessThan(Number((await jsonOf('/v2/info', 1))['burn_block_height']));
  });

  it.each([1, 4])('other-fork: from %d tenures below the tip on the chain is another, signed by the set, and no other gateway knows it', async (tenures) => {
    faulty('other-fork', { tenures });
    const own = net.viewOf(0).tip;
    expect((await jsonOf('/v3/tenures/info'))['tip_block_id']).toBe(own.id);
    expect(own.height).toBeGreaterThan(net.tip.height);
    const main = new Set(backFrom(net.tip));
    const common = [...backFrom(own)].find((block) => main.has(block))!;
    expect(new Set([...backFrom(net.tip)].filter(({ height }) => height > common.height).map(({ tenure }) => tenure)).size).toBe(tenures);
    const { header } = decodeBlock(await bytesOf(`/v3/blocks/${own.id}`));
    expect(await verifySigners(header, setOf(net.chain.cycleOf(own.tenure)), verifyHere)).toMatchObject({ ok: true });
    expect((await get(`/v3/blocks/${own.id}`, 1)).status).toBe(404);
  });
});

describe('the line', () => {
  it('gateway-down: the connection is cut', async () => {
    faulty('gateway-down');
    await expect(get('/v2/info')).rejects.toThrow('fetch failed');
    expect((await get('/v2/info', 1)).status).toBe(200);
    expect(net.log.all.at(-2)).toMatchObject({ gateway: 0, status: 0 });
  });

  it('rate-limited: 429 with a Retry-After that a page may read', async () => {
    faulty('rate-limited', { seconds: 7 });
    const response = await get('/v2/info');
    expect([response.status, response.headers.get('retry-after'), response.headers.get('access-control-expose-headers')]).toEqual([429, '7', 'retry-after']);
  });

  it('quota: requests are counted down in headers that a page may read; then 429', async () => {
    faulty('quota', { requests: 2, seconds: 60 });
    const seen: unknown[] = [];
    for (let i = 0; i < 3; i += 1) {
      const { status, headers } = await get('/v2/info');
      expect(headers.get('access-control-expose-headers')).toContain('ratelimit-remaining');
      seen.push([status, headers.get('ratelimit-remaining'), Number(headers.get('ratelimit-reset')) > 50, headers.has('retry-after')]);
    }
    expect(seen).toEqual([[200, '1', true, false], [200, '0', true, false], [429, '0', true, true]]);
    const quota = new Quota();
    const statuses = [0, 900, 1100, 1950, 2050].map((now) => quota.apply(plain(200, ''), { requests: 1, seconds: 1 }, now).status);
    expect(statuses).toEqual([200, 429, 200, 429, 429]);
  });

  it('slow: the answer comes later', async () => {
    faulty('slow', { delay: 80 });
    const begin = performance.now();
    expect((await get('/v2/info')).status).toBe(200);
    expect(performance.now() - begin).toBeGreaterThan(75);
    // A request is in the log when it comes, also if its client does not wait.
    net.fault(0, 'slow', { delay: 60_000 });
    const impatient = new AbortController();
    const asked = fetch(`${net.gateways[0]!.url}/v2/pox`, { signal: impatient.signal });
    await vi.waitFor(() => expect(net.log.all.at(-1)).toMatchObject({ path: '/v2/pox', status: 0 }));
    impatient.abort();
    await expect(asked).rejects.toThrow('abort');
  });

  it('empty and html: status 200 and no answer', async () => {
    faulty('empty');
    expect(await (await get('/v3/tenures/info')).text()).toBe('');
    net.fault(0, 'none');
    faulty('html');
    const page = await get('/v3/tenures/info');
    expect([page.status, page.headers.get('content-type'), (await page.text()).slice(0, 9)]).toEqual([200, 'text/html', '<!doctype']);
  });

  it('endless: more bytes than any answer has', async () => {
    faulty('endless');
    const response = await get('/v3/tenures/info');
    let size = 0;
    const reader = response.body!.getReader();
    while (size < 20_000_000) size += (await reader.read()).value!.length;
    await reader.cancel();
    expect(response.headers.get('content-length')).toBeNull();
  });
});

it('every fault is shown above, and no other name is one', () => {
  expect([...shown].toSorted()).toEqual(Object.keys(STACKS_FAULTS).toSorted());
  expect(isStacksFault('toString')).toBe(false);
  expect(() => net.fault(0, 'nonsense' as StacksFault)).toThrow(expect.objectContaining({ code: 'unknown-fault' }));
  expect(() => net.fault(2, 'slow')).toThrow(expect.objectContaining({ code: 'unknown-peer' }));
});
