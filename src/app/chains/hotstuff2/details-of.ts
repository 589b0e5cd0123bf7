/** What the page knows of HotStuff-2: the details of heads, blocks and networks, typed. For other chains these are undefined. */

import type { BlockView, HeadView, HotStuff2Block, HotStuff2Head, HotStuff2Network, Status } from '../../../client/types.ts';

export function hotStuff2Head(details: HeadView['details'] | undefined): HotStuff2Head | undefined {
  return details?.chain === 'hotstuff2' ? (details as HotStuff2Head) : undefined;
}

export function hotStuff2Block({ details }: Pick<BlockView, 'details'>): HotStuff2Block | undefined {
  return details.chain === 'hotstuff2' ? (details as HotStuff2Block) : undefined;
}

export function hotStuff2Network({ details }: Pick<Status['network'], 'details'>): HotStuff2Network | undefined {
  return details.chain === 'hotstuff2' ? (details as HotStuff2Network) : undefined;
}
