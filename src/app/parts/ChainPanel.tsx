import type { Head, Status } from '../../client/types.ts';
import { albatrossNetwork } from '../../page/albatross.ts';
import { EpochAndBatch } from '../chains/albatross/EpochAndBatch.tsx';
import { pageTexts } from '../page-texts.ts';
import type { RecentBlocks } from '../recent-blocks.ts';
import { texts } from '../../page/texts.ts';
import { BlockDrawing } from './BlockDrawing.tsx';

interface Props {
  readonly network: Status['network'];
  readonly head: Head;
  readonly recent: RecentBlocks;
}

/** The newest blocks with the reverted ones; for Albatross also the epoch as a ring, and the running batch with one cell per block. */
export function ChainPanel({ network, head, recent }: Props) {
  const albatross = albatrossNetwork(network);
  return (
    <section className="panel chain" aria-label={texts.chain}>
      {albatross && <EpochAndBatch network={albatross} genesisHeight={network.genesisHeight} head={head} />}
      <div className="recent">
        <h2 className="label">{texts.recent}</h2>
        <BlockDrawing recent={recent} finalHeight={head.final.height} />
        <ul className="legend small">
          {keys.map((key) => (
            <li key={key} data-key={key}>
              {pageTexts.legend[key]}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

const keys = ['final', 'pending', 'macro', 'skip', 'reverted'] as const satisfies readonly (keyof typeof pageTexts.legend)[];
