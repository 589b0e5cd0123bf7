import { PeerFault, type AskOptions } from '../../../engine/sync/sync-peer.ts';
import type { Tip } from '../../../engine/sync/sync-chain.ts';
import { itemOfHeader, type StacksItem } from '../chain/stacks-block.ts';
import type { Gateway } from '../net/gateway.ts';
import { refused } from './read-state.ts';

/**
 * How long a gap may be to be closed by hashes before it is jumped. `blocks`: two or three hours of the main network, in one GET for each tenure. `bytes`: a tenure
 * is served with its transactions, and this is what a page may spend for it on a slow line. Ours.
 */
export const LINK = { blocks: 1_024, bytes: 8 * 1024 * 1024 } as const;

/** `linked`: hashes lead from it down to the other block. `excludes`: they lead to another block at its height, on which `lowest` follows. `too-long`: it was given up. */
export type Leads = { readonly kind: 'linked' | 'too-long'; readonly walked: readonly StacksItem[] } | { readonly kind: 'excludes'; readonly lowest: StacksItem };

export interface LeadsOptions extends AskOptions {
  /** Whether a block is known to lead there. */
  readonly isKnown: (id: string) => boolean;
}

/**
 * Whether hashes lead from a block down to another one: tenure by tenure, by parent ids. Each answer has passed the door, so that its blocks are a chain of hashes
 * from the id that was asked for. Rejects as the gateway's methods do, with `refused` if it lacks a block, and `PeerFault` for heights that do not descend.
 */
export async function leadsTo(gateway: Pick<Gateway, 'tenure'>, from: StacksItem, to: Tip, { isKnown, signal }: LeadsOptions): Promise<Leads> {
  const walked = [from];
  if (from.height - to.height > LINK.blocks) return { kind: 'too-long', walked };
  for (let bytes = 0; walked.at(-1)!.height > to.height + 1; ) {
    if (bytes > LINK.bytes) return { kind: 'too-long', walked };
    const answer = await gateway.tenure(walked.at(-1)!.parent, to.id, { signal });
    if (!answer || answer.value.length === 0) throw refused(`no block ${walked.at(-1)!.parent}`);
    bytes += answer.size;
    for (const { header } of answer.value) {
      const above = walked.at(-1)!;
      if (above.height === to.height + 1) break;
      const item = itemOfHeader(header, undefined);
      if (item.id !== above.parent || item.height !== above.height - 1) throw new PeerFault('height', 'lie', { height: above.height - 1, hash: above.parent });
      walked.push(item);
      if (isKnown(item.id)) return { kind: 'linked', walked };
    }
  }
  const lowest = walked.at(-1)!;
  return lowest.parent === to.id ? { kind: 'linked', walked } : { kind: 'excludes', lowest };
}
