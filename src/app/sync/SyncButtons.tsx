import { useState } from 'react';
import type { Client } from '../../client/types.ts';
import { download } from '../../page/download.ts';
import { errorText, problemOf } from '../../page/problem-of.ts';
import { syncTexts } from './sync-texts.ts';
import type { SyncDetails } from './use-sync-details.ts';

interface Props {
  readonly client: Pick<Client, 'sync'>;
  readonly network: string;
  readonly details: SyncDetails;
}

/** Starts and stops the sync, where the chain can and while it is not live, and exports what was measured. */
export function SyncButtons({ client, network, details }: Props) {
  const [problem, setProblem] = useState('');
  const [steered, setSteered] = useState(true);
  const run = (work: () => Promise<unknown>) => {
    setProblem('');
    work().catch((error: unknown) => {
      const { code } = problemOf(error);
      if (code === 'unsupported') setSteered(false);
      // `stopped`: by this button, or in another tab.
      else if (code !== 'stopped') setProblem(errorText(error));
    });
  };
  const isLive = details.status.phase === 'live';
  const why = isLive ? syncTexts.isLive : undefined;
  const save = () => download(`sync-${network}.json`, `${JSON.stringify(details, undefined, 2)}\n`, 'application/json');
  return (
    <>
      <p className="actions">
        {steered && <button type="button" disabled={isLive} title={why} onClick={() => run(() => client.sync.startSync())}>{syncTexts.start}</button>}
        {steered && <button type="button" className="plain" disabled={isLive} title={why} onClick={() => run(() => client.sync.stopSync())}>{syncTexts.stop}</button>}
        <button type="button" className="plain" onClick={save}>{syncTexts.export}</button>
      </p>
      {!steered && <p className="quiet small" role="status">{syncTexts.notSteered}</p>}
      <p className="warn small" role="status">{problem}</p>
    </>
  );
}
