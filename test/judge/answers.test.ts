import type { Connection } from '@libp2p/interface';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { serve, SERVED_KINDS } from '../../devnet/serve.ts';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse, encodeResponseError, type RequestBody, requests } from '../../src/chains/albatross/wire/requests.ts';
import type { HeaderKind } from '../../src/chains/albatross/serve/serve.ts';
import type { Hash } from '../../src/base/hash.ts';
import { rawHandshake, startRawPeer, stopRawPeers } from '../support/raw-peer-fixture.ts';
import { rawRequest, serveRaw } from '../support/raw-reqres.ts';
import { expectAllLive, followTo, JUDGE_PEERS, OfficialClient } from './official-client.ts';

/** The blocks that a row's requests refer to. */
interface Blocks {
  readonly genesis: Hash;
  readonly head: Hash;
  readonly macro: Hash;
  /** The block before the newest macro block, if it exists. */
  readonly before: Hash;
  /** A micro block of the first epoch. */
  readonly old: Hash;
}

const UNKNOWN: Hash = 'aa'.repeat(32);
const many = (hash: Hash): Hash[] => Array.from({ length: 101 }, () => hash);

/**
 * A request that a light client answers or may get, and its answers at genesis, at 335 (seven blocks after the first election block) and at 463 (after the
 * second).
 */
type Kind = HeaderKind | 'zkp' | 'subscribe';
type Row = { readonly [K in Kind]: readonly [kind: K, what: string, body: (blocks: Blocks) => RequestBody<K>, answers: readonly [string, string, string]] }[Kind];

const same = (answer: string) => [answer, answer, answer] as const;

const table: readonly Row[] = [
  ['macro-chain', 'from genesis', ({ genesis }) => ({ locators: [genesis], maxEpochs: 1000 }), ['no epochs', '1 epochs', 'UnknownLocators']],
  ['macro-chain', 'from the newest', ({ macro }) => ({ locators: [macro], maxEpochs: 1000 }), same('no epochs')],
  ['macro-chain', 'from an unknown block', () => ({ locators: [UNKNOWN], maxEpochs: 1000 }), same('UnknownLocators')],
  ['macro-chain', 'with 101 locators', ({ genesis }) => ({ locators: many(genesis), maxEpochs: 1000 }), same('TooManyLocators')],
  ['block', 'genesis', ({ genesis }) => ({ hash: genesis, includeBody: false }), ['macro 200', 'macro 200', 'TargetHashNotFound']],
  ['block', 'the newest macro block', ({ macro }) => ({ hash: macro, includeBody: false }), ['macro 200', 'macro 328', 'macro 456']],
  ['block', 'the newest macro block with body', ({ macro }) => ({ hash: macro, includeBody: true }), same('TargetHashNotFound')],
  ['block', 'the head', ({ head }) => ({ hash: head, includeBody: false }), ['macro 200', 'micro 335, justified', 'micro 463, justified']],
  ['block', 'the head with body', ({ head }) => ({ hash: head, includeBody: true }), same('TargetHashNotFound')],
  ['block', 'the one before the macro block', ({ before }) => ({ hash: before, includeBody: false }), ['TargetHashNotFound', 'micro 327, justified', 'micro 455, justified']],
  ['block', 'an old one', ({ old }) => ({ hash: old, includeBody: false }), same('TargetHashNotFound')],
  ['block', 'an unknown one', () => ({ hash: UNKNOWN, includeBody: false }), same('TargetHashNotFound')],
  ['missing-blocks', 'from the macro block', ({ head, macro }) => ({ targetHash: head, includeBody: false, locators: [macro], direction: 'forward' as const }), ['none', '329 to 335', '457 to 463']],
  ['missing-blocks', 'with bodies', ({ head, macro }) => ({ targetHash: head, includeBody: true, locators: [macro], direction: 'forward' as const }), ['none', 'FailedToGetBlocks', 'FailedToGetBlocks']],
  ['missing-blocks', 'from genesis', ({ head, genesis }) => ({ targetHash: head, includeBody: false, locators: [genesis], direction: 'forward' as const }), ['none', 'none', 'UnknownLocators']],
  ['missing-blocks', 'backward to the macro block', ({ head, macro }) => ({ targetHash: head, includeBody: false, locators: [macro], direction: 'backward' as const }), ['none', '329 to 335', '457 to 463']],
  ['missing-blocks', 'backward without locators', ({ head }) => ({ targetHash: head, includeBody: false, locators: [], direction: 'backward' as const }), ['200 to 200', '328 to 335', '456 to 463']],
  ['missing-blocks', 'up to an unknown one', ({ genesis }) => ({ targetHash: UNKNOWN, includeBody: false, locators: [genesis], direction: 'forward' as const }), same('TargetHashNotFound')],
  ['missing-blocks', 'from an unknown one', ({ head }) => ({ targetHash: head, includeBody: false, locators: [UNKNOWN], direction: 'forward' as const }), same('UnknownLocators')],
  ['missing-blocks', 'with 101 locators', ({ head, genesis }) => ({ targetHash: head, includeBody: false, locators: many(genesis), direction: 'forward' as const }), same('TooManyLocators')],
  ['head', '', () => ({}), ['200', '335', '463']],
  ['zkp', '', () => ({ blockNumber: 200, requestElectionBlock: true }), same('no-receiver')],
  ['subscribe', '', () => ({ operation: 'subscribe' as const, addresses: [new Uint8Array(20)] }), same('no-receiver')],
];

/** Requests that only nodes with more than headers answer, by type; the value is the body as hex. */
const unanswered: Readonly<Record<number, string>> = {
  // Batch sets and chunks of the history.
  202: UNKNOWN,
  204: '010100',
  // Proofs of transactions, receipts of an address, proofs of accounts and of blocks.
  213: `01${UNKNOWN}00`,
  214: `${'aa'.repeat(20)}0000`,
  215: `012814${'aa'.repeat(20)}`,
  216: 'c80101c801',
  // A type that does not exist.
  999: '',
};

/** A short text for an answer. Throws when the answer does not decode. */
function told(kind: Kind, bytes: Uint8Array): string {
  const answer = decodeResponse(kind, bytes);
  if (!answer.ok) return answer.error;
  const { value } = answer;
  if ('blockNumber' in value) return String(value.blockNumber);
  if ('type' in value) return value.type;
  if (!value.ok) return value.error;
  if (value.value === undefined) return 'ok';
  if ('epochs' in value.value) return `${value.value.epochs.length || 'no'} epochs${value.value.checkpoint ? `, checkpoint ${value.value.checkpoint.blockNumber}` : ''}`;
  if ('blocks' in value.value) return value.value.blocks.length === 0 ? 'none' : `${value.value.blocks[0]!.header.blockNumber} to ${value.value.blocks.at(-1)!.header.blockNumber}`;
  const { type, header, justification, body } = value.value;
  return `${type} ${header.blockNumber}${justification ? ', justified' : ''}${body ? ', with body' : ''}`;
}

describe.each(['pico', 'light'] as const)('the official client as a peer, %s', (mode) => {
  let devnet: Devnet;
  let client: OfficialClient;
  let connection: Connection;

  beforeAll(async () => {
    devnet = await createDevnet({ port: 0, peers: JUDGE_PEERS - 1, blockTime: 0, seed: 'judge answers' });
    // One more, hand-made node. It answers as the others do, and sends requests that they cannot send.
    const raw = await startRawPeer(['/ip4/127.0.0.1/tcp/0/ws']);
    await serveRaw(raw, (payload) => {
      const request = decodeRequest(payload);
      const kind = 'kind' in request ? SERVED_KINDS.find((known) => known === request.kind) : undefined;
      return kind && 'kind' in request ? encodeResponse(kind, serve(devnet.chain, kind, request.body as RequestBody<typeof kind>)) : encodeResponseError('no-receiver');
    });
    const address = raw.libp2p.getMultiaddrs()[0]!.toString().replace(/\/p2p\/.*/u, '');
    const met = new Promise<Connection>((resolve, reject) => {
      raw.libp2p.addEventListener('connection:open', ({ detail }) => void rawHandshake(raw, detail, address).then(() => resolve(detail), reject));
    });
    client = await OfficialClient.start(devnet, mode, [address]);
    connection = await met;
    await client.established();
  });
  afterAll(async () => {
    await client?.close();
    await stopRawPeers();
    await devnet?.close();
  });

  for (const [stage, height] of [200, 335, 463].entries()) {
    it(`answers at ${height}`, async () => {
      await followTo(devnet, [client], height);
      const { chain } = devnet;
      const at = (wanted: number): Hash => chain.at(wanted)?.hash ?? UNKNOWN;
      const blocks: Blocks = { genesis: at(200), head: chain.head.hash, macro: chain.macroHead.hash, before: at(chain.macroHead.height - 1), old: at(250) };
      const answers: string[] = [];
      // One after the other, because answers differ above the rate limits.
      for (const [kind, what, body] of table) answers.push(`${kind} ${what}: ${told(kind, await rawRequest(connection, encodeRequest(kind, body(blocks) as RequestBody<typeof kind>)))}`);
      expect(answers).toEqual(table.map(([kind, what, , expected]) => `${kind} ${what}: ${expected[stage]}`));
    });

    it(`refuses other requests at ${height} as having no receiver`, async () => {
      for (const [type, body] of Object.entries(unanswered)) {
        const wire = Number(type) * 2 + 1;
        const answer = await rawRequest(connection, Uint8Array.from([(wire & 0x7f) | 0x80, wire >> 7, ...Buffer.from(body, 'hex')]));
        expect(`${type} ${Buffer.from(answer).toString('hex')}`).toBe(`${type} 0101`);
      }
    });
  }

  it('answers no more than 50 requests for its head in 10 s', async () => {
    const { perWindow } = requests.head;
    const limited = (answer: Uint8Array): boolean => Buffer.from(answer).toString('hex') === '0104';
    // All at once, because on a busy machine they might otherwise not fall into one rate window.
    const answers: Uint8Array[] = [];
    for (let round = 0; round < 20 && !answers.some(limited); round++) {
      answers.push(...(await Promise.all(Array.from({ length: perWindow / 2 + 1 }, () => rawRequest(connection, encodeRequest('head', {}))))));
    }
    expect(answers.some(limited)).toBe(true);
    expect(answers.every((answer) => limited(answer) || told('head', answer) === '463')).toBe(true);
  });

  it('was never dropped, and is live', async () => {
    await devnet.look();
    expect(devnet.eventsOf('expelled')).toEqual([]);
    expectAllLive(devnet, 1);
  });
});
