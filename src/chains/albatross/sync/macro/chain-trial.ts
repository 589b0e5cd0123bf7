// Tests: `src/chains/albatross/sync/macro/chain-dispute.test.ts`.
import { awaitMost } from '../../../../engine/fetch/gathering.ts';
import { Backoff } from '../../../../base/backoff.ts';
import { sleep } from '../../../../base/clock.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import type { BlockErrorCode } from '../../chain/rules/codes.ts';
import { verdictOf } from '../../chain/rules/verdict.ts';
import { AskError } from '../ask/asker.ts';
import { catchUpRound } from './catch-up-round.ts';
import { isVerified } from './conflicts.ts';
import { finalHash } from '../ask/head-verdict.ts';
import type { MacroContext } from '../macro-context.ts';
import type { PicoPeer } from '../pico-peer.ts';
import { RoundTurns } from '../round-turns.ts';
import { maxRoundPeers } from '../settings.ts';

/** Rounds without a new block after which a trial is put off. */
export const maxIdleRounds = 4;

/** How two chains relate, by the final blocks that both hold. */
export type Comparison = 'same' | 'other' | 'unknown';

/** A chain of peers, verified beside our chain. */
export interface Trial {
  readonly aside: LightChain;
  /** It was verified from genesis, not from our election head. */
  readonly fromGenesis: boolean;
  readonly comparison: Comparison;
}

/**
 * Verifies the chain of the accused peers beside ours: from our election head if that is verified and they differ only after it, else from
 * genesis. Ends when `decided` says so, when there is nothing more to get, or (undefined) when our chain was replaced.
 */
export async function tryAside(context: MacroContext, accused: readonly PicoPeer[], decided: (trial: Trial) => boolean, signal: AbortSignal): Promise<Trial | undefined> {
  const { chain, clock, random } = context.options;
  const { anchor } = context;
  const { electionHead } = chain;
  const near = isVerified(anchor) && accused.every(({ accusation }) => accusation?.kind === 'other-hash' && Number(accusation.evidence['height']) > electionHead.height);
  const aside = chain.aside();
  const fromGenesis = !near || (await aside.restore({ election: electionHead.block, checkpoint: undefined, tail: [], checked: chain.checked })) !== 'restored';
  // A peer that keeps its block back does not delay the others.
  const shown = accused.map((entry) => takeAccused(context, aside, entry, signal));
  await awaitMost(clock, () => context.options.asker.patience, shown, (taken) => taken);
  const other = compareChains(aside, chain) === 'other';
  const trial = (): Trial => ({ aside, fromGenesis, comparison: other ? 'other' : compareChains(aside, chain) });
  const backoff = new Backoff(random, { base: 1000, cap: 30_000 });
  const turns = new RoundTurns();
  for (let idle = 0; idle < maxIdleRounds && !decided(trial()); ) {
    const peers = turns.order(context.able.toSorted((a, b) => Number(accused.includes(b)) - Number(accused.includes(a))));
    const { applied, refusals } = await catchUpRound(context, aside, peers, signal);
    for (const { peer, code, height, hash } of refusals) refuse(context, peer, code, { height, hash });
    if (context.anchor !== anchor) return undefined;
    turns.end(peers.slice(0, maxRoundPeers), applied);
    if (applied > 0) continue;
    idle += 1;
    await sleep(clock, backoff.next(), signal);
  }
  return context.anchor === anchor ? trial() : undefined;
}

/** Compares the newest final blocks of each chain that the other one holds too. The genesis block says nothing. */
export function compareChains(one: LightChain, other: LightChain): Comparison {
  const { policy, genesis } = one;
  const heights = [one, other].flatMap(({ macroHead, electionHead }) => [macroHead.height, electionHead.height, electionHead.height - policy.blocksPerEpoch]);
  const both = heights.flatMap((height) => {
    const hashes = height > genesis.height ? [finalHash(one, height), finalHash(other, height)] : [undefined];
    return hashes.includes(undefined) ? [] : [hashes[0] === hashes[1]];
  });
  if (both.includes(false)) return 'other';
  return both.length > 0 ? 'same' : 'unknown';
}

/**
 * Pushes the block by which the peer contradicts us, if it builds on what `aside` has. Macro blocks that skip this height would not show the
 * difference. Resolves with whether the block was taken.
 */
async function takeAccused(context: MacroContext, aside: LightChain, { id, accusation }: PicoPeer, signal: AbortSignal): Promise<boolean> {
  const height = Number(accusation?.evidence['height']);
  const hash = accusation?.evidence['hash'];
  const { policy } = aside;
  const follows = () => height > aside.macroHead.height && height < policy.electionBlockAfter(aside.electionHead.height);
  if (accusation?.kind !== 'other-hash' || typeof hash !== 'string' || !follows() || !policy.isMacro(height)) return false;
  try {
    const block = await context.options.asker.macroBlock(id, hash, signal);
    if (!follows()) return false;
    const pushed = await aside.pushMacro(block, { signal });
    if (pushed.result === 'invalid') refuse(context, id, pushed.code, { height, hash });
    return pushed.result === 'extended';
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AskError)) throw error;
    return false;
  }
}

/** The chain was verified from a block that needs no trust, so the peer must be wrong. */
function refuse({ options: { report, onTooNew } }: MacroContext, peer: string, code: string, evidence: { readonly height: number; readonly hash: string }): void {
  const verdict = code === 'wrong-height' ? 'ban' : verdictOf(code as BlockErrorCode);
  if (verdict === 'client-too-old') onTooNew(peer, evidence.height);
  if (verdict === 'ban') report(peer, { kind: 'lie', code, evidence });
}
