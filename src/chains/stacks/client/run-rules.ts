// Tests: `src/chains/stacks/client/stacks-chain.test.ts`.
/**
 * Rules of runs of headers, and the faults of gateways.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import type { Fault, RunFault, Target, Tip } from '../../../engine/sync/sync-chain.ts';
import { checkLink } from '../chain/block-rules.ts';
import type { StacksItem } from '../chain/stacks-block.ts';
import { confirmedCount } from './confirmed.ts';
import type { Root } from './pending-tree.ts';

/** Rules whose breach may be an error of the signers, or a different view of Bitcoin, and does not show that the gateway lied. */
const OFFENCES: readonly string[] = ['empty', 'time', 'burn', 'count-high', 'count-low', 'cycle-unproven', 'cycle-ended', 'order', 'not-final', 'miner'];

export function faultOf(code: string, { height, id }: Tip): Fault {
  return { code, weight: OFFENCES.includes(code) ? 'offence' : 'lie', data: { height, hash: id } };
}

/** The rule between a block and its parent, which may be the checkpoint's block without a header. */
export function linkFault(parent: StacksItem | Root | undefined, item: StacksItem): Fault | undefined {
  // Of a parent that is not here nothing is known; that it is another one than the tip does not tell who is wrong.
  if (!parent) return { ...faultOf('parent', item), weight: 'offence' };
  const known = 'block' in parent ? parent : parent.item;
  if (item.parent !== parent.id) return { ...faultOf('parent', item), weight: 'offence' };
  const code = known ? checkLink(known.block.header, item.block.header) : item.height !== parent.height + 1 ? 'height' : item.block.header.timestamp < (parent as Root).time ? 'time' : undefined;
  return code && faultOf(code, item);
}

/**
 * Whether a run that follows on the tip is confirmed: hashes bind it to the proven target, or its newest block is certified and has enough tenures below it.
 * `tenure`: of the tip.
 */
export function checkRunFinality(run: readonly StacksItem[], target: Target, { tenure, isCertified }: { readonly tenure: string | undefined; readonly isCertified: (id: Hash) => boolean }): RunFault | undefined {
  const at = run.find(({ height }) => height === target.height);
  if (at && target.proven) {
    // Its signatures are checked by now. Signers can sign two branches, and another gateway may have proven the target. So the gateway of this block may be honest.
    if (at.id !== target.id) return { code: 'other-block', weight: 'offence', data: { height: at.height, hash: at.id }, at: at.height };
    const next = run.find(({ height }) => height > target.height);
    return next && { ...faultOf('not-final', next), at: next.height };
  }
  const certified = run.findLastIndex(({ id }) => isCertified(id)) + 1;
  const next = run[confirmedCount(tenure, run.slice(0, certified).map(({ block }) => block.header.consensusHash))];
  return next && { ...faultOf('not-final', next), at: next.height };
}
