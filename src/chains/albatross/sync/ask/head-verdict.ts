import type { LightChain } from '../../chain/light-chain.ts';
import type { Head } from '../../wire/requests.ts';
import type { Hash } from '../../../../base/hash.ts';

/** The parts of a chain that the comparison needs. */
export type ComparedChain = Pick<LightChain, 'policy' | 'head' | 'macroHead' | 'electionHead' | 'electionHash' | 'blockAt' | 'block'>;

/**
 * Where a peer's chain stands relative to ours, by the head it states:
 * - `good`: same final blocks as ours, or provably on our chain and so little behind that the live sync can serve both;
 * - `outdated`: behind us otherwise (`near`: by so little that it can be good in a moment);
 * - `ahead`: it has final blocks that we lack;
 * - `contradiction`: it names another macro block at a height that we hold as final;
 * - `impossible`: the answer contradicts itself.
 */
export type HeadVerdict =
  | { readonly kind: 'good' | 'outdated' | 'ahead'; /** It named a block of ours above genesis: one of the two chains contains the other. */ readonly confirms: boolean; readonly near: boolean }
  | { readonly kind: 'contradiction'; readonly height: number; readonly theirs: Hash; readonly ours: Hash }
  | { readonly kind: 'impossible' };

/**
 * Compares an answer to `RequestHead` with our chain. The heights of the peer's macro block and election block follow from its head number.
 * The answer proves nothing: before blaming a peer for a contradiction, ask it for the block itself.
 *
 * More lenient than the reference, which calls everything but equal heads or the very next checkpoint a conflict: a peer that joins around
 * a batch boundary is one batch before or after us and does not lie (Albatross block reference, 6.2).
 * `toleratePast`: how many blocks behind our head is still good.
 */
export function compareHead(head: Head, chain: ComparedChain, toleratePast: number): HeadVerdict {
  const { policy } = chain;
  if (head.blockNumber < policy.genesisNumber) return { kind: 'impossible' };
  const electionHeight = policy.lastElectionBlock(head.blockNumber);
  const macroHeight = policy.lastMacroBlock(head.blockNumber);
  if ((electionHeight === macroHeight) !== (head.electionHash === head.macroHash)) return { kind: 'impossible' };
  if (policy.isMacro(head.blockNumber) !== (head.blockHash === head.macroHash)) return { kind: 'impossible' };

  let confirms = false;
  for (const [height, theirs] of [[electionHeight, head.electionHash], [macroHeight, head.macroHash]] as const) {
    const ours = finalHash(chain, height);
    if (ours === undefined) continue;
    if (ours !== theirs) return { kind: 'contradiction', height, theirs, ours };
    if (height > policy.genesisNumber) confirms = true;
  }
  // A losing micro block is not a lie: the peer has not yet received the winning one, so it is only behind.
  const ours = finalHash(chain, head.blockNumber);
  if (ours !== undefined && ours !== head.blockHash) return { kind: 'outdated', confirms, near: head.blockNumber >= chain.head.height - toleratePast };
  if (ours !== undefined && head.blockNumber > policy.genesisNumber) confirms = true;
  const near = head.blockNumber >= chain.head.height - toleratePast;
  if (macroHeight > chain.macroHead.height) return { kind: 'ahead', confirms, near };
  if (macroHeight === chain.macroHead.height) return { kind: 'good', confirms, near };
  return { kind: near && confirms ? 'good' : 'outdated', confirms, near };
}

/** Our hash at a height, if we hold that block or know it as final. */
export function finalHash(chain: ComparedChain, height: number): Hash | undefined {
  const { policy, macroHead, electionHead } = chain;
  if (height > macroHead.height) return undefined;
  if (height === macroHead.height) return macroHead.hash;
  if (height === electionHead.height) return electionHead.hash;
  const election = electionHead.block;
  if (election.type === 'macro' && height === electionHead.height - policy.blocksPerEpoch) return election.header.parentElectionHash;
  return chain.electionHash(height) ?? chain.blockAt(height)?.hash;
}
