import type { Hash } from '../../../base/hash.ts';
import type { MacroBlock } from '../wire/types.ts';
import { decodeMacro, decodeTail, type ReadMacroBlock } from './block-rows.ts';
import { decodeHeadRow, type BlockPointer, type HeadRow } from './head-row.ts';
import type { StoredChain } from './store.ts';

/** The unsealed payloads; undefined where the row is absent or its checksum is wrong. */
export interface ChainRows {
  readonly head: Uint8Array | undefined;
  readonly election: Uint8Array | undefined;
  readonly previousElection: Uint8Array | undefined;
  readonly previousElectionPresent: boolean;
  readonly checkpoint: Uint8Array | undefined;
  readonly tail: Uint8Array | undefined;
}

/** What is wrong with the stored chain: the row and the fault. */
export interface Damage {
  readonly code:
    | 'head-row' | 'election-row' | 'election-hash' | 'previous-election-row' | 'previous-election-link'
    | 'checkpoint-row' | 'checkpoint-hash' | 'checkpoint-link' | 'tail-row' | 'tail-length' | 'tail-link' | 'head-hash' | 'anchor';
  readonly data: Readonly<Record<string, string | number>>;
}

/** The head row of `rows`, or undefined. A separate step, because the head row names the other rows. */
export function readHeadRow(payload: Uint8Array | undefined): HeadRow | undefined {
  return payload && decodeHeadRow(payload);
}

/**
 * Assembles the rows: every block must hash to what the head row names, every link must hold, the tail must end in the head. Signatures are
 * not checked here; `LightChain.restore` verifies the newest justification again.
 */
export function checkRows(head: HeadRow, rows: ChainRows, genesisHash: Hash): StoredChain | Damage {
  let election: MacroBlock | undefined;
  let previousElection: MacroBlock | undefined;
  if (head.election) {
    const read = readNamed(rows.election, head.election);
    if (!read) return damage('election-row', head.election);
    if (read === 'other' || !read.block.header.validators) return damage('election-hash', head.election);
    election = read.block;
    if (rows.previousElectionPresent) {
      const previous = rows.previousElection && decodeMacro(rows.previousElection);
      if (!previous) return damage('previous-election-row', head.election);
      if (previous.hash !== election.header.parentElectionHash) return damage('previous-election-link', head.election);
      previousElection = previous.block;
    }
  }
  const electionHash = head.election?.hash ?? genesisHash;
  let checkpoint: MacroBlock | undefined;
  if (head.checkpoint) {
    const read = readNamed(rows.checkpoint, head.checkpoint);
    if (!read) return damage('checkpoint-row', head.checkpoint);
    if (read === 'other') return damage('checkpoint-hash', head.checkpoint);
    if (read.block.header.parentElectionHash !== electionHash) return damage('checkpoint-link', head.checkpoint);
    checkpoint = read.block;
  }
  const tail = rows.tail && decodeTail(rows.tail);
  if (!tail) return damage('tail-row', head.head);
  if (tail.length !== head.tail) return damage('tail-length', head.head);
  let parent = head.checkpoint ?? head.election ?? { height: undefined, hash: genesisHash };
  for (const { hash, block } of tail) {
    const { blockNumber, parentHash } = block.header;
    if (block.type !== 'micro' || parentHash !== parent.hash || (parent.height !== undefined && blockNumber !== parent.height + 1)) {
      return damage('tail-link', { height: blockNumber, hash });
    }
    parent = { height: blockNumber, hash };
  }
  if (parent.hash !== head.head.hash || (parent.height !== undefined && parent.height !== head.head.height)) return damage('head-hash', head.head);
  if (!anchorFits(head, genesisHash)) return damage('anchor', head.anchor);
  return { anchor: head.anchor, checked: head.checked, election, previousElection, checkpoint, tail: tail.map(({ block }) => block) };
}

/** Whether the anchor is genesis, or an election block at or below the newest one. It cannot be above the chain that rests on it. */
function anchorFits({ anchor, election }: HeadRow, genesisHash: Hash): boolean {
  if (anchor.kind === 'genesis') return anchor.hash === genesisHash;
  if (!election || anchor.height > election.height) return false;
  return anchor.height < election.height || anchor.hash === election.hash;
}

function readNamed(payload: Uint8Array | undefined, name: BlockPointer): ReadMacroBlock | 'other' | undefined {
  const read = payload && decodeMacro(payload);
  if (!read) return undefined;
  return read.hash === name.hash && read.block.header.blockNumber === name.height ? read : 'other';
}

function damage(code: Damage['code'], { height, hash }: BlockPointer): Damage {
  return { code, data: { height, hash } };
}
