// Tests: `test/stacks/http-gateway.test.ts`, `src/chains/stacks/net/gateway-json.test.ts`.
import { toHex } from '../../../base/bytes.ts';
import type { Clock } from '../../../base/clock.ts';
import { CodedError } from '../../../base/coded-error.ts';
import type { Hash } from '../../../base/hash.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import { PeerFault, type AskOptions, type Sized } from '../../../engine/sync/sync-peer.ts';
import { HttpGets, type Fetch, type GetOptions } from '../../../network/http/http-gets.ts';
import type { RequestCounts } from '../../../network/http/request-counts.ts';
import type { Rests } from '../../../network/http/rests.ts';
import { blockHash, blockId, epoch2BlockId } from '../chain/hash.ts';
import { decodeBlock, decodeBlocks, decodeHeaderOfBlock, MAX_BLOCK_LENGTH, type NakamotoBlock } from '../wire/block.ts';
import { decodeEpoch2Block, MAX_EPOCH2_BLOCK_LENGTH } from '../wire/epoch2-block.ts';
import { decodeEpoch2Header } from '../wire/epoch2-header.ts';
import { encodeHeader, type NakamotoHeader } from '../wire/header.ts';
import { headerLength } from '../wire/header-length.ts';
import { MAX_MARF_PROOF_BYTES } from '../wire/marf-proof.ts';
import type { Gateway } from './gateway.ts';
import { blockOfTransactionJson, cyclesOfJson, epoch2HeadersOfJson, infoOfJson, MAX_EPOCH2_HEADERS, placeOfTransactionJson, signerKeysOfJson, sortitionOfJson, stateOfJson, tenureBlocksOfJson, tenureInfoOfJson, tenureTipOfJson } from './gateway-json.ts';

const MiB = 1024 * 1024;
/** Bytes of an answer at most, by what it holds. */
const LIMIT = {
  /** Counts and hashes. `/v2/pox` is the longest, with some 10 KB. */
  small: 256 * 1024,
  /** A header of 4000 signatures, or 4000 signers with their reward addresses, in JSON. */
  signers: 2 * MiB,
  /** Some 28 000 blocks of a tenure, each of 300 bytes: days of a block each ten seconds. */
  tenureBlocks: 8 * MiB,
  /** The node ends a tenure before 16 MiB and a byte (stacks-core, `MAX_PAYLOAD_LEN`). */
  tenure: 16 * MiB + 1,
  /** A value of 1 MiB and a proof, both in hex. */
  state: 2 * MAX_MARF_PROOF_BYTES + 3 * MiB,
  /** A transaction of 2 MiB and its result, in hex, or with its events. */
  transaction: 8 * MiB,
  /** Each has 494 digits of a header, and three names. */
  epoch2: MAX_EPOCH2_HEADERS * 1024,
} as const;
/** Blocks in one answer for a tenure: more do not fit its bytes, as each has at least 240. */
const MAX_BLOCKS = 70_000;
/** Milliseconds for an answer of many megabytes: 16 MiB over a line of 3 Mbit/s. */
const LARGE_TIME = 45_000;
/** The gateway does not know the cycle, or not yet (Stacks reference, 8). */
const NO_SET: readonly number[] = [400, 404];
/** The gateway does not know the transaction, or keeps no index of them, or not this endpoint. */
const NO_TRANSACTION: readonly number[] = [400, 404, 501];

export interface HttpGatewayOptions {
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** One for all gateways of a client, so that a gateway that is dialled again is left alone as long as it wants. Default: of its own. */
  readonly rests?: Rests | undefined;
  /** Likewise, for the pace of the polls. */
  readonly counts?: RequestCounts | undefined;
}

/** A gateway with what a page is told of it. */
export interface MeasuredGateway extends Gateway {
  /** Bytes that it has sent. */
  readonly received: number;
  /** Milliseconds that its last answer took; undefined before the first. */
  readonly latency: number | undefined;
  /** Requests to it in the last minute, also over earlier connections, and whether it is known to count them. */
  readonly use: { readonly requests: number; readonly isCounted: boolean };
}

/** A gateway over HTTP. `url` as `gatewayAddress` gives it. */
export function createHttpGateway(url: string, options: HttpGatewayOptions): MeasuredGateway {
  const http = new HttpGets({ base: url, ...options });

  const json = async <T>(path: string, options: Omit<GetOptions, 'cut'>, read: (value: unknown) => T): Promise<Sized<T> | undefined> => {
    const answer = await http.json(path, options);
    return answer && { value: atDoor(path, () => read(answer.value)), size: answer.size };
  };
  const required = async <T>(path: string, signal: AbortSignal, read: (value: unknown) => T): Promise<T> => {
    const answer = await json(path, { signal, limit: LIMIT.small }, read);
    if (!answer) throw new RequestError('refused', `nothing at ${path}`, { status: 404 });
    return answer.value;
  };
  const bytesOf = async (path: string, options: GetOptions): Promise<Uint8Array | undefined> => {
    const bytes = await http.bytes(path, options);
    if (bytes?.length === 0) throw new RequestError('refused', 'an answer without bytes');
    return bytes;
  };
  const headerOf = async (path: string, signal: AbortSignal, fixed: boolean): Promise<Sized<NakamotoHeader> | undefined> => {
    const cut = (bytes: Uint8Array) => (headerLength(bytes) ?? Infinity) <= bytes.length;
    const bytes = await bytesOf(path, { signal, limit: MAX_BLOCK_LENGTH, cut, fixed });
    return bytes && { value: atDoor(path, () => decodeHeaderOfBlock(bytes)), size: bytes.length };
  };

  const gateway: MeasuredGateway = {
    url,
    get received() {
      return http.received;
    },
    get latency() {
      return http.latency;
    },
    get use() {
      return http.use;
    },
    info: ({ signal }) => required('/v2/info', signal, infoOfJson),
    cycles: ({ signal }) => required('/v2/pox', signal, cyclesOfJson),
    tenureInfo: ({ signal }) => required('/v3/tenures/info', signal, tenureInfoOfJson),
    async tenureTip(consensusHash, { signal }) {
      return (await json(`/v3/tenures/tip/${consensusHash}`, { signal, limit: LIMIT.signers }, (value) => tenureTipOfJson(value, consensusHash)))?.value;
    },
    async tenureBlocks(consensusHash, { signal }) {
      return (await json(`/v3/tenures/blocks/${consensusHash}`, { signal, limit: LIMIT.tenureBlocks }, (value) => tenureBlocksOfJson(value, consensusHash)))?.value;
    },
    async header(id, { signal }) {
      const answer = await headerOf(`/v3/blocks/${id}`, signal, true);
      if (answer) requireId(id, blockId(answer.value));
      return answer;
    },
    async headerAt(height, { signal }) {
      const answer = await headerOf(`/v3/blocks/height/${height}`, signal, false);
      if (answer && answer.value.chainLength !== height) throw new PeerFault('wrong-height', 'offence', { asked: height, got: answer.value.chainLength });
      return answer;
    },
    async block(id, { signal }) {
      const path = `/v3/blocks/${id}`;
      const bytes = await bytesOf(path, { signal, limit: MAX_BLOCK_LENGTH, fixed: true });
      if (!bytes) return undefined;
      const value = atDoor(path, () => decodeBlock(bytes));
      requireId(id, blockId(value.header));
      return { value, size: bytes.length };
    },
    async tenure(from, stop, { signal }) {
      const path = `/v3/tenures/${from}`;
      const bytes = await bytesOf(stop === undefined ? path : `${path}?stop=${stop}`, { signal, limit: LIMIT.tenure, timeout: LARGE_TIME, fixed: stop !== undefined });
      return bytes && { value: linkedBlocks(from, stop, atDoor(path, () => decodeBlocks(bytes, MAX_BLOCKS))), size: bytes.length };
    },
    async sortition(which, { signal }) {
      const path = which === 'latest' ? '' : 'burnHeight' in which ? `/burn_height/${which.burnHeight}` : `/consensus/${which.consensusHash}`;
      return (await json(`/v3/sortitions${path}`, { signal, limit: LIMIT.small }, (value) => sortitionOfJson(value, which)))?.value;
    },
    async signerKeys(cycle, { signal }) {
      return (await json(`/v3/stacker_set/${cycle}`, { signal, limit: LIMIT.signers, absent: NO_SET }, signerKeysOfJson))?.value;
    },
    state: (path, tip, { signal, proof }) =>
      json(`/v2/clarity/marf/${path}?proof=${proof ? 1 : 0}&tip=${tip}`, { signal, limit: LIMIT.state, timeout: LARGE_TIME, fixed: true }, (value) => stateOfJson(value, proof)),
    async epoch2Headers(count, tip, { signal }) {
      const most = Math.min(count, MAX_EPOCH2_HEADERS);
      return (await json(`/v2/headers/${most}?tip=${tip}`, { signal, limit: LIMIT.epoch2, fixed: true }, (value) => epoch2HeadersOfJson(value, most)))?.value;
    },
    async epoch2Block({ id, consensusHash }, { signal }) {
      const path = `/v2/blocks/${id}`;
      const bytes = await bytesOf(path, { signal, limit: MAX_EPOCH2_BLOCK_LENGTH, fixed: true });
      if (!bytes) return undefined;
      const value = atDoor(path, () => decodeEpoch2Block(bytes));
      requireId(id, epoch2BlockId(value.header, consensusHash));
      return { value, size: bytes.length };
    },
    async passedHeader(id, options) {
      const answer = await gateway.header(id, options);
      if (answer) return { bytes: encodeHeader(answer.value) };
      const [older] = (await gateway.epoch2Headers(1, id, options)) ?? [];
      if (!older) return undefined;
      requireId(id, atDoor('/v2/headers', () => epoch2BlockId(decodeEpoch2Header(older.header), older.consensusHash)));
      return { bytes: older.header, consensusHash: older.consensusHash };
    },
    async blockOfTransaction(id, options) {
      const { signal } = options;
      const get = { signal, limit: LIMIT.transaction, absent: NO_TRANSACTION };
      const indexed = await json(`/v3/transaction/${id}`, get, blockOfTransactionJson);
      if (indexed) return indexed.value;
      const place = (await json(`/extended/v1/tx/0x${id}`, get, placeOfTransactionJson))?.value;
      return place && blockAt(gateway, place, options);
    },
  };
  return gateway;
}

/** The id of the block at a height, if it has this hash. */
async function blockAt(gateway: Gateway, place: { readonly height: number; readonly blockHash: string }, options: AskOptions): Promise<Hash | undefined> {
  const header = (await gateway.headerAt(place.height, options))?.value;
  return header && toHex(blockHash(header)) === place.blockHash ? blockId(header) : undefined;
}

/** Blocks from `from` down, each the parent of the one before, without `stop` and what is below it. */
function linkedBlocks(from: Hash, stop: Hash | undefined, blocks: readonly NakamotoBlock[]): readonly NakamotoBlock[] {
  if (blocks.length === 0) throw new RequestError('malformed', 'a tenure without a block', { field: 'tenure' });
  const taken: NakamotoBlock[] = [];
  let expected = from;
  for (const block of blocks) {
    if (taken.length > 0 && expected === stop) break;
    requireId(expected, blockId(block.header));
    taken.push(block);
    expected = block.header.parentBlockId;
  }
  return taken;
}

function requireId(asked: Hash, got: Hash): void {
  if (got !== asked) throw new PeerFault('block-id', 'lie', { asked, got });
}

/** What a decoder of ours refuses is `malformed`; `RequestError` and `PeerFault` are passed on. */
function atDoor<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CodedError) || error instanceof RequestError || error instanceof PeerFault) throw error;
    throw new RequestError('malformed', `${path.slice(0, 64)}: ${error.message}`, { reason: error.code }, { cause: error });
  }
}
