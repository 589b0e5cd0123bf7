/**
 * The questions that every followed chain answers about its sync, by name, with arguments that come unchecked from a page.
 * @module
 */

import { codeOf } from '../../base/coded-error.ts';
import { QuestionError } from '../questions.ts';
import type { Item } from '../sync/sync-chain.ts';
import type { SyncManager } from '../sync/sync-manager.ts';
import type { SyncedBlock } from '../sync/sync-views.ts';
import type { FollowedChain, Halt } from './followed-chain.ts';
import type { LiveFollower } from './live-follower.ts';

/** Blocks in one question at most: as many as in one answer of a node. */
const MAX_BLOCKS = 256;
/** Bytes of a block in `verifyBlockChain`; the largest frame of the networks (HotStuff-2 reference, 4). */
const MAX_BLOCK = 8_388_608;
/** Characters of a text argument. */
const MAX_TEXT = 256;

export interface SyncQuestionParts<B, F> {
  readonly sync: SyncManager<B>;
  readonly follower: Pick<LiveFollower<B, F>, 'wish' | 'pause' | 'mode'>;
  readonly decodeItem: FollowedChain<B, F>['decodeItem'];
  /** Adds an address and dials it; a code if it is not taken. */
  readonly addAddress: (address: string) => string | undefined;
  /** Forgets an address or a connected peer's id, and closes the connection. False if it is unknown. */
  readonly remove: (addressOrId: string) => boolean;
  readonly halt: () => Halt | undefined;
}

type Question = (args: readonly unknown[]) => unknown;

/** The questions by name. Each answers or rejects with `QuestionError` or `SyncError`. */
export function syncQuestions<B, F>({ sync, follower, decodeItem, addAddress, remove, halt }: SyncQuestionParts<B, F>): ReadonlyMap<string, Question> {
  const questions: readonly (readonly [string, Question])[] = [
    ['startSync', ([target]) => follower.wish('sync', target === undefined ? undefined : height(target, 'target'))],
    ['stopSync', () => follower.pause()],
    ['getSyncStatus', () => {
      const status = sync.getSyncStatus();
      // A page may have stopped the client since its last sync ended.
      return follower.mode === 'paused' && status.phase === 'live' ? { ...status, phase: 'idle' } : status;
    }],
    ['syncBlocks', async ([from, to]) => {
      const range = rangeOf(from, to);
      return (await sync.syncBlocks(range.from, range.to)).map(viewOf);
    }],
    ['syncSingleBlock', async ([at]) => {
      const item = await sync.syncSingleBlock(height(at, 'height'));
      return item && viewOf(item);
    }],
    ['verifyBlockChain', async ([blocks]) => {
      if (!decodeItem) throw new QuestionError('unsupported', { question: 'verifyBlockChain' });
      return sync.verifyBlockChain(blocksOf(blocks).map((bytes, index) => decoded(decodeItem, bytes, index)));
    }],
    ['syncStateToHeight', ([at]) => follower.wish('state', height(at, 'height'))],
    ['downloadStateSnapshot', ([id]) => sync.downloadStateSnapshot(id === undefined ? undefined : text(id, 'id'))],
    ['verifyStateConsistency', ([at]) => sync.verifyStateConsistency(height(at, 'height'))],
    ['addSyncPeer', ([address]) => {
      const code = addAddress(text(address, 'address'));
      if (code !== undefined && code !== 'known') throw new QuestionError('bad-argument', { argument: 'address', expected: 'an address that can be dialled', reason: code });
      return code === undefined;
    }],
    ['removeSyncPeer', ([peer]) => remove(text(peer, 'peer'))],
    ['getSyncPeers', () => sync.getSyncPeers()],
    ['getSyncProgress', () => sync.getSyncProgress()],
    ['estimateSyncCompletion', () => sync.estimateSyncCompletion()],
    ['getSyncMonitor', () => sync.getMonitor()],
    ['getHaltEvidence', () => halt()],
  ];
  return new Map(questions);
}

function viewOf<B>({ height: at, id, parent, size }: Item<B>): SyncedBlock {
  return { height: at, id, parent, size };
}

function height(value: unknown, argument: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong(argument, 'a height: a whole number from 0', value);
}

function text(value: unknown, argument: string): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT) return value;
  throw wrong(argument, `a text of 1 to ${MAX_TEXT} characters`, value);
}

function rangeOf(from: unknown, to: unknown): { readonly from: number; readonly to: number } {
  const range = { from: height(from, 'from'), to: height(to, 'to') };
  const count = range.to - range.from + 1;
  if (count < 1 || count > MAX_BLOCKS) throw new QuestionError('bad-argument', { argument: 'to', expected: `at least from, and at most ${MAX_BLOCKS} blocks`, came: range.to });
  return range;
}

function blocksOf(value: unknown): readonly Uint8Array[] {
  const fits = Array.isArray(value) && value.length > 0 && value.length <= MAX_BLOCKS && value.every((one: unknown) => one instanceof Uint8Array && one.length <= MAX_BLOCK);
  if (!fits) throw wrong('blocks', `1 to ${MAX_BLOCKS} byte arrays`, value);
  return value as readonly Uint8Array[];
}

function decoded<B>(decode: (bytes: Uint8Array) => Item<B>, bytes: Uint8Array, index: number): Item<B> {
  try {
    return decode(bytes);
  } catch (error) {
    throw new QuestionError('bad-argument', { argument: 'blocks', expected: 'blocks as a node sends them', index, reason: codeOf(error) });
  }
}

function wrong(argument: string, expected: string, came: unknown): QuestionError {
  return new QuestionError('bad-argument', { argument, expected, came: came === null ? 'null' : Array.isArray(came) ? 'list' : typeof came });
}
