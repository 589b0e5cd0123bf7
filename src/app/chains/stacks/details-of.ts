/** What the page knows of Stacks: the details of heads, blocks and networks, typed. For other chains these are undefined. */

import type { BlockView, HeadView, StacksBlockDetails, StacksHead, StacksNetworkDetails, Status } from '../../../client/types.ts';

export function stacksHead(details: HeadView['details'] | undefined): StacksHead | undefined {
  return details?.chain === 'stacks' ? (details as StacksHead) : undefined;
}

export function stacksBlock({ details }: Pick<BlockView, 'details'>): StacksBlockDetails | undefined {
  return details.chain === 'stacks' ? (details as StacksBlockDetails) : undefined;
}

export function stacksNetwork({ details }: Pick<Status['network'], 'details'>): StacksNetworkDetails | undefined {
  return details.chain === 'stacks' ? (details as StacksNetworkDetails) : undefined;
}
