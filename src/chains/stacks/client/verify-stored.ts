/**
 * Puts a stored or an exported chain to the rules again: the signer sets by their hand-overs, the newest certified block by its signatures, all blocks below
 * it by hashes, and what is confirmed by the tenures on it.
 * @module
 */
import type { Verify } from '../../../crypto/jobs.ts';
import { StacksWireError } from '../wire/wire-error.ts';
import { takeHandOver } from '../proofs/statement.ts';
import type { StacksNetwork } from '../chain/network.ts';
import type { StoredBlock } from '../store/chain-record.ts';
import type { StoredChain } from '../store/stacks-store.ts';
import { confirmedCount } from './confirmed.ts';
import { linkFault } from './run-rules.ts';
import type { StacksChain } from './stacks-chain.ts';
import { isMainnet } from './stacks-views.ts';

/**
 * Blocks at the top that may be without good signatures: nothing binds the copies of signatures that were kept of blocks which hashes bind. They are left out, and fetched again,
 * confirmed ones too.
 */
const MAX_UNSIGNED = 64;

export interface VerifyStoredOptions {
  readonly network: StacksNetwork;
  /** At the checkpoint. It holds the chain afterwards; after a refusal it is of no use. */
  readonly chain: StacksChain;
  readonly verify: Verify;
  /** Whether the file has to show that its newest confirmed block is confirmed, by the tenures on it. What this client stored itself need not: it may lack them. */
  readonly shows: boolean;
  readonly signal: AbortSignal;
}

/** The rule that the stored chain breaks; undefined: the chain stands where it was stored. Rejects with the signal's reason only. */
export async function verifyStored({ record, handOvers, blocks }: StoredChain, options: VerifyStoredOptions): Promise<string | undefined> {
  const { network, chain, verify, signal } = options;
  const where = { mainnet: isMainnet(network) };
  try {
    for (const statement of handOvers) {
      const { newest } = chain.cycles;
      const taken = await takeHandOver(statement, chain.cycles.setOf(newest)!, chain.cycles.floorOf(newest), where, { verify, signal });
      if (!taken.ok) return taken.code;
      if (!chain.cycles.add({ set: taken.set, statement, floor: taken.floor, weight: taken.certified.weight, hops: taken.hops.length })) return 'hand-over';
    }
    return await verifyBlocks({ record, blocks }, options);
  } catch (error) {
    if (error instanceof StacksWireError) return error.code;
    throw error;
  }
}

async function verifyBlocks({ record, blocks }: Pick<StoredChain, 'record' | 'blocks'>, { chain, shows, signal }: VerifyStoredOptions): Promise<string | undefined> {
  const { root } = record;
  const begin = chain.tip();
  const unlinked = blocks.some((block, i) => i > 0 && linkFault(blocks[i - 1]!.item, block.item) !== undefined) || blocks.some((block, i) => i > 0 && block.cycle < blocks[i - 1]!.cycle);
  if (unlinked) return 'parent';
  if (blocks.some(({ item }) => chain.certifier.faultOfSize(item.block.header))) return 'signer-twice';
  const isConfirmed = ({ item }: StoredBlock) => item.height <= root.height;
  if ((blocks.findLast(isConfirmed)?.item.id ?? begin.id) !== root.id) return 'parent';
  const certified = await newestCertified(blocks, chain, signal);
  // Without any block there is the checkpoint alone.
  if (blocks.length === 0) return undefined;
  if (!certified) return 'not-signed';
  const kept = [...blocks.slice(0, certified.at), { ...blocks[certified.at]!, cycle: certified.cycle }];
  const confirmed = kept.filter(isConfirmed);
  const pending = kept.slice(confirmed.length);
  const last = confirmed.at(-1);
  if (shows && last && confirmedCount(undefined, [last, ...pending].map(({ item }) => item.block.header.consensusHash)) < 1) return 'not-confirmed';
  if (!last && pending[0]!.item.parent !== begin.id) return 'parent';
  // It may show that its cycle has begun.
  if (last) await chain.certifier.certify(last.item, last.cycle, signal);
  chain.certifier.linked(kept.map(({ item }) => item.id));
  chain.restore(last, confirmed, pending, { ...record.checked, cycles: 0 });
  return undefined;
}

/**
 * The position of the newest block whose signatures hold, and the cycle whose set made them: that which is stored, or the next one, because a block that came with a
 * false date is kept with the cycle of its parent. Undefined: none of the newest does.
 */
async function newestCertified(blocks: readonly StoredBlock[], chain: StacksChain, signal: AbortSignal): Promise<{ readonly at: number; readonly cycle: number } | undefined> {
  for (let at = blocks.length - 1; at >= Math.max(0, blocks.length - MAX_UNSIGNED); at -= 1) {
    const { item, cycle: stored } = blocks[at]!;
    for (const cycle of [stored, stored + 1]) if ((await chain.certifier.certify(item, cycle, signal)) === undefined) return { at, cycle };
  }
  return undefined;
}
