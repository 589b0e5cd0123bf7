import type { Head, Status } from '../../client/types.ts';
import { formatNumber } from '../format.ts';
import { texts } from '../texts.ts';

/** The running batch, a cell a block, the last one the macro block that makes the batch final; and the epoch as a ring. */
export function BatchPanel({ network, head }: { readonly network: Status['network']; readonly head: Head }) {
  const { blocksPerBatch, batchesPerEpoch, genesisHeight } = network;
  const filled = head.latest.height - head.final.height;
  const since = head.latest.height - genesisHeight;
  const perEpoch = blocksPerBatch * batchesPerEpoch;
  const done = since % perEpoch;
  const epoch = Math.floor(since / perEpoch) + 1;
  const batch = Math.floor(done / blocksPerBatch) + 1;
  const first = head.final.height + 1;
  return (
    <section className="panel batch" aria-label={texts.batch}>
      <div className="batch-text">
        <Ring share={done / perEpoch} />
        <div>
          <p className="label">
            {texts.epoch} {formatNumber(epoch)} · {texts.batch} {formatNumber(batch)} / {formatNumber(batchesPerEpoch)}
          </p>
          <p className="quiet" data-testid="batch">
            {formatNumber(filled)} / {formatNumber(blocksPerBatch)}
          </p>
        </div>
      </div>
      <ol className="cells" aria-hidden="true">
        {Array.from({ length: blocksPerBatch }, (_, index) => (
          <li key={first + index} className={index === blocksPerBatch - 1 ? 'macro' : ''} data-state={index < filled ? 'verified' : 'open'} title={formatNumber(first + index)} />
        ))}
      </ol>
    </section>
  );
}

function Ring({ share }: { readonly share: number }) {
  return (
    <svg className="ring" viewBox="0 0 40 40" aria-hidden="true">
      <circle cx="20" cy="20" r="16" pathLength="1" />
      <circle className="ring-done" cx="20" cy="20" r="16" pathLength="1" strokeDasharray={`${share} 1`} transform="rotate(-90 20 20)" />
    </svg>
  );
}
