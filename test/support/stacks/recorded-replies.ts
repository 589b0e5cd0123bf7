/** The replies of a real node in `test/vectors/stacks/rpc-a.json`, and those that the other files of the same chain hold, by path with query. */
import { readFileSync } from 'node:fs';
import { toHex } from '../../../src/base/bytes.ts';
import { recordedProofs } from '../stacks-proof-vectors.ts';
import { chainA, epoch2Headers, fromBase64 } from '../stacks-vectors.ts';

interface StoredReply {
  readonly status: number;
  readonly content_type?: string;
  readonly cors?: string;
  readonly json?: unknown;
  readonly text?: string;
  readonly body_b64?: string;
}

export interface RecordedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Of JSON replies. */
  readonly json: unknown;
}

interface RpcA {
  readonly options_preflight: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
  readonly replies: Readonly<Record<string, StoredReply>>;
}

const rpcA = JSON.parse(readFileSync(new URL('../../vectors/stacks/rpc-a.json', import.meta.url), 'utf8')) as RpcA;

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A reply as a node sends JSON. */
export function jsonReply(json: unknown, status = 200): RecordedReply {
  return { status, headers: { 'content-type': 'application/json', 'access-control-allow-origin': '*' }, body: bytesOf(JSON.stringify(json)), json };
}

export function textReply(text: string, status: number, headers: Readonly<Record<string, string>> = {}): RecordedReply {
  return { status, headers: { 'content-type': 'text/plain', 'access-control-allow-origin': '*', ...headers }, body: bytesOf(text), json: undefined };
}

export function bytesReply(body: Uint8Array): RecordedReply {
  return { status: 200, headers: { 'content-type': 'application/octet-stream', 'access-control-allow-origin': '*' }, body, json: undefined };
}

function replyOf({ status, content_type, cors, json, text, body_b64 }: StoredReply): RecordedReply {
  const headers = { 'content-type': content_type ?? 'application/json', 'access-control-allow-origin': cors ?? '*' };
  const body = body_b64 === undefined ? bytesOf(text ?? JSON.stringify(json)) : fromBase64(body_b64);
  return { status, headers, body, json };
}

/** All replies that were recorded over HTTP. */
export const recordedReplies: ReadonlyMap<string, RecordedReply> = new Map(Object.entries(rpcA.replies).map(([path, reply]) => [path, replyOf(reply)]));

/** How the node answered a preflight. */
export const recordedPreflight = rpcA.options_preflight;

/** What the same node would answer for blocks, older headers and proofs that were recorded otherwise. `/v2/pox` has the published shape with the constants of the chain. */
export const derivedReplies: ReadonlyMap<string, RecordedReply> = new Map<string, RecordedReply>([
  ['/v2/pox', jsonReply({ first_burnchain_block_height: chainA.first_block_height, reward_cycle_length: chainA.pox.cycle, prepare_phase_block_length: chainA.pox.prepare, epochs: [] })],
  ...chainA.blocks.flatMap(({ block_id, height, block_b64 }) => [`/v3/blocks/${block_id}`, `/v3/blocks/height/${height}`].map((path) => [path, bytesReply(fromBase64(block_b64))] as const)),
  ...chainA.headers.filter(({ block_id }) => !chainA.blocks.some((block) => block.block_id === block_id)).flatMap(({ block_id, height, header_b64 }) =>
    // A block whose transactions were not recorded: its header, and bytes that no header has.
    [`/v3/blocks/${block_id}`, `/v3/blocks/height/${height}`].map((path) => [path, bytesReply(Uint8Array.from([...fromBase64(header_b64), 255, 255, 255, 255]))] as const)),
  ...epoch2Headers.map(({ id, ch, header, parent_block_id }) => [`/v2/headers/1?tip=${id}`, jsonReply([{ consensus_hash: ch, header, parent_block_id }])] as const),
  ...recordedProofs.filter(({ path }) => path !== '').flatMap(({ path, tip, value, bytes }) => [
    [`/v2/clarity/marf/${path}?proof=1&tip=${tip}`, jsonReply({ data: `0x${value}`, proof: `0x${toHex(bytes)}` })] as const,
    [`/v2/clarity/marf/${path}?proof=0&tip=${tip}`, jsonReply({ data: `0x${value}` })] as const,
  ]),
]);
