import { bareBlock, block, macroBlock } from './blocks.ts';
import { requestMessage, responseMessage, wireType } from './exchange.ts';
import type { AnswerLimits, Exchange, InboundRequestErrorName } from './exchange.ts';
import { mempoolRequests } from './mempool-requests.ts';
import type { MempoolHashes, MempoolHashesRequest, MempoolTransactions } from './mempool-requests.ts';
import { proofRequests } from './proof-requests.ts';
import type { BlocksProof, BlocksProofRequest, Receipts, ReceiptsRequest, TransactionsProof, TransactionsProofRequest, TrieProofAnswer, TrieProofRequest } from './proof-requests.ts';
import type { ProofRefusal } from './proof-refusal.ts';
import { bool, bytes, constant, encode, errorNames, fixed, hash32, names, option, result, struct, u16, u32, u32be, union, vec } from '../../../base/postcard/codec.ts';
import type { Answer, Codec } from '../../../base/postcard/codec.ts';
import { DecodeError } from '../../../base/postcard/errors.ts';
import { Reader } from '../../../base/postcard/reader.ts';
import type { Block, MacroBlock } from './types.ts';
import type { Hash } from '../../../base/hash.ts';

export type { InboundRequestErrorName } from './exchange.ts';
export type { Answer } from '../../../base/postcard/codec.ts';

/** Bytes of a request, without the 8 bytes of its length (Albatross network reference, 3.1). */
export const MAX_REQUEST_SIZE = 20_480;
/** Bytes of a response, without the 8 bytes of its length. */
export const MAX_RESPONSE_SIZE = 10_485_760;
/** Milliseconds of the window in which `perWindow` counts (Albatross network reference, 3.3). */
export const RATE_LIMIT_WINDOW = 10_000;

/** Hashes that fit into a request. Nodes answer `TooManyLocators` above 100, so they must be able to read more. */
const MAX_LOCATORS = 640;
/** `maxEpochs` is a u16. */
const MAX_EPOCHS = 0xffff;
/** An honest peer sends one batch at most: 60 blocks on mainnet, 32 on unit. */
const MAX_BLOCKS = 512;
/** Addresses that fit into a request. Nodes take 250. */
const MAX_ADDRESSES = 1024;
/** Bytes. A compressed Groth16 proof over MNT6-753 takes 475. */
const MAX_ZK_PROOF = 1024;

export interface MacroChainRequest {
  /** Hashes of macro blocks we hold, newest first. */
  readonly locators: readonly Hash[];
  readonly maxEpochs: number;
}
export interface MacroChain {
  /** Election blocks after the first known locator, oldest first. */
  readonly epochs: readonly Hash[];
  /** The newest checkpoint, if it comes after the last of `epochs`. */
  readonly checkpoint: { readonly blockNumber: number; readonly hash: Hash } | undefined;
}
export interface BlockRequest {
  readonly hash: Hash;
  readonly includeBody: boolean;
}
export interface MissingBlocksRequest {
  readonly targetHash: Hash;
  readonly includeBody: boolean;
  /** Newest first. */
  readonly locators: readonly Hash[];
  /** Forward: from after the best locator up to the target. Backward: from the target back to a locator, but also in ascending order. */
  readonly direction: 'forward' | 'backward';
}
export interface MissingBlocks {
  readonly blocks: readonly Block[];
}
export type HeadRequest = Readonly<Record<never, never>>;
export interface Head {
  readonly blockNumber: number;
  readonly blockHash: Hash;
  /** Newest macro block, election or checkpoint. */
  readonly macroHash: Hash;
  readonly electionHash: Hash;
}
export interface ZkpRequest {
  /** The height we have; only a newer proof is useful. */
  readonly blockNumber: number;
  readonly requestElectionBlock: boolean;
}
export interface ZkProof {
  readonly blockNumber: number;
  /** Groth16 proof, arkworks compressed; absent for the genesis block. */
  readonly proof: Uint8Array | undefined;
}
export type ZkpResponse =
  | { readonly type: 'proof'; readonly proof: ZkProof; readonly block: MacroBlock | undefined }
  | { readonly type: 'outdated'; readonly blockNumber: number };
export interface SubscribeRequest {
  readonly operation: 'subscribe' | 'unsubscribe';
  /** 20 bytes each. */
  readonly addresses: readonly Uint8Array[];
}

/** The request and the answer of each kind. */
interface Exchanges {
  'macro-chain': { request: MacroChainRequest; response: Answer<MacroChain> };
  block: { request: BlockRequest; response: Answer<Block> };
  'missing-blocks': { request: MissingBlocksRequest; response: Answer<MissingBlocks> };
  head: { request: HeadRequest; response: Head };
  zkp: { request: ZkpRequest; response: ZkpResponse };
  subscribe: { request: SubscribeRequest; response: Answer<undefined> };
  'transactions-proof': { request: TransactionsProofRequest; response: Answer<TransactionsProof, ProofRefusal> };
  receipts: { request: ReceiptsRequest; response: Receipts };
  'trie-proof': { request: TrieProofRequest; response: Answer<TrieProofAnswer, ProofRefusal> };
  'blocks-proof': { request: BlocksProofRequest; response: Answer<BlocksProof, ProofRefusal> };
  'mempool-hashes': { request: MempoolHashesRequest; response: MempoolHashes };
  'mempool-transactions': { request: MempoolHashes; response: MempoolTransactions };
}

export type RequestKind = keyof Exchanges;
export type RequestBody<K extends RequestKind> = Exchanges[K]['request'];
export type ResponseBody<K extends RequestKind> = Exchanges[K]['response'];

const locators = vec(hash32, MAX_LOCATORS);

/** Block number as 4 bytes big-endian, then the optional proof. Also the payload of the topic `zk-proof`. */
export const zkProof = struct<ZkProof>({ blockNumber: u32be, proof: option(bytes(MAX_ZK_PROOF)) });

const macroChain = (maxEpochs: number): Codec<Answer<MacroChain>> =>
  result(
    struct<MacroChain>({
      epochs: vec(hash32, maxEpochs),
      checkpoint: option(struct<NonNullable<MacroChain['checkpoint']>>({ blockNumber: u32, hash: hash32 })),
    }),
    errorNames(['UnknownLocators', 'TooManyLocators', 'Other']),
  );

const oneBlock = (codec: Codec<Block>): Codec<Answer<Block>> => result(codec, errorNames(['TargetHashNotFound', 'ResponseHashMismatch', 'Other']));

const missingBlocks = (codec: Codec<Block>, maxBlocks: number): Codec<Answer<MissingBlocks>> =>
  result(
    struct<MissingBlocks>({ blocks: vec(codec, maxBlocks) }),
    errorNames(['TargetBlockNotOnMainChain', 'TargetHashNotFound', 'UnknownLocators', 'TooManyLocators', 'FailedToGetBlocks', 'Other']),
  );

/** The request kinds (Albatross network reference, 3.3 to 3.5), error names in the order of 2.x. */
export const requests: { readonly [K in RequestKind]: Exchange<RequestBody<K>, ResponseBody<K>> } = {
  'macro-chain': {
    typeId: 200,
    perWindow: 20,
    request: struct<MacroChainRequest>({ locators, maxEpochs: u16 }),
    response: macroChain(MAX_EPOCHS),
    responseTo: ({ maxEpochs }) => macroChain(maxEpochs),
  },
  block: {
    typeId: 207,
    perWindow: 200,
    request: struct<BlockRequest>({ hash: hash32, includeBody: bool }),
    response: oneBlock(block),
    responseTo: ({ includeBody }) => oneBlock(includeBody ? block : bareBlock),
  },
  'missing-blocks': {
    typeId: 209,
    perWindow: 200,
    request: struct<MissingBlocksRequest>({ targetHash: hash32, includeBody: bool, locators, direction: names(['forward', 'backward']) }),
    response: missingBlocks(block, MAX_BLOCKS),
    responseTo: ({ includeBody }, { maxBlocks = MAX_BLOCKS }) => missingBlocks(includeBody ? block : bareBlock, Math.min(maxBlocks, MAX_BLOCKS)),
  },
  head: {
    typeId: 210,
    perWindow: 50,
    request: struct<HeadRequest>({}),
    response: struct<Head>({ blockNumber: u32, blockHash: hash32, macroHash: hash32, electionHash: hash32 }),
  },
  // Only 1.x nodes answer it, so the limit is theirs.
  zkp: {
    typeId: 211,
    perWindow: 1000,
    request: struct<ZkpRequest>({ blockNumber: u32, requestElectionBlock: bool }),
    response: union<ZkpResponse>({
      proof: struct<Extract<ZkpResponse, { type: 'proof' }>>({ type: constant('proof'), proof: zkProof, block: option(macroBlock) }),
      outdated: struct<Extract<ZkpResponse, { type: 'outdated' }>>({ type: constant('outdated'), blockNumber: u32 }),
    }),
  },
  subscribe: {
    typeId: 217,
    perWindow: 10,
    request: struct<SubscribeRequest>({ operation: names(['subscribe', 'unsubscribe']), addresses: vec(fixed(20), MAX_ADDRESSES) }),
    response: result(constant(undefined), errorNames(['TooManyPeers', 'TooManyAddresses', 'InvalidOperation', 'Other'])),
  },
  ...proofRequests['2.x'],
  ...mempoolRequests,
};

const kinds = Object.keys(requests) as RequestKind[];

/** Varint wire type, then the body, without the length that the stream adds in front. Throws `EncodeError`. */
export function encodeRequest<K extends RequestKind>(kind: K, body: RequestBody<K>): Uint8Array {
  return encode(requestMessage<RequestBody<K>>(requests[kind]), body);
}

/** A request as received: of a known kind, or of a type without a codec here (`oneWay`: the sender expects no answer). */
export type DecodedRequest =
  | { readonly [K in RequestKind]: { readonly kind: K; readonly body: RequestBody<K> } }[RequestKind]
  | { readonly unknownType: number; readonly oneWay: boolean };

/** Reads a request. Trailing bytes are tolerated, as the reference does. Throws `DecodeError`. */
export function decodeRequest(bytes: Uint8Array): DecodedRequest {
  const r = new Reader(bytes);
  const wire = u32.read(r);
  const kind = kinds.find((kind) => wireType(requests[kind].typeId) === wire);
  if (kind === undefined) return { unknownType: Math.floor(wire / 2), oneWay: wire % 2 === 0 };
  return { kind, body: requests[kind].request.read(r) } as DecodedRequest;
}

/** The outer `Result` of every response. */
export type DecodedResponse<K extends RequestKind> = Answer<ResponseBody<K>, InboundRequestErrorName>;

/** `00`, then the response. Throws `EncodeError`. */
export function encodeResponse<K extends RequestKind>(kind: K, body: ResponseBody<K>): Uint8Array {
  return encode(responseMessage<ResponseBody<K>>(requests[kind]), { ok: true, value: body });
}

/** `01`, then the error's index: `01 01` for `no-receiver`, `01 04` for `rate-limited`. */
export function encodeResponseError(name: InboundRequestErrorName): Uint8Array {
  return encode(responseMessage({ response: constant(undefined) }), { ok: false, error: name });
}

/**
 * Reads an answer to `asked`. It must have no more than was asked for, and no bytes after it, because what is kept and passed on has only
 * one form. Anything a stranger added to a block's signers is dropped: official nodes serve such additions unchanged. A refusal may have
 * bytes after it, since newer nodes' errors have payloads. Throws `DecodeError`; `length-over-limit` also means more than was asked for.
 */
export function decodeResponse<K extends RequestKind>(kind: K, bytes: Uint8Array, asked?: RequestBody<K>, limits: AnswerLimits = {}): DecodedResponse<K> {
  const exchange: Exchange<RequestBody<K>, ResponseBody<K>> = requests[kind];
  const response = (asked && exchange.responseTo?.(asked, limits)) ?? exchange.response;
  const r = new Reader(bytes, 'held');
  const answer = responseMessage<ResponseBody<K>>({ response }).read(r);
  if (r.remaining > 0 && !isRefusal(answer)) throw new DecodeError('trailing-bytes', r.offset, `${r.remaining} bytes left over`);
  return answer;
}

function isRefusal(answer: DecodedResponse<RequestKind>): boolean {
  return !answer.ok || ('ok' in answer.value && !answer.value.ok);
}
