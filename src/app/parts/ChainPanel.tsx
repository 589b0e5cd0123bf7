import type { Head, Status } from '../../client/types.ts';
import { texts } from '../../page/texts.ts';
import type { ChainParts } from '../chains/chain-parts.ts';
import type { RecentBlocks } from '../recent-blocks.ts';

interface Props {
  readonly network: Status['network'];
  readonly head: Head;
  readonly recent: RecentBlocks;
  readonly parts: ChainParts;
}

/** The newest blocks with the reverted ones, drawn as the chain's own parts do it, and what else they show. */
export function ChainPanel({ network, head, recent, parts: { Overview, Recent } }: Props) {
  return (
    <section className="panel chain" aria-label={texts.chain}>
      {Overview && <Overview network={network} head={head} />}
      <Recent network={network} head={head} recent={recent} />
    </section>
  );
}
