/** A gateway in memory over the headers of the recorded chain, whose newest block a test moves. Its blocks have no transactions. */
import type { TenureInfo } from '../../../src/chains/stacks/chain/unconfirmed-downloader.ts';
import { blockId } from '../../../src/chains/stacks/chain/hash.ts';
import type { MeasuredGateway } from '../../../src/chains/stacks/net/http-gateway.ts';
import { decodeHeader, type NakamotoHeader } from '../../../src/chains/stacks/wire/header.ts';
import type { Sized } from '../../../src/engine/sync/sync-peer.ts';
import { chainA, fromBase64 } from '../stacks-vectors.ts';

export const recordedHeaders: readonly NakamotoHeader[] = chainA.headers.map(({ header_b64 }) => decodeHeader(fromBase64(header_b64)));
const byId = new Map(recordedHeaders.map((header) => [blockId(header), header]));
const [first] = recordedHeaders;
export const FIRST_HEIGHT = first!.chainLength;
export const headerAtHeight = (height: number): NakamotoHeader => recordedHeaders[height - FIRST_HEIGHT]!;

type Asked = { readonly signal: AbortSignal };

/** The first block of a tenure. */
function startOf(tenure: string): NakamotoHeader {
  return recordedHeaders.find(({ consensusHash }) => consensusHash === tenure)!;
}

/** What `/v3/tenures/info` says when the block at this height is the newest. */
export function tenureInfoAt(height: number): TenureInfo {
  const tip = headerAtHeight(height);
  const start = startOf(tip.consensusHash);
  const parent = byId.get(start.parentBlockId);
  return {
    consensusHash: tip.consensusHash, tenureStartBlockId: blockId(start), tipBlockId: blockId(tip), tipHeight: height,
    parentConsensusHash: parent?.consensusHash ?? '00'.repeat(20),
    parentTenureStartBlockId: parent ? blockId(startOf(parent.consensusHash)) : start.parentBlockId,
  };
}

export class RecordedGateway implements MeasuredGateway {
  readonly url = 'https://gateway.example';
  readonly received = 0;
  readonly latency = 5;
  use = { requests: 0, isCounted: false };
  /** Calls in their order. */
  readonly calls: string[] = [];
  tip: number;
  /** Blocks in one answer for a tenure at most. */
  page = 1_000;
  ignoresStop = false;
  /** Ids of blocks that it does not have. */
  readonly missing = new Set<string>();
  /** Changes every answer, by the name of the method; may reject. */
  change: (method: string, answer: unknown) => unknown = (_, answer) => answer;

  constructor(tip: number) {
    this.tip = tip;
  }

  info = async (options: Asked) => this.#answer('info', options, { networkId: 0x8000_0000, burnHeight: 77, tipHeight: this.tip, tipConsensusHash: headerAtHeight(this.tip).consensusHash, isSynced: true });
  cycles = async (options: Asked) => this.#answer('cycles', options, { firstBurnHeight: 0, cycleLength: 10, prepareLength: 3 });
  tenureInfo = async (options: Asked) => this.#answer('tenureInfo', options, tenureInfoAt(this.tip));
  tenureTip = () => Promise.reject(new Error('not asked'));
  tenureBlocks = () => Promise.reject(new Error('not asked'));
  block = () => Promise.reject(new Error('not asked'));
  signerKeys = () => Promise.reject(new Error('not asked'));
  state = () => Promise.reject(new Error('not asked'));
  epoch2Block = () => Promise.reject(new Error('not asked'));
  epoch2Headers = () => Promise.reject(new Error('not asked'));
  passedHeader = () => Promise.reject(new Error('not asked'));
  blockOfTransaction = () => Promise.reject(new Error('not asked'));

  async header(id: string, options: Asked): Promise<Sized<NakamotoHeader> | undefined> {
    const found = this.missing.has(id) ? undefined : byId.get(id);
    return this.#answer(`header ${found?.chainLength}`, options, found && { value: found, size: 500 });
  }

  async headerAt(height: number, options: Asked): Promise<Sized<NakamotoHeader> | undefined> {
    const found = height <= this.tip ? headerAtHeight(height) : undefined;
    return this.#answer(`headerAt ${height}`, options, found && { value: found, size: 500 });
  }

  async tenure(from: string, stop: string | undefined, options: Asked) {
    const top = this.missing.has(from) ? undefined : byId.get(from);
    const headers: NakamotoHeader[] = [];
    for (let header = top; header && header.consensusHash === top?.consensusHash && headers.length < this.page; header = byId.get(header.parentBlockId)) {
      if (!this.ignoresStop && headers.length > 0 && blockId(header) === stop) break;
      headers.push(header);
    }
    return this.#answer(`tenure ${top?.chainLength}${stop === undefined ? '' : ` above ${byId.get(stop)?.chainLength}`}`, options, top && { value: headers.map((header) => ({ header, transactions: [] })), size: 1000 * headers.length });
  }

  async sortition(which: { readonly consensusHash: string } | { readonly burnHeight: number } | 'latest', options: Asked) {
    const found = chainA.sortitions.find((it) => typeof which === 'object' && 'consensusHash' in which && it.consensus_hash === which.consensusHash);
    const none = undefined;
    return this.#answer(`sortition ${found?.height}`, options, found && { burnHeight: found.height, consensusHash: found.consensus_hash, hasWinner: found.sortition, minerKeyHash: none, committedBlockId: none, parentTenure: none, lastWinner: none });
  }

  async #answer<T>(call: string, { signal }: Asked, answer: T): Promise<T> {
    this.calls.push(call);
    await Promise.resolve();
    signal.throwIfAborted();
    return (await this.change(call.split(' ')[0]!, answer)) as T;
  }
}
