import type { Hash } from '../../../base/hash.ts';
import { blockHash } from '../chain/hashes.ts';
import type { Policy } from '../chain/policy.ts';
import type { Block, MacroBlock, MacroHeader } from '../wire/types.ts';
import { interlinkHops } from './interlink-hops.ts';
import { ProofError } from './proof-error.ts';

/** What leads to old election blocks: one that we verified, and the network's numbers. */
export interface ElectionAnchor {
  readonly electionHead: MacroBlock;
  readonly policy: Policy;
  readonly genesisHash: Hash;
}

/**
 * Verifies that `targets`, blocks at heights of election blocks, are on the chain of our election head, by the blocks of an answer to request
 * 216: the head's hash covers the hashes that it names, so whatever leads on from there needs no signature of its own. A target without a
 * block in between must itself be named by the head, be the head, or be the genesis block. Albatross block reference, 8.3.
 * @param hops exactly the blocks in between, in any order.
 * @throws {ProofError}
 */
export function verifyBlocksProof(hops: readonly MacroBlock[], targets: readonly Block[], { electionHead, policy, genesisHash }: ElectionAnchor): void {
  const ways = targets.map((target) => ({ target, heights: checkedHops(target, electionHead, policy) }));
  const needed = new Set(ways.flatMap(({ heights }) => heights));
  const byHeight = new Map<number, MacroBlock>();
  for (const hop of hops) {
    const { blockNumber } = hop.header;
    // Before anything is hashed: that takes milliseconds for each election block.
    if (!needed.has(blockNumber) || byHeight.has(blockNumber)) throw new ProofError('unneeded-hop', `block ${blockNumber} is not needed, or is there twice`);
    byHeight.set(blockNumber, hop);
  }
  for (const { target, heights } of ways) {
    const { blockNumber } = target.header;
    if (blockNumber === electionHead.header.blockNumber) checkSame(target, blockHash(electionHead));
    else if (blockNumber === policy.genesisNumber) checkSame(target, genesisHash);
    else {
      let from = electionHead.header;
      for (const height of heights) {
        const hop = byHeight.get(height);
        if (hop === undefined) throw new ProofError('missing-hop', `block ${height} on the way to ${blockNumber}`);
        checkNamed(hop, from);
        from = hop.header;
      }
      checkNamed(target, from);
    }
  }
}

function checkedHops(target: Block, electionHead: MacroBlock, policy: Policy): readonly number[] {
  const { blockNumber } = target.header;
  if (target.type !== 'macro' || target.header.validators === undefined || !policy.isElection(blockNumber)) throw new ProofError('not-election', `block ${blockNumber} is no election block`);
  const head = electionHead.header.blockNumber;
  if (blockNumber > head) throw new ProofError('above-head', `block ${blockNumber} is above our election block ${head}`);
  return interlinkHops(head, blockNumber, policy);
}

function checkNamed(block: Block, by: MacroHeader): void {
  const hash = blockHash(block);
  if (by.parentElectionHash !== hash && by.interlink?.includes(hash) !== true) throw new ProofError('unlinked-block', `block ${by.blockNumber} does not name ${block.header.blockNumber}, ${hash}`);
}

function checkSame(block: Block, hash: Hash): void {
  if (blockHash(block) !== hash) throw new ProofError('unlinked-block', `block ${block.header.blockNumber} is ${blockHash(block)} instead of ${hash}`);
}
