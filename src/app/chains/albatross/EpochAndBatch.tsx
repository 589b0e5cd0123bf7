import type { CSSProperties } from 'react';
import type { AlbatrossNetwork, Head } from '../../../client/types.ts';
import { formatNumber } from '../../../page/format.ts';
import { pageTexts } from '../../page-texts.ts';
import { texts } from '../../../page/texts.ts';
import { epochLength } from '../../../page/albatross.ts';

interface Props {
  readonly network: AlbatrossNetwork;
  readonly genesisHeight: number;
  readonly head: Head;
}

/** The epoch as a ring, and the running batch with one cell per block. */
export function EpochAndBatch({ network, genesisHeight, head }: Props) {
  const { blocksPerBatch, batchesPerEpoch } = network;
  const filled = Math.min(blocksPerBatch, head.latest.height - head.final.height);
  const perEpoch = epochLength(network);
  const since = head.latest.height - genesisHeight;
  const done = since % perEpoch;
  const epoch = Math.floor(since / perEpoch) + 1;
  const batch = Math.floor(done / blocksPerBatch) + 1;
  return (
    <>
      <Ring share={done / perEpoch} parts={batchesPerEpoch} epoch={epoch} />
      <div className="batch">
        <h2 className="label">
          {texts.batch} {texts.ofTotal(formatNumber(batch), formatNumber(batchesPerEpoch))}
        </h2>
        <Cells first={head.final.height + 1} count={blocksPerBatch} filled={filled} />
        <p className="small" data-testid="batch">
          {texts.batchFilled(filled, blocksPerBatch)}
        </p>
        <p className="quiet small hint">{pageTexts.epochHint(formatNumber(perEpoch))} {pageTexts.batchHint}</p>
      </div>
    </>
  );
}

function Cells({ first, count, filled }: { readonly first: number; readonly count: number; readonly filled: number }) {
  // Rows of equal length: 16 per row for 32 blocks, 20 for 60.
  const narrow = count % 20 === 0 ? 20 : Math.min(16, count);
  return (
    <ol className="cells" aria-hidden="true" style={{ '--narrow': narrow, '--wide': Math.min(count, 64) } as CSSProperties}>
      {Array.from({ length: count }, (_, index) => (
        <li key={first + index} className={index === count - 1 ? 'macro' : ''} data-state={index < filled ? 'verified' : 'open'} title={formatNumber(first + index)} />
      ))}
    </ol>
  );
}

/** With a gap between batches if there are few enough to tell apart. */
function Ring({ share, parts, epoch }: { readonly share: number; readonly parts: number; readonly epoch: number }) {
  const gaps = parts > 1 && parts <= 16 ? Array.from({ length: parts }, (_, index) => (index * 360) / parts) : [];
  return (
    <div className="ring">
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle className="ring-open" cx="50" cy="50" r="44" />
        <circle className="ring-done" cx="50" cy="50" r="44" pathLength="1" strokeDasharray={`${share} 1`} transform="rotate(-90 50 50)" />
        {gaps.map((angle) => (
          <path key={angle} className="ring-gap" d="M50 0V14" transform={`rotate(${angle} 50 50)`} />
        ))}
      </svg>
      <p>
        <span className="label">{texts.epoch}</span>
        <strong>{formatNumber(epoch)}</strong>
      </p>
    </div>
  );
}
