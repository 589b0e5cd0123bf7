import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { systemClock } from '../../src/base/system.ts';
import { blockId, epoch2BlockId } from '../../src/chains/stacks/chain/hash.ts';
import type { Gateway } from '../../src/chains/stacks/net/gateway.ts';
import { createHttpGateway } from '../../src/chains/stacks/net/http-gateway.ts';
import { decodeEpoch2Header } from '../../src/chains/stacks/wire/epoch2-header.ts';
import { encodeHeader } from '../../src/chains/stacks/wire/header.ts';
import { encodeMarfProof } from '../../src/chains/stacks/wire/marf-proof.ts';
import { recordedProofs, stackerSet } from '../support/stacks-proof-vectors.ts';
import { chainA, epoch2Headers, fromBase64 } from '../support/stacks-vectors.ts';
import { bytesReply, jsonReply, recordedReplies, textReply, type RecordedReply } from '../support/stacks/recorded-replies.ts';
import { replayGateway, type ReplayGateway } from '../support/stacks/replay-gateway.ts';

const options = { signal: new AbortController().signal };
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then((value) => ({ resolved: value }), (error: unknown) => error);
let replay: ReplayGateway;
let gateway: ReturnType<typeof createHttpGateway>;

beforeAll(async () => {
  replay = await replayGateway();
  gateway = createHttpGateway(replay.url, { fetch: (url, init) => fetch(url, init), clock: systemClock });
});
afterAll(() => replay.close());

const headersById = new Map(chainA.headers.map((header) => [header.block_id, header]));
const tip = chainA.headers.at(-1)!;
const bytesAt = (height: number) => chainA.headers.find((header) => header.height === height)!.header_b64;

interface Listed {
  readonly stacks_blocks: readonly { readonly block_id: string; readonly height: number }[];
}

const isEpoch2 = (id: string) => epoch2Headers.some((header) => header.id === id);
const sortitionAt = (consensusHash: string | undefined) => chainA.sortitions.find((it) => it.consensus_hash === consensusHash);

/** Asks the method of an endpoint. What it says, and what the chain's own files say; undefined: no method asks this endpoint. */
async function compare(path: string, { status, json, body }: RecordedReply): Promise<readonly [unknown, unknown] | undefined> {
  const [, kind, key = ''] = /^(\/v[23]\/(?:tenures\/tip|tenures\/blocks|tenures\/info|sortitions\/consensus|sortitions\/burn_height|sortitions|tenures|stacker_set|blocks|headers|info|pox))(?:\/([0-9a-f]+))?(?:\?.*)?$/u.exec(path) ?? [];
  const sortition = sortitionAt(key);
  switch (kind) {
    case '/v2/info':
      return [await gateway.info(options), { networkId: 0x8000_0000, burnHeight: 77, tipHeight: 124, tipConsensusHash: tip.consensus_hash, isSynced: true }];
    case '/v2/pox': {
      replay.replies.set(path, recordedReplies.get(path)!);
      const got = (await failure(gateway.cycles(options))) as { readonly code: string; readonly data: object };
      replay.replies.delete(path);
      return [{ code: got.code, data: got.data }, { code: 'refused', data: { status: 500 } }];
    }
    case '/v3/tenures/info':
      return [await gateway.tenureInfo(options), {
        consensusHash: tip.consensus_hash, tipBlockId: tip.block_id, tipHeight: 124, tenureStartBlockId: chainA.headers.find((it) => it.consensus_hash === tip.consensus_hash)!.block_id,
        parentConsensusHash: chainA.sortitions.at(-2)!.consensus_hash, parentTenureStartBlockId: chainA.sortitions.at(-1)!.winning_block_id,
      }];
    case '/v3/tenures/tip': {
      const answer = await gateway.tenureTip(key, options);
      const id = answer && (answer.kind === 'epoch2' ? epoch2BlockId(answer.header, key) : blockId(answer.header));
      const newest = chainA.headers.filter((it) => it.consensus_hash === key).at(-1)?.block_id ?? epoch2Headers.find(({ ch }) => ch === key)?.id;
      return [id, status === 404 ? undefined : newest];
    }
    case '/v3/tenures/blocks': {
      if (!sortition) return undefined;
      const answer = await gateway.tenureBlocks(key, options);
      const listed = (json as Listed).stacks_blocks.map(({ block_id, height }) => ({ id: block_id, height: isEpoch2(block_id) ? height : headersById.get(block_id)?.height }));
      return [{ burnHeight: answer?.burnHeight, blocks: answer?.blocks }, { burnHeight: sortition.height, blocks: listed }];
    }
    case '/v3/sortitions/consensus': {
      const { lastWinner, parentTenure, ...answer } = (await gateway.sortition({ consensusHash: key }, options))!;
      const { height, sortition: hasWinner, miner_pk_hash, winning_block_id } = sortition!;
      const known = [sortitionAt(lastWinner), sortitionAt(parentTenure)].every((it) => it !== undefined && it.height < height);
      // Before Nakamoto a commit names the hash of a block, not its id.
      const committedBlockId = height > 42 ? winning_block_id : answer.committedBlockId;
      return [{ ...answer, known }, { burnHeight: height, consensusHash: key, hasWinner, minerKeyHash: miner_pk_hash ?? undefined, committedBlockId, known: true }];
    }
    case '/v3/sortitions':
      return [(await gateway.sortition('latest', options))?.consensusHash, tip.consensus_hash];
    case '/v3/sortitions/burn_height':
      return [(await gateway.sortition({ burnHeight: 77 }, options))?.consensusHash, tip.consensus_hash];
    case '/v3/tenures': {
      const stop = /stop=([0-9a-f]+)/u.exec(path)?.[1];
      const answer = (await gateway.tenure(key, stop, options))!;
      const ids = answer.value.map(({ header }) => blockId(header));
      const whole = chainA.headers.filter(({ consensus_hash, height }) => consensus_hash === headersById.get(key)!.consensus_hash && height <= headersById.get(key)!.height).map(({ block_id }) => block_id).toReversed();
      return [{ ids, size: answer.size }, { ids: stop === undefined ? whole : whole.slice(0, whole.indexOf(stop)), size: body.length }];
    }
    case '/v3/stacker_set': {
      const cycle = Number(key);
      return [await gateway.signerKeys(cycle, options), status === 400 ? undefined : stackerSet(cycle).map(({ signing_key, weight }) => ({ key: signing_key.replace(/^0x/u, ''), weight }))];
    }
    case '/v3/blocks': {
      const answer = await gateway.block(key, options);
      const header = headersById.get(key);
      return [answer && [toHex(encodeHeader(answer.value.header)), answer.value.transactions.length], header && [toHex(fromBase64(header.header_b64)), header.tx_count]];
    }
    case '/v2/headers': {
      const answer = await gateway.epoch2Headers(60, /tip=([0-9a-f]+)/u.exec(path)![1]!, options);
      return [answer?.map(({ header, consensusHash }) => epoch2BlockId(decodeEpoch2Header(header), consensusHash)), epoch2Headers.map(({ id }) => id)];
    }
    default:
      return undefined;
  }
}

describe('the recorded replies of a real node', () => {
  it('every reply is what the chain says, through the method that asks for it', async () => {
    const unused: string[] = [];
    let compared = 0;
    for (const [path, reply] of recordedReplies) {
      const pair = await compare(path, reply);
      expect([path, pair?.[0]]).toEqual([path, pair?.[1]]);
      compared += pair ? 1 : 0;
      if (!pair) unused.push(path.replace(/\/[0-9a-f]{20,}/gu, ''));
    }
    expect([recordedReplies.size, compared]).toEqual([148, 141]);
    // Endpoints that say the same in another form; no method asks them.
    expect(unused).toEqual(['/v3/tenures/tip_metadata', '/v3/sortitions/latest_and_last', '/v3/sortitions/burn', '/v3/tenures/blocks/height/77', '/v3/tenures/blocks/hash', '/v3/tenures/fork_info', '/v3/tenures/fork_info']);
    expect(new Set(replay.requests.map((request) => request.split(' ')[0]))).toEqual(new Set(['GET']));
    expect(gateway.received).toBeGreaterThan(100_000);
    expect(gateway.latency).toBeGreaterThan(0);
  });

  it('the cycles of a node that tells them', async () => {
    expect(await gateway.cycles(options)).toEqual({ firstBurnHeight: 0, cycleLength: 10, prepareLength: 3 });
  });

  it('headers by id and by height are cut off the blocks', async () => {
    for (const { block_id, height, header_b64 } of chainA.headers.slice(-30)) {
      expect(toHex(encodeHeader((await gateway.header(block_id, options))!.value))).toBe(toHex(fromBase64(header_b64)));
      expect(blockId((await gateway.headerAt(height, options))!.value)).toBe(block_id);
    }
    expect(await gateway.header('00'.repeat(32), options)).toBeUndefined();
    expect(await gateway.headerAt(100_000, options)).toBeUndefined();
  });

  it('a block that never ends is read up to its header', async () => {
    const { block_id, header_b64 } = tip;
    let open = true;
    replay.replies.set(`/v3/blocks/${block_id}`, (_, response) => {
      response.on('close', () => (open = false));
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.write(fromBase64(header_b64));
      return undefined;
    });
    expect(blockId((await gateway.header(block_id, options))!.value)).toBe(block_id);
    await expect.poll(() => open).toBe(false);
    replay.replies.clear();
  });

  it('values with and without proof, byte for byte', async () => {
    const proofs = recordedProofs.filter(({ path }) => path !== '');
    expect(proofs.length).toBeGreaterThan(10);
    for (const { path, tip: at, value, bytes } of proofs) {
      const answer = await gateway.state(path, at, { ...options, proof: true });
      expect(answer!.value.value).toBe(value);
      expect(encodeMarfProof(answer!.value.proof!)).toEqual(bytes);
      expect(await gateway.state(path, at, { ...options, proof: false })).toMatchObject({ value: { value, proof: undefined } });
    }
    expect(await gateway.state('00'.repeat(32), tip.block_id, { ...options, proof: true })).toBeUndefined();
  });

  it('headers that a proof passes, of both epochs', async () => {
    expect(await gateway.passedHeader(tip.block_id, options)).toEqual({ bytes: fromBase64(tip.header_b64) });
    const [older] = epoch2Headers;
    expect(await gateway.passedHeader(older!.id, options)).toMatchObject({ consensusHash: older!.ch });
    expect(await gateway.passedHeader('00'.repeat(32), options)).toBeUndefined();
  });

  it('has no preflight, so that nothing may be asked that needs one', async () => {
    expect((await fetch(replay.url, { method: 'OPTIONS' })).status).toBe(405);
  });
});

describe('the block of a transaction', () => {
  const [block] = chainA.blocks;
  const id = block!.txids[0]!;
  const header = headersById.get(block!.block_id)!;
  const extended = `/extended/v1/tx/0x${id}`;
  const indexed = `/v3/transaction/${id}`;

  it.each<[string, object, string | undefined]>([
    ['a node with an index', { [indexed]: jsonReply({ index_block_hash: block!.block_id, tx: '00', result: '03', block_height: block!.height, is_canonical: true }) }, block!.block_id],
    ['an older node', { [indexed]: jsonReply({ index_block_hash: block!.block_id, tx: '00', result: '03' }) }, block!.block_id],
    ['a block on a branch that lost', { [indexed]: jsonReply({ index_block_hash: block!.block_id, tx: '00', result: '03', block_height: null, is_canonical: false }) }, undefined],
    ['a node without an index', { [indexed]: textReply('not enabled', 501) }, undefined],
    ['the public API', { [indexed]: textReply('not enabled', 501), [extended]: jsonReply({ tx_id: `0x${id}`, canonical: true, tx_status: 'success', block_hash: `0x${header.block_hash}`, block_height: header.height }) }, block!.block_id],
    ['the public API with another block at the height', { [extended]: jsonReply({ canonical: true, block_hash: `0x${'00'.repeat(32)}`, block_height: header.height }) }, undefined],
    ['a transaction that is in no block', { [extended]: jsonReply({ tx_id: `0x${id}`, tx_status: 'pending' }) }, undefined],
  ])('%s', async (_, replies, expected) => {
    for (const [path, reply] of Object.entries(replies)) replay.replies.set(path, reply as ReturnType<typeof jsonReply>);
    expect(await gateway.blockOfTransaction(id, options)).toBe(expected);
    replay.replies.clear();
  });
});

describe('a gateway that answers something else', () => {
  const [first, second] = [chainA.blocks[0]!, chainA.blocks[1]!];
  const block = (it: { readonly block_b64: string }) => fromBase64(it.block_b64);

  it.each<[string, string, ReturnType<typeof bytesReply>, (gateway: Gateway) => Promise<unknown>, object]>([
    ['another header', `/v3/blocks/${first.block_id}`, bytesReply(block(second)), (it) => it.header(first.block_id, options), { name: 'PeerFault', code: 'block-id', weight: 'lie', data: { asked: first.block_id, got: second.block_id } }],
    ['another block', `/v3/blocks/${first.block_id}`, bytesReply(block(second)), (it) => it.block(first.block_id, options), { code: 'block-id', weight: 'lie' }],
    ['another height', '/v3/blocks/height/120', bytesReply(fromBase64(bytesAt(119))), (it) => it.headerAt(120, options), { code: 'wrong-height', weight: 'offence' }],
    ['another tenure', `/v3/tenures/${first.block_id}`, bytesReply(block(second)), (it) => it.tenure(first.block_id, undefined, options), { code: 'block-id', weight: 'lie' }],
    ['a hole in a tenure', `/v3/tenures/${second.block_id}`, bytesReply(Uint8Array.from([...block(second), ...block(second)])), (it) => it.tenure(second.block_id, undefined, options), { code: 'block-id', weight: 'lie' }],
    ['a tenure without a block', `/v3/tenures/${first.block_id}`, bytesReply(new Uint8Array(0)), (it) => it.tenure(first.block_id, undefined, options), { code: 'refused' }],
    ['another sortition', `/v3/sortitions/burn_height/70`, recordedReplies.get('/v3/sortitions')!, (it) => it.sortition({ burnHeight: 70 }, options), { code: 'wrong-sortition', weight: 'offence' }],
    ['a tip of another tenure', `/v3/tenures/tip/${'ab'.repeat(20)}`, recordedReplies.get(`/v3/tenures/tip/${tip.consensus_hash}`)!, (it) => it.tenureTip('ab'.repeat(20), options), { code: 'wrong-tenure', weight: 'offence' }],
    ['an older header with another id', `/v2/headers/1?tip=${'ab'.repeat(32)}`, jsonReply([{ consensus_hash: epoch2Headers[0]!.ch, header: epoch2Headers[0]!.header, parent_block_id: 'cd'.repeat(32) }]), (it) => it.passedHeader('ab'.repeat(32), options), { code: 'block-id', weight: 'lie' }],
    ['another block of epoch 2.x', `/v2/blocks/${epoch2Headers[1]!.id}`, bytesReply(Uint8Array.from([...Buffer.from(epoch2Headers[0]!.header, 'hex'), 0, 0, 0, 0])), (it) => it.epoch2Block({ id: epoch2Headers[1]!.id, consensusHash: epoch2Headers[1]!.ch }, options), { code: 'block-id', weight: 'lie' }],
    ['a block of Nakamoto for one of epoch 2.x', `/v2/blocks/${first.block_id}`, bytesReply(block(first)), (it) => it.epoch2Block({ id: first.block_id, consensusHash: 'ab'.repeat(20) }, options), { code: 'malformed' }],
    ['more older headers than asked', `/v2/headers/1?tip=${'ab'.repeat(32)}`, jsonReply([1, 2]), (it) => it.epoch2Headers(1, 'ab'.repeat(32), options), { code: 'malformed' }],
    ['a page of HTML', '/v3/tenures/info', { ...textReply('<!doctype html><p>sign in', 200), headers: { 'content-type': 'text/html' } }, (it) => it.tenureInfo(options), { code: 'malformed' }],
    ['nothing', '/v2/info', textReply('', 404), (it) => it.info(options), { code: 'refused', data: { status: 404 } }],
    ['too many requests', '/v3/tenures/info', textReply('', 429, { 'retry-after': '3' }), (it) => it.tenureInfo(options), { code: 'rate-limited', data: { seconds: 3 } }],
    ['a redirect', '/v3/tenures/info', textReply('', 302, { location: '/v2/info' }), (it) => it.tenureInfo(options), { code: 'disconnected' }],
  ])('%s', async (_, path, reply, ask, expected) => {
    replay.replies.set(path, reply);
    const fresh = createHttpGateway(replay.url, { fetch: (url, init) => fetch(url, init), clock: systemClock });
    expect(await failure(ask(fresh))).toMatchObject(expected);
    replay.replies.clear();
  });

  it('what lies at and below `stop` is left away', async () => {
    const stop = '57801351da8fad55e383d52d88fb4059ad99d40392b9ed3003f97576f3a548d8';
    const whole = recordedReplies.get(`/v3/tenures/${tip.block_id}`)!;
    replay.replies.set(`/v3/tenures/${tip.block_id}?stop=${stop}`, whole);
    const answer = await gateway.tenure(tip.block_id, stop, options);
    replay.replies.clear();
    expect(answer!.value.map(({ header }) => blockId(header))).toEqual((await gateway.tenure(tip.block_id, stop, options))!.value.map(({ header }) => blockId(header)));
    expect(answer!.value.length).toBeGreaterThan(1);
  });

  it('a connection that breaks in the middle of a body, and one that is refused', async () => {
    replay.replies.set('/v3/tenures/info', (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"consensus_hash"');
      setTimeout(() => response.destroy(), 10);
      return undefined;
    });
    expect(await failure(gateway.tenureInfo(options))).toMatchObject({ code: 'disconnected' });
    replay.replies.clear();
    const nobody = createHttpGateway('http://127.0.0.1:1', { fetch: (url, init) => fetch(url, init), clock: systemClock });
    expect(await failure(nobody.info(options))).toMatchObject({ code: 'disconnected' });
  });
});
