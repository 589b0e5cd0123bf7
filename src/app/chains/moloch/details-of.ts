/** What the page knows of Moloch: the details of heads, blocks and networks, typed. For other chains these are undefined. */

import type { BlockView, HeadView, MolochBlock, MolochHead, MolochNetwork, Status } from '../../../client/types.ts';

export function molochHead(details: HeadView['details'] | undefined): MolochHead | undefined {
  return details?.chain === 'moloch' ? (details as MolochHead) : undefined;
}

export function molochBlock({ details }: Pick<BlockView, 'details'>): MolochBlock | undefined {
  return details.chain === 'moloch' ? (details as MolochBlock) : undefined;
}

export function molochNetwork({ details }: Pick<Status['network'], 'details'>): MolochNetwork | undefined {
  return details.chain === 'moloch' ? (details as MolochNetwork) : undefined;
}
