// Tests: `src/chains/stacks/client/prove-target.test.ts`.
/**
 * Whether a proven branch goes on from our newest confirmed block. If hashes show that it does not, both are confirmed and exclude each other: the chain halts.
 * @module
 */
import { PeerFault, type AskOptions } from '../../../engine/sync/sync-peer.ts';
import type { Tip } from '../../../engine/sync/sync-chain.ts';
import { fromHex } from '../../../base/bytes.ts';
import { itemOfHeader, type StacksItem } from '../chain/stacks-block.ts';
import { encodeHeader } from '../wire/header.ts';
import type { Gateway } from '../net/gateway.ts';
import { headersDown } from './headers-down.ts';
import { leadsTo } from './leads-to.ts';
import { refused } from './read-state.ts';
import type { StacksChain } from './stacks-chain.ts';
import { STACKS_SYNC } from './stacks-strategy.ts';

/** Headers that are fetched to show that two confirmed branches exclude each other. A reorganisation of Bitcoin deeper than a day is not expected. */
const MAX_DESCENT = 4_096;

export interface Compared {
  readonly chain: StacksChain;
  /** Confirmed by what was fetched. */
  readonly target: Tip;
  /** What follows on it, ascending. */
  readonly branch: readonly StacksItem[];
  /** Its header; undefined: it is not above our tip. */
  readonly header: StacksItem | undefined;
  /** Of its newest tenure. */
  readonly cycle: number;
}

/**
 * True if the gateway's block at our tip's height is ours. Of a gap of some hours hashes show it, too; of a longer one it is the gateway's word, and the jump over
 * it is told as such. Rejects with `refused` where a branch that is not confirmed at our tip's height excludes it, and after a halt.
 */
export async function compareConfirmed(gateway: Pick<Gateway, 'headerAt' | 'header' | 'tenure'>, { chain, target, branch, header, cycle }: Compared, { signal }: AskOptions): Promise<boolean> {
  const tip = chain.tip();
  if (target.height < tip.height) {
    const other = branch.find(({ height }) => height === tip.height);
    if (other && other.id !== tip.id) throw refused('another branch than the confirmed one');
    return true;
  }
  if (target.height === tip.height) {
    if (target.id === tip.id) return true;
    return halted(chain, tip, branch[0]!, cycle);
  }
  const theirs = (await gateway.headerAt(tip.height, { signal }))?.value;
  if (theirs && itemOfHeader(theirs, undefined).id === tip.id) {
    await link(gateway, chain, header!, cycle, { signal });
    return true;
  }
  if (target.height - tip.height > MAX_DESCENT) throw refused('another branch, too far to compare');
  const down = await headersDown(gateway, header!, tip.height + 1, { signal });
  const lowest = down[0]!;
  // The gateway contradicts itself: hashes lead to our block.
  if (lowest.parent === tip.id) throw new PeerFault('height', 'lie', { height: tip.height, hash: tip.id });
  return halted(chain, tip, lowest, cycle);
}

/**
 * Binds the target to our tip by hashes where the gap is not too long. One that is short is not jumped: its blocks are fetched, which binds them. Rejects as
 * `compareConfirmed`.
 */
async function link(gateway: Pick<Gateway, 'tenure'>, chain: StacksChain, target: StacksItem, cycle: number, { signal }: AskOptions): Promise<void> {
  const tip = chain.tip();
  if (target.height - tip.height <= STACKS_SYNC.strategySwitchThreshold || chain.proven.leadsTo(tip.id, target.id)) return;
  const found = await leadsTo(gateway, target, tip, { isKnown: (id) => chain.proven.leadsTo(tip.id, id), signal });
  if (found.kind === 'excludes') halted(chain, tip, found.lowest, cycle);
  else if (found.kind === 'linked') chain.proven.link(tip.id, found.walked.map(({ id }) => id));
}

/** `theirs`: the block whose parent would have to be ours. */
function halted(chain: StacksChain, tip: Tip, theirs: StacksItem, cycle: number): never {
  // Whoever has the keys of a former signer set could sign it.
  if (cycle < chain.root.cycle) throw refused('another branch of an earlier cycle');
  const ours = chain.root.item;
  chain.halt({ height: tip.height, evidence: [ours ? encodeHeader(ours.block.header) : fromHex(tip.id), encodeHeader(theirs.block.header)] });
  throw refused('two confirmed branches exclude each other');
}
