import type { Hash } from '../../../base/hash.ts';
import type { Policy } from '../chain/policy.ts';
import type { HistoricTransaction, HistoryTreeProof } from '../wire/history.ts';
import type { Block } from '../wire/types.ts';
import { eventHash } from './event-hash.ts';
import { ProofError } from './proof-error.ts';
import { verifyHistoryProof } from './verify-history-proof.ts';

/** What a client asked, and what it knows of the chain. */
export interface HistoryQuestion {
  /** The hashes that were asked for, each with the height that its receipt names; undefined: not known. */
  readonly asked: ReadonlyMap<Hash, number | undefined>;
  /** The network's id, a byte. */
  readonly networkId: number;
  readonly policy: Policy;
  /** The time (Unix milliseconds) of our block at a height; undefined: we do not hold it. */
  readonly timeAt?: ((height: number) => number | undefined) | undefined;
}

/** An entry that is proven and was asked for. */
export interface ProvenEvent {
  readonly hash: Hash;
  readonly entry: HistoricTransaction;
  /** The number of its leaf in its epoch's tree, from 0. */
  readonly position: number;
}

/**
 * The entries of an answer to request 213, in its order: the proof leads to the history root of `provingBlock`, and every entry is one that was
 * asked for, of this network and epoch, at the height and time where it must be. The caller decides whether the block is of our chain.
 * Entries from before the first proof-of-stake block are proven by the genesis block. Albatross proofs reference, 3.3.
 * @throws {ProofError} An honest node can cause `not-asked`: asked for one transaction without a height, older ones prove another.
 */
export function provenEvents(proof: HistoryTreeProof, provingBlock: Block['header'], question: HistoryQuestion): readonly ProvenEvent[] {
  return verifyHistoryProof(proof, provingBlock.historyRoot).map(({ entry, position }) => {
    const hash = eventHash(entry);
    checkEntry(hash, entry, provingBlock, question);
    return { hash, entry, position };
  });
}

function checkEntry(hash: Hash, { network, blockNumber, blockTime }: HistoricTransaction, provingBlock: Block['header'], { asked, networkId, policy, timeAt }: HistoryQuestion): void {
  if (!asked.has(hash)) throw new ProofError('not-asked', `${hash} was not asked for`);
  if (network !== networkId) throw new ProofError('wrong-network', `${hash} is of network ${network} instead of ${networkId}`);
  const height = asked.get(hash) ?? blockNumber;
  if (blockNumber !== height) throw new ProofError('wrong-height', `${hash} is in block ${blockNumber} instead of ${height}`);
  if (blockNumber > provingBlock.blockNumber) throw new ProofError('wrong-height', `${hash} is in block ${blockNumber}, above the proving block ${provingBlock.blockNumber}`);
  if (policy.epochAt(blockNumber) !== policy.epochAt(provingBlock.blockNumber)) {
    throw new ProofError('wrong-epoch', `${hash} is in block ${blockNumber}, in another epoch than the proving block ${provingBlock.blockNumber}`);
  }
  const time = timeAt?.(blockNumber) ?? blockTime;
  if (blockTime !== time) throw new ProofError('wrong-time', `${hash} is of ${blockTime}, its block of ${time}`);
}
