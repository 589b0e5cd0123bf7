import { assert, asyncProperty, constantFrom, double, jsonValue, nat, oneof, stringMatching, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { recordedProofs } from '../../../../test/support/stacks-proof-vectors.ts';
import { chainA, epoch2Headers } from '../../../../test/support/stacks-vectors.ts';
import { bytesReply, derivedReplies, jsonReply, recordedReplies, type RecordedReply } from '../../../../test/support/stacks/recorded-replies.ts';
import { fromHex } from '../../../base/bytes.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import { PeerFault } from '../../../engine/sync/sync-peer.ts';
import { createHttpGateway, type MeasuredGateway } from './http-gateway.ts';

const options = { signal: new AbortController().signal };
const tip = chainA.headers.at(-1)!;
const tenure = tip.consensus_hash;
const older = epoch2Headers[0]!;
const proof = recordedProofs.find(({ path }) => path !== '')!;
const transaction = 'ab'.repeat(32);
const reply = (path: string): RecordedReply => derivedReplies.get(path) ?? recordedReplies.get(path)!;

interface Endpoint {
  readonly path: string;
  readonly ask: (gateway: MeasuredGateway) => Promise<unknown>;
  readonly good: RecordedReply;
  /** Fields that must be there, as paths, by kind. */
  readonly numbers?: readonly string[];
  readonly hex?: readonly string[];
  readonly flags?: readonly string[];
  /** Hex that may be missing or null. */
  readonly optional?: readonly string[];
}

const json: Readonly<Record<string, Endpoint>> = {
  info: {
    path: '/v2/info', ask: (it) => it.info(options), good: reply('/v2/info'),
    numbers: ['network_id', 'burn_block_height', 'stacks_tip_height'], hex: ['stacks_tip_consensus_hash'], flags: ['is_fully_synced'],
  },
  cycles: { path: '/v2/pox', ask: (it) => it.cycles(options), good: reply('/v2/pox'), numbers: ['first_burnchain_block_height', 'reward_cycle_length', 'prepare_phase_block_length'] },
  tenureInfo: {
    path: '/v3/tenures/info', ask: (it) => it.tenureInfo(options), good: reply('/v3/tenures/info'),
    numbers: ['tip_height'], hex: ['consensus_hash', 'tenure_start_block_id', 'parent_consensus_hash', 'parent_tenure_start_block_id', 'tip_block_id'],
  },
  tenureTip: {
    path: `/v3/tenures/tip/${tenure}`, ask: (it) => it.tenureTip(tenure, options), good: reply(`/v3/tenures/tip/${tenure}`),
    numbers: ['Nakamoto.version', 'Nakamoto.chain_length', 'Nakamoto.burn_spent', 'Nakamoto.timestamp'],
    hex: ['Nakamoto.consensus_hash', 'Nakamoto.parent_block_id', 'Nakamoto.tx_merkle_root', 'Nakamoto.state_index_root', 'Nakamoto.miner_signature', 'Nakamoto.signer_signature.0', 'Nakamoto.pox_treatment'],
  },
  tenureBlocks: {
    path: `/v3/tenures/blocks/${tenure}`, ask: (it) => it.tenureBlocks(tenure, options), good: reply(`/v3/tenures/blocks/${tenure}`),
    numbers: ['burn_block_height', 'stacks_blocks.0.height'], hex: ['consensus_hash', 'stacks_blocks.0.block_id', 'stacks_blocks.1.block_id'], optional: ['last_sortition_ch'],
  },
  sortition: {
    path: '/v3/sortitions', ask: (it) => it.sortition('latest', options), good: reply('/v3/sortitions'),
    numbers: ['0.burn_block_height'], hex: ['0.consensus_hash'], flags: ['0.was_sortition'], optional: ['0.miner_pk_hash160', '0.committed_block_hash', '0.stacks_parent_ch', '0.last_sortition_ch'],
  },
  signerKeys: {
    path: '/v3/stacker_set/7', ask: (it) => it.signerKeys(7, options), good: reply('/v3/stacker_set/7'),
    numbers: ['stacker_set.signers.0.weight'], hex: ['stacker_set.signers.0.signing_key'],
  },
  state: {
    path: `/v2/clarity/marf/${proof.path}?proof=1&tip=${proof.tip}`, ask: (it) => it.state(proof.path, proof.tip, { ...options, proof: true }),
    good: reply(`/v2/clarity/marf/${proof.path}?proof=1&tip=${proof.tip}`),
  },
  epoch2Headers: {
    path: `/v2/headers/1?tip=${older.id}`, ask: (it) => it.epoch2Headers(1, older.id, options), good: reply(`/v2/headers/1?tip=${older.id}`), hex: ['0.consensus_hash', '0.header', '0.parent_block_id'],
  },
  transaction: {
    path: `/v3/transaction/${transaction}`, ask: (it) => it.blockOfTransaction(transaction, options),
    good: jsonReply({ index_block_hash: tip.block_id, tx: '00', result: '03', block_height: 1, is_canonical: true }), hex: ['index_block_hash'],
  },
  transactionPlace: {
    path: `/extended/v1/tx/0x${transaction}`, ask: (it) => it.blockOfTransaction(transaction, options),
    good: jsonReply({ canonical: true, block_hash: `0x${tip.block_hash}`, block_height: tip.height }), numbers: ['block_height'], hex: ['block_hash'],
  },
};

const block = chainA.blocks.at(-1)!;
const binary: Readonly<Record<string, Endpoint>> = {
  header: { path: `/v3/blocks/${tip.block_id}`, ask: (it) => it.header(tip.block_id, options), good: reply(`/v3/blocks/${tip.block_id}`) },
  headerAt: { path: `/v3/blocks/height/${tip.height}`, ask: (it) => it.headerAt(tip.height, options), good: reply(`/v3/blocks/height/${tip.height}`) },
  block: { path: `/v3/blocks/${block.block_id}`, ask: (it) => it.block(block.block_id, options), good: reply(`/v3/blocks/${block.block_id}`) },
  // Blocks of epoch 2.x were not recorded: this one has a recorded header, and no transaction.
  epoch2Block: { path: `/v2/blocks/${older.id}`, ask: (it) => it.epoch2Block({ id: older.id, consensusHash: older.ch }, options), good: bytesReply(Uint8Array.from([...fromHex(older.header), 0, 0, 0, 0])) },
  tenure: { path: `/v3/tenures/${tip.block_id}`, ask: (it) => it.tenure(tip.block_id, undefined, options), good: recordedReplies.get(`/v3/tenures/${tip.block_id}`)! },
};

/** A gateway that gives this reply under the path, and the recorded ones, or 404, elsewhere. */
function gatewayWith(path: string, given: RecordedReply): MeasuredGateway {
  const fetch = async (url: string) => {
    const asked = url.slice('https://g'.length);
    const { status, body, headers } = asked === path ? given : (derivedReplies.get(asked) ?? { status: 404, body: new Uint8Array(0), headers: {} });
    return new Response(body.slice(), { status, headers });
  };
  return createHttpGateway('https://g', { fetch, clock: new ManualClock() });
}

/** What is resolved, or the code of what is rejected. Anything but our errors is thrown on. */
async function outcome({ path, ask }: Endpoint, given: RecordedReply): Promise<{ readonly value: unknown } | { readonly code: string }> {
  try {
    return { value: await ask(gatewayWith(path, given)) };
  } catch (error) {
    if (error instanceof RequestError || error instanceof PeerFault) return { code: error.code };
    throw error;
  }
}

/** `value` with the field at a path replaced. */
function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  if (Array.isArray(value)) return value.map((it: unknown, i) => (String(i) === first ? replaced(it, rest, by) : it));
  const { [first]: inner, ...others } = value as Record<string, unknown>;
  return by === undefined && rest.length === 0 ? others : { ...others, [first]: replaced(inner, rest, by) };
}

const BAD = {
  numbers: [undefined, null, true, '7', -1, 1.5, 2 ** 53, [], {}],
  hex: [undefined, null, 7, false, '', '0x', 'zz', 'ab', `0x${'ab'.repeat(300)}`, `${'g'.repeat(64)}`, [], {}],
  flags: [undefined, null, 0, 'true', [], {}],
  optional: [7, false, '', '0x', 'zz', 'ab', 'ab'.repeat(300), [], {}],
} as const;

describe('JSON of an endpoint', () => {
  it.each(Object.keys(json))('%s: the good answer is taken', async (name) => {
    expect(await outcome(json[name]!, json[name]!.good)).toMatchObject({ value: expect.anything() as unknown });
  });

  it.each(Object.keys(json))('%s: every wrong type, range or length of every field is malformed', async (name) => {
    const endpoint = json[name]!;
    for (const kind of ['numbers', 'hex', 'flags', 'optional'] as const) {
      for (const field of endpoint[kind] ?? []) {
        for (const bad of BAD[kind]) {
          // A transaction whose block is not told is in none.
          if (name === 'transactionPlace' && bad === undefined) continue;
          const given = jsonReply(replaced(endpoint.good.json, field.split('.'), bad));
          expect([field, bad, await outcome(endpoint, given)]).toEqual([field, bad, { code: 'malformed' }]);
        }
      }
      if (kind !== 'optional') continue;
      for (const field of endpoint.optional ?? []) for (const none of [undefined, null]) expect(await outcome(endpoint, jsonReply(replaced(endpoint.good.json, field.split('.'), none)))).toHaveProperty('value');
    }
  });

  it.each(Object.keys(json))('%s: hex may begin with 0x, or be in capitals', async (name) => {
    const endpoint = json[name]!;
    const good = await outcome(endpoint, endpoint.good);
    for (const field of [...(endpoint.hex ?? []), ...(endpoint.optional ?? [])]) {
      // The header's own reader takes the node's form only.
      if (name === 'tenureTip') continue;
      const was = field.split('.').reduce((value: unknown, part) => (value as Record<string, unknown>)[part], endpoint.good.json) as string;
      expect(await outcome(endpoint, jsonReply(replaced(endpoint.good.json, field.split('.'), was.startsWith('0x') ? was.slice(2) : `0x${was.toUpperCase()}`)))).toEqual(good);
    }
  });

  it.each(Object.keys(json))('%s: cut off anywhere it is malformed', async (name) => {
    const { good } = json[name]!;
    const step = Math.max(1, Math.floor(good.body.length / 25));
    expect(await outcome(json[name]!, { ...good, body: new Uint8Array(0) })).toEqual({ code: 'refused' });
    for (let end = 1; end < good.body.length; end += step) expect(await outcome(json[name]!, { ...good, body: good.body.slice(0, end) })).toEqual({ code: 'malformed' });
  });

  it.each(Object.keys(json))('%s: errors of the server, pages and floods', async (name) => {
    const endpoint = json[name]!;
    expect(await outcome(endpoint, { ...endpoint.good, status: 500 })).toEqual({ code: 'refused' });
    expect(await outcome(endpoint, { ...endpoint.good, status: 503 })).toEqual({ code: 'rate-limited' });
    expect(await outcome(endpoint, { ...endpoint.good, body: new TextEncoder().encode('<!doctype html>') })).toEqual({ code: 'malformed' });
    expect(await outcome(endpoint, { ...endpoint.good, headers: { 'content-length': String(2 ** 31) } })).toEqual({ code: 'too-large' });
  });

  it('a small answer may not be large', async () => {
    const { good } = json['info']!;
    expect(await outcome(json['info']!, { ...good, body: new Uint8Array(300_000).fill(0x20) })).toEqual({ code: 'too-large' });
  });

  it('a value of a gateway without proofs has none; one that is no proof is malformed', async () => {
    const endpoint = json['state']!;
    const { data } = endpoint.good.json as { readonly data: string };
    for (const none of [{ data }, { data, proof: null }, { data, proof: '' }, { data, proof: '0x' }]) expect(await outcome(endpoint, jsonReply(none))).toMatchObject({ value: { value: { value: proof.value, proof: undefined } } });
    for (const bad of [{ data, proof: '0x00' }, { data, proof: '0x0' }, { data, proof: 7 }, { data, proof: 'zz' }, { data: 7 }, {}, { data: 'not hex' }, { data: `0x${'00'.repeat(1_100_000)}` }]) expect(await outcome(endpoint, jsonReply(bad))).toEqual({ code: 'malformed' });
  });

  it('blocks of a tenure descend by one', async () => {
    const endpoint = json['tenureBlocks']!;
    expect(await outcome(endpoint, jsonReply(replaced(endpoint.good.json, ['stacks_blocks', '1', 'height'], 7)))).toEqual({ code: 'malformed' });
  });
});

describe('bytes of an endpoint', () => {
  it.each(Object.keys(binary))('%s: cut off, it is malformed or a whole beginning', async (name) => {
    const endpoint = binary[name]!;
    const { body } = endpoint.good;
    const good = (await outcome(endpoint, endpoint.good)) as { readonly value: { readonly value: unknown } };
    const step = Math.max(1, Math.floor(body.length / 40));
    expect(await outcome(endpoint, bytesReply(new Uint8Array(0)))).toEqual({ code: 'refused' });
    for (let end = 1; end < body.length; end += step) {
      const got = await outcome(endpoint, bytesReply(body.slice(0, end)));
      const whole = 'code' in got ? undefined : (got.value as { readonly value: unknown }).value;
      // Of a tenure every number of whole blocks is an answer.
      const expected = Array.isArray(whole) && name === 'tenure' ? (good.value.value as readonly unknown[]).slice(0, whole.length) : good.value.value;
      expect('code' in got ? got : whole).toEqual('code' in got ? { code: 'malformed' } : expected);
    }
    expect(await outcome(endpoint, bytesReply(body.slice(0, 100)))).toEqual({ code: 'malformed' });
  });

  it.each(Object.keys(binary))('%s: one wrong byte is another block, malformed, or without meaning for the header', async (name) => {
    const endpoint = binary[name]!;
    for (let at = 0; at < 206; at += 11) {
      const body = endpoint.good.body.slice();
      body[at]! ^= 1;
      const got = await outcome(endpoint, bytesReply(body));
      // By height nothing is known of the block but its height.
      expect(name === 'headerAt' ? ['value', 'malformed', 'wrong-height'] : ['block-id', 'malformed']).toContain('code' in got ? got.code : 'value');
    }
  });

  it.each(Object.keys(binary))('%s: errors of the server, and too many bytes', async (name) => {
    const endpoint = binary[name]!;
    expect(await outcome(endpoint, { ...endpoint.good, status: 500 })).toEqual({ code: 'refused' });
    expect(await outcome(endpoint, { ...endpoint.good, status: 404 })).toEqual({ value: undefined });
    // A header is cut off a block of any length.
    expect(await outcome(endpoint, { ...endpoint.good, headers: { 'content-length': String(2 ** 31) } })).toEqual(name.startsWith('header') ? await outcome(endpoint, endpoint.good) : { code: 'too-large' });
  });
});

describe('any JSON for any endpoint', () => {
  /** Whether everything in a checked value is hex, a whole number, a flag or bytes. */
  function isChecked(value: unknown): boolean {
    if (value === undefined || typeof value === 'boolean' || value instanceof Uint8Array) return true;
    if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
    if (typeof value === 'string') return /^[0-9a-f]*$/u.test(value) || ['nakamoto', 'epoch2', 'node', 'leaf', 'shunt'].includes(value);
    return typeof value === 'object' && value !== null && Object.values(value).every(isChecked);
  }
  const isGood = (got: Awaited<ReturnType<typeof outcome>>) => ('code' in got ? ['malformed', 'refused', 'wrong-tenure', 'wrong-sortition', 'wrong-height', 'block-id'].includes(got.code) : isChecked(got.value));
  /** The paths of all fields of a JSON value. */
  const pathsOf = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] => (typeof value === 'object' && value !== null ? [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))] : [path]);

  it.each(Object.keys(json))('%s: is a coded error or a checked value', async (name) => {
    const endpoint = json[name]!;
    await assert(asyncProperty(jsonValue(), async (value) => { expect(isGood(await outcome(endpoint, jsonReply(value)))).toBe(true); }), { numRuns: 60 });
    const paths = pathsOf(endpoint.good.json).slice(0, 400);
    const some = oneof(jsonValue(), nat(), double({ noNaN: true }), stringMatching(/^(?:0x)?[0-9a-f]{0,66}$/u));
    await assert(asyncProperty(constantFrom(...paths), some, async (path, value) => { expect(isGood(await outcome(endpoint, jsonReply(replaced(endpoint.good.json, path, value))))).toBe(true); }), { numRuns: 60 });
  });

  it.each(Object.keys({ ...json, ...binary }))('%s: any bytes are a coded error or a checked value', async (name) => {
    await assert(asyncProperty(uint8Array({ maxLength: 400 }), async (body) => { expect(isGood(await outcome({ ...json, ...binary }[name]!, bytesReply(body)))).toBe(true); }), { numRuns: 30 });
  });
});
