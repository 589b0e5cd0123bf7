/**
 * The machine that follows the newest tenure at one peer: info, start block, blocks from the tip down (Stacks reference, 10). Its start block ends the highest
 * complete tenure, which an ordinary downloader fetches. It does no I/O.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import type { NakamotoBlock } from '../wire/block.ts';
import { checkLink, checkTransactions, tenureStartOf } from './block-rules.ts';
import { cycleOf, type CycleRules } from './cycles.ts';
import { blockId } from './hash.ts';
import type { DownloadFault, ReceiveOutcome, TenureRequest } from './tenure-downloader.ts';
import type { TenureStartEnd, WantedTenure } from './wanted-tenures.ts';

/** What `/v3/tenures/info` says. */
export interface TenureInfo {
  readonly consensusHash: string;
  readonly tenureStartBlockId: Hash;
  readonly parentConsensusHash: string;
  readonly parentTenureStartBlockId: Hash;
  readonly tipBlockId: Hash;
  readonly tipHeight: number;
}

export interface UnconfirmedContext {
  readonly rules: CycleRules;
  /** The sortition of a tenure on the canonical fork; undefined for any other. */
  readonly sortitionOf: (consensusHash: string) => WantedTenure | undefined;
  /** Height and id of the newest block that is processed here. */
  readonly tip: { readonly height: number; readonly id: Hash };
}

/**
 * - `other-fork`: a tenure that is not on the canonical fork, or whose parent is not below it.
 * - `stale`: the sortition of the tenure committed to another parent than the peer has.
 * - `behind`: the peer's tip is below ours.
 */
export type InfoFault = 'other-fork' | 'stale' | 'behind';

export type UnconfirmedState = 'GetTenureInfo' | 'GetTenureStartBlock' | 'GetUnconfirmedTenureBlocks' | 'Done';

/** Blocks of the newest tenure at most in memory: several days of one block each five seconds. */
const MAX_BLOCKS = 65_536;

/** Whether the info of a peer can be followed; undefined: it can. */
export function checkTenureInfo(info: TenureInfo, { sortitionOf, tip }: UnconfirmedContext): InfoFault | undefined {
  const [tenure, parent] = [sortitionOf(info.consensusHash), sortitionOf(info.parentConsensusHash)];
  if (!tenure || !parent || parent.burnHeight >= tenure.burnHeight) return 'other-fork';
  if (tenure.winningBlockId !== info.parentTenureStartBlockId) return 'stale';
  return info.tipHeight < tip.height ? 'behind' : undefined;
}

export class UnconfirmedDownloader {
  readonly #context: UnconfirmedContext;
  #info: TenureInfo | undefined;
  #state: UnconfirmedState = 'GetTenureInfo';
  #start: NakamotoBlock | undefined;
  #cursor: Hash = '';
  /** Newest first. */
  #blocks: NakamotoBlock[] = [];
  #pending: (() => void) | undefined;

  constructor(context: UnconfirmedContext) {
    this.#context = context;
  }

  get state(): UnconfirmedState {
    return this.#state;
  }

  /** The blocks to ask for now; undefined in the first state, in which the info is asked for, and in the last. */
  request(): TenureRequest | undefined {
    if (this.#state === 'GetTenureStartBlock') return { kind: 'block', id: this.#info!.tenureStartBlockId };
    return this.#state === 'GetUnconfirmedTenureBlocks' ? { kind: 'tenure', cursor: this.#cursor, stop: this.#stop() } : undefined;
  }

  /**
   * Takes an info. One of another tenure, or with another start, replaces what was fetched; the same with a higher tip continues from that tip. Returns a
   * fault, or undefined.
   */
  takeInfo(info: TenureInfo): InfoFault | undefined {
    const fault = checkTenureInfo(info, this.#context);
    if (fault) return fault;
    const isSame = this.#info?.consensusHash === info.consensusHash && this.#info.tenureStartBlockId === info.tenureStartBlockId;
    if (isSame && this.#info?.tipBlockId === info.tipBlockId && this.#state !== 'GetTenureInfo') return undefined;
    this.#pending = undefined;
    this.#info = info;
    this.#blocks = [];
    if (!isSame) this.#start = undefined;
    this.#state = this.#start ? 'GetUnconfirmedTenureBlocks' : 'GetTenureStartBlock';
    if (this.#start) this.#begin();
    return undefined;
  }

  /** As of `TenureDownloader`: nothing is taken over before `confirm`. */
  receive(blocks: readonly NakamotoBlock[]): ReceiveOutcome {
    this.#pending = undefined;
    const [first] = blocks;
    if (!first) return refused('empty');
    if (this.#state === 'GetTenureStartBlock') return blocks.length > 1 ? refused('block-id') : this.#takeStart(first);
    return this.#state === 'GetUnconfirmedTenureBlocks' ? this.#takeBlocks(blocks) : { ok: true, verify: [] };
  }

  confirm(): void {
    this.#pending?.();
    this.#pending = undefined;
  }

  /** What is new here, ascending: the start block first, unless the processed tip is in this tenure. Undefined before the machine is done. */
  blocks(): readonly NakamotoBlock[] | undefined {
    if (this.#state !== 'Done') return undefined;
    const between = this.#blocks.toReversed();
    return this.#stop() === this.#info!.tenureStartBlockId && this.#context.tip.id !== this.#info!.tenureStartBlockId ? [this.#start!, ...between] : between;
  }

  /** The highest complete tenure, which this tenure's start block ends; undefined before that block is there. */
  completeTenure(): TenureStartEnd | undefined {
    if (!this.#start) return undefined;
    const { consensusHash, parentConsensusHash, parentTenureStartBlockId, tenureStartBlockId } = this.#info!;
    const { rules, sortitionOf } = this.#context;
    const [tenure, parent] = [sortitionOf(consensusHash)!, sortitionOf(parentConsensusHash)!];
    return {
      tenureId: parentConsensusHash, burnHeight: parent.burnHeight, startBlockId: parentTenureStartBlockId, endBlockId: tenureStartBlockId, startSnapshot: consensusHash, endSnapshot: consensusHash,
      startCycle: cycleOf(parent.burnHeight, rules), endCycle: cycleOf(tenure.burnHeight, rules), fetchesEnd: true,
    };
  }

  /** Where the fetch ends: at our own tip, if it is a block of this tenure, else at the start block. */
  #stop(): Hash {
    const { tip } = this.#context;
    return this.#start && tip.height > this.#start.header.chainLength ? tip.id : this.#info!.tenureStartBlockId;
  }

  #begin(): void {
    this.#cursor = this.#info!.tipBlockId;
    this.#state = this.#isThrough(this.#cursor) ? 'Done' : 'GetUnconfirmedTenureBlocks';
  }

  #isThrough(cursor: Hash): boolean {
    return cursor === this.#info!.tenureStartBlockId || cursor === this.#context.tip.id;
  }

  #cycle(): number {
    return cycleOf(this.#context.sortitionOf(this.#info!.consensusHash)!.burnHeight, this.#context.rules);
  }

  #takeStart(block: NakamotoBlock): ReceiveOutcome {
    const { tenureStartBlockId, consensusHash, parentConsensusHash } = this.#info!;
    if (blockId(block.header) !== tenureStartBlockId) return refused('block-id');
    if (block.header.consensusHash !== consensusHash) return refused('foreign-tenure');
    const broken = checkTransactions(block);
    if (broken) return refused(broken);
    const change = tenureStartOf(block);
    if (!change) return refused('tenure-start');
    if (change.previousTenure !== parentConsensusHash) return refused('previous-tenure');
    this.#pending = () => {
      this.#start = block;
      this.#begin();
    };
    return { ok: true, verify: [{ header: block.header, cycle: this.#cycle() }] };
  }

  #takeBlocks(blocks: readonly NakamotoBlock[]): ReceiveOutcome {
    const taken: NakamotoBlock[] = [];
    let cursor = this.#cursor;
    let child = this.#blocks.at(-1);
    for (const block of blocks) {
      const { header } = block;
      // A peer may send what lies below `stop`; that is known here.
      if (this.#isThrough(cursor)) break;
      if (blockId(header) !== cursor) return refused('block-id');
      if (header.consensusHash !== this.#info!.consensusHash) return refused('foreign-tenure');
      if (header.chainLength <= this.#start!.header.chainLength || this.#blocks.length + taken.length >= MAX_BLOCKS) return refused('count-high');
      const broken = checkTransactions(block) ?? (child ? checkLink(header, child.header) : undefined);
      if (broken) return refused(broken);
      taken.push(block);
      child = block;
      cursor = header.parentBlockId;
    }
    const link = cursor === this.#info!.tenureStartBlockId && child ? checkLink(this.#start!.header, child.header) : undefined;
    if (link) return refused(link);
    this.#pending = () => {
      this.#blocks.push(...taken);
      this.#cursor = cursor;
      if (this.#isThrough(cursor)) this.#state = 'Done';
    };
    return { ok: true, verify: taken.map(({ header }) => ({ header, cycle: this.#cycle() })) };
  }
}

function refused(code: DownloadFault): ReceiveOutcome {
  return { ok: false, code };
}
