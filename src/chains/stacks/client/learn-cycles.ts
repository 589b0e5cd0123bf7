/**
 * Proves signer sets cycle by cycle, with GETs to one gateway: what it says is only a hint where to look. A set is trusted because a header that the set
 * before certified commits to a state that names it (Stacks reference, 4).
 * @module
 */
import type { Verify } from '../../../crypto/jobs.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import { PeerFault, type AskOptions } from '../../../engine/sync/sync-peer.ts';
import { firstHeightOf } from '../chain/cycles.ts';
import type { StacksNetwork } from '../chain/network.ts';
import { itemOfHeader, type StacksItem } from '../chain/stacks-block.ts';
import { faultOfCandidates, signerSetKey } from '../proofs/hand-over.ts';
import { takeHandOver } from '../proofs/statement.ts';
import type { NakamotoHeader } from '../wire/header.ts';
import type { Gateway, Sortition } from '../net/gateway.ts';
import { StacksClientError } from './client-error.ts';
import type { HandOver, KnownCycles } from './known-cycles.ts';
import { faultOfState, fetchStatement, refused } from './read-state.ts';
import { isMainnet } from './stacks-views.ts';

/** Sortitions without a block at the end of a cycle that are looked through. */
const MAX_EMPTY = 50;

export interface LearnOptions {
  readonly network: StacksNetwork;
  readonly cycles: KnownCycles;
  readonly verify: Verify;
  /** A set is trusted from here on. */
  readonly learned?: ((handOver: HandOver) => void) | undefined;
}

type Asked = Pick<Gateway, 'url' | 'sortition' | 'tenureTip' | 'tenureBlocks' | 'header' | 'state' | 'passedHeader' | 'signerKeys'>;

/**
 * Learns the sets up to that of `target`, each kept as soon as it is proven, so that a gateway that fails later has helped all the same. A stacker set that
 * differs from the proven one changes nothing; the gateway that gave it is told by `PeerFault` `candidate-…`. Rejects with `StacksClientError`, with
 * `PeerFault` for what is false, or as the gateway's methods do: `refused` if it has no header or no proof.
 */
export async function learnCycles(gateway: Asked, target: number, options: LearnOptions & AskOptions): Promise<void> {
  const { cycles } = options;
  while (cycles.newest < target) {
    options.signal.throwIfAborted();
    if (cycles.isFull) throw new StacksClientError('checkpoint-too-old', `cycle ${target} is ${target - cycles.newest} cycles beyond those that are followed`);
    await learnNext(gateway, options);
  }
}

async function learnNext(gateway: Asked, { network, cycles, verify, learned, signal }: LearnOptions & AskOptions): Promise<void> {
  const cycle = cycles.newest + 1;
  const item = await lastOfCycle(gateway, cycle - 1, network, { signal });
  const where = { mainnet: isMainnet(network) };
  const key = signerSetKey(cycle, where);
  const fetched = await fetchStatement(gateway, key, item, { signal });
  if (typeof fetched === 'string') throw refused(`no proof of the signers of cycle ${cycle}: ${fetched}`);
  const taken = await takeHandOver(fetched.statement, cycles.setOf(cycle - 1)!, cycles.floorOf(cycle - 1), where, { verify, signal });
  // Meanwhile the cycle was learned: from another gateway, or from this one for a block that it announced. One wrong set must not count as two offences.
  if (cycles.newest !== cycle - 1) return;
  if (!taken.ok) {
    // The state of a certified block says so: it is no lie of the gateway.
    if (taken.code === 'hand-over' && taken.detail === 'empty-set') throw new StacksClientError('no-participation', `nobody signs cycle ${cycle}`, { cycle });
    throw faultOfState(taken, key, item.id);
  }
  const { set, floor, certified, hops } = taken;
  const handOver: HandOver = { set, statement: fetched.statement, floor, weight: certified.weight, hops: hops.length };
  cycles.add(handOver);
  learned?.(handOver);
  const candidates = await gateway.signerKeys(cycle, { signal });
  const fault = candidates && faultOfCandidates(set, candidates);
  // It may be a set in a form that is not known here, so that it is no proven lie.
  if (fault) throw new PeerFault(fault, 'offence', { cycle });
}

/** The newest block of the last tenure that began in a cycle, by the gateway's sortitions. Only its signatures tell whether it is of that cycle. */
async function lastOfCycle(gateway: Asked, cycle: number, network: StacksNetwork, options: AskOptions): Promise<StacksItem> {
  let at: Sortition | undefined = await gateway.sortition({ burnHeight: firstHeightOf(cycle + 1, network) - 1 }, options);
  for (let looked = 0; at && at.burnHeight >= firstHeightOf(cycle, network) && looked < MAX_EMPTY; looked += 1) {
    const header = at.hasWinner ? await newestOf(gateway, at.consensusHash, options) : undefined;
    if (header) {
      if (header.consensusHash !== at.consensusHash) throw new PeerFault('foreign-tenure', 'lie', { tenure: at.consensusHash });
      return itemOfHeader(header, at.burnHeight);
    }
    at = at.lastWinner === undefined ? undefined : await gateway.sortition({ consensusHash: at.lastWinner }, options);
  }
  throw refused(`no block of cycle ${cycle}`);
}

/** The newest header of a tenure; undefined: it has no block of Nakamoto. A header whose form in JSON is not known, as one that names transactions, is asked for in bytes. */
async function newestOf(gateway: Asked, consensusHash: string, options: AskOptions): Promise<NakamotoHeader | undefined> {
  try {
    const tip = await gateway.tenureTip(consensusHash, options);
    return tip?.kind === 'nakamoto' ? tip.header : undefined;
  } catch (error) {
    if (!(error instanceof RequestError) || error.code !== 'malformed') throw error;
    const newest = (await gateway.tenureBlocks(consensusHash, options))?.blocks[0];
    return newest && (await gateway.header(newest.id, options))?.value;
  }
}
