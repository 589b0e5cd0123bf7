/**
 * The machine that fetches one tenure: start block, end block, then all between from the newest to the oldest (Stacks reference, 10). It does no I/O: the
 * caller sends what `request` says, hands the decoded blocks to `receive`, verifies the signers it is told, and confirms.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import type { NakamotoBlock } from '../wire/block.ts';
import type { NakamotoHeader } from '../wire/header.ts';
import { checkLink, checkTransactions, tenureStartOf } from './block-rules.ts';
import { blockId } from './hash.ts';
import type { RuleCode } from './rule-code.ts';
import type { TenureStartEnd } from './wanted-tenures.ts';

export type TenureDownloaderState = 'GetTenureStartBlock' | 'GetTenureEndBlock' | 'GetTenureBlocks' | 'Done';

/** `block`: one block by its id. `tenure`: blocks from `cursor` down to above `stop`, newest first; a reply may end early. */
export type TenureRequest = { readonly kind: 'block'; readonly id: Hash } | { readonly kind: 'tenure'; readonly cursor: Hash; readonly stop: Hash };

/**
 * - `empty`: a reply without a block.
 * - `block-id`: another block than the one asked for, or a hole.
 * - `foreign-tenure`: a block of another tenure.
 * - `previous-tenure`: the end block does not follow this tenure.
 * - `count-high`, `count-low`: more or fewer blocks than the end block says. A node only refuses more; fewer is our own rule.
 */
export type DownloadFault = RuleCode | 'empty' | 'block-id' | 'foreign-tenure' | 'previous-tenure' | 'count-high' | 'count-low';

/** A header whose signers the caller must verify with the set of this cycle. */
export interface HeaderToVerify {
  readonly header: NakamotoHeader;
  readonly cycle: number;
}

export type ReceiveOutcome = { readonly ok: true; readonly verify: readonly HeaderToVerify[] } | { readonly ok: false; readonly code: DownloadFault };

/** Blocks of a tenure that are kept at most; a tenure with more is refused as `count-high`. Far above the hundreds of an ordinary one. */
const MAX_TENURE_BLOCKS = 65_536;

export class TenureDownloader {
  readonly tenure: TenureStartEnd;
  #state: TenureDownloaderState = 'GetTenureStartBlock';
  #start: NakamotoBlock | undefined;
  #end: NakamotoBlock | undefined;
  #count = 0;
  #cursor: Hash = '';
  /** Newest first, without start and end. */
  #between: NakamotoBlock[] = [];
  /** What `confirm` takes over. */
  #pending: (() => void) | undefined;

  constructor(tenure: TenureStartEnd) {
    this.tenure = tenure;
  }

  get state(): TenureDownloaderState {
    return this.#state;
  }

  /** What to ask for now; undefined when done. */
  request(): TenureRequest | undefined {
    const { startBlockId, endBlockId } = this.tenure;
    switch (this.#state) {
      case 'GetTenureStartBlock':
        return { kind: 'block', id: startBlockId };
      case 'GetTenureEndBlock':
        return { kind: 'block', id: endBlockId };
      case 'GetTenureBlocks':
        return { kind: 'tenure', cursor: this.#cursor, stop: startBlockId };
      case 'Done':
        return undefined;
    }
  }

  /**
   * Checks a reply without its signatures. Nothing is taken over before `confirm`: after a fault, or if the signers do not hold, the machine asks for the
   * same again.
   */
  receive(blocks: readonly NakamotoBlock[]): ReceiveOutcome {
    this.#pending = undefined;
    const [first, ...others] = blocks;
    if (!first) return refused('empty');
    switch (this.#state) {
      case 'GetTenureStartBlock':
        return others.length > 0 ? refused('block-id') : this.#takeStart(first);
      case 'GetTenureEndBlock':
        return others.length > 0 ? refused('block-id') : this.#takeEnd(first);
      case 'GetTenureBlocks':
        return this.#takeBlocks(blocks);
      case 'Done':
        return { ok: true, verify: [] };
    }
  }

  /** The signers of all headers of the last outcome hold. */
  confirm(): void {
    this.#pending?.();
    this.#pending = undefined;
  }

  /** All blocks of the tenure ascending, and after them the end block; undefined before the machine is done. */
  blocks(): readonly NakamotoBlock[] | undefined {
    return this.#state === 'Done' ? [this.#start!, ...this.#between.toReversed(), this.#end!] : undefined;
  }

  #takeStart(block: NakamotoBlock): ReceiveOutcome {
    const { startBlockId, tenureId, startCycle } = this.tenure;
    if (blockId(block.header) !== startBlockId) return refused('block-id');
    if (block.header.consensusHash !== tenureId) return refused('foreign-tenure');
    const broken = checkTransactions(block) ?? (tenureStartOf(block) ? undefined : 'tenure-start');
    if (broken) return refused(broken);
    this.#pending = () => {
      this.#start = block;
      this.#state = 'GetTenureEndBlock';
    };
    return { ok: true, verify: [{ header: block.header, cycle: startCycle }] };
  }

  #takeEnd(block: NakamotoBlock): ReceiveOutcome {
    const { endBlockId, tenureId, endCycle, startBlockId } = this.tenure;
    if (blockId(block.header) !== endBlockId) return refused('block-id');
    const broken = checkTransactions(block);
    if (broken) return refused(broken);
    const change = tenureStartOf(block);
    if (!change) return refused('tenure-start');
    if (change.previousTenure !== tenureId) return refused('previous-tenure');
    if (change.previousTenureBlocks > MAX_TENURE_BLOCKS) return refused('count-high');
    const cursor = block.header.parentBlockId;
    const isWhole = cursor === startBlockId;
    if (isWhole && change.previousTenureBlocks !== 1) return refused(change.previousTenureBlocks > 1 ? 'count-low' : 'count-high');
    const link = isWhole ? checkLink(this.#start!.header, block.header) : undefined;
    if (link) return refused(link);
    this.#pending = () => {
      this.#end = block;
      this.#count = change.previousTenureBlocks;
      this.#cursor = cursor;
      this.#state = isWhole ? 'Done' : 'GetTenureBlocks';
    };
    return { ok: true, verify: [{ header: block.header, cycle: endCycle }] };
  }

  #takeBlocks(blocks: readonly NakamotoBlock[]): ReceiveOutcome {
    const { startBlockId, tenureId, startCycle } = this.tenure;
    const taken: NakamotoBlock[] = [];
    let cursor = this.#cursor;
    let child = this.#between.at(-1) ?? this.#end!;
    for (const [i, block] of blocks.entries()) {
      const { header } = block;
      if (blockId(header) !== cursor) return refused('block-id');
      if (header.consensusHash !== tenureId) return refused('foreign-tenure');
      // A peer that sends the start block too does not honour `stop`; it is known already, and the last.
      if (cursor === startBlockId) {
        if (i < blocks.length - 1) return refused('foreign-tenure');
        break;
      }
      // The start block is one of the count, and not among these.
      if (this.#between.length + taken.length + 2 > this.#count) return refused('count-high');
      const broken = checkTransactions(block) ?? checkLink(header, child.header);
      if (broken) return refused(broken);
      taken.push(block);
      child = block;
      cursor = header.parentBlockId;
    }
    const isWhole = cursor === startBlockId;
    if (isWhole && this.#between.length + taken.length + 1 < this.#count) return refused('count-low');
    const link = isWhole ? checkLink(this.#start!.header, child.header) : undefined;
    if (link) return refused(link);
    this.#pending = () => {
      this.#between.push(...taken);
      this.#cursor = cursor;
      if (isWhole) this.#state = 'Done';
    };
    return { ok: true, verify: taken.map(({ header }) => ({ header, cycle: startCycle })) };
  }
}

function refused(code: DownloadFault): ReceiveOutcome {
  return { ok: false, code };
}
