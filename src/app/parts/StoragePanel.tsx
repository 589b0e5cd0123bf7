import { useRef, useState } from 'react';
import type { Client, Status } from '../../client/types.ts';
import { errorText } from '../../page/problem-of.ts';
import { formatBytes } from '../../page/format.ts';
import { storageTexts, texts } from '../../page/texts.ts';
import { pageTexts } from '../page-texts.ts';
import { Fold } from './Fold.tsx';
import { SnapshotActions } from './SnapshotActions.tsx';

interface Props {
  readonly client: Client;
  readonly network: string;
  readonly storage: Status['storage'];
  /** The store has not been read yet. */
  readonly starting: boolean;
}

/** How much is stored, with actions to export and to delete it. */
export function StoragePanel({ client, network, storage, starting }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const { bytes, kind, cap } = storage;
  const used = texts.storageUsed(formatBytes(bytes), formatBytes(cap));

  const run = (work: () => Promise<void>) => {
    setBusy(true);
    setProblem('');
    void work()
      .catch((error: unknown) => setProblem(errorText(error)))
      .finally(() => setBusy(false));
  };

  const wipe = () => {
    dialog.current?.close();
    run(() => client.wipe());
  };

  return (
    <Fold name="storage" title={texts.storage} gist={starting ? '…' : used}>
      <p>{starting ? pageTexts.reading : storageTexts[kind]}</p>
      <svg className="meter" viewBox="0 0 100 1" preserveAspectRatio="none" role="meter" aria-labelledby="storage-title" aria-valuemin={0} aria-valuemax={cap} aria-valuenow={bytes} aria-valuetext={used}>
        <rect className="meter-open" width="100" height="1" />
        <rect className="meter-used" width={Math.min(100, (bytes / cap) * 100)} height="1" />
      </svg>
      <p className="quiet small" data-testid="stored">{used}</p>
      <p className="actions">
        <SnapshotActions client={client} network={network} busy={busy} run={run} />
        <button type="button" className="deletes" disabled={busy} onClick={() => dialog.current?.showModal()}>
          {texts.wipe}
        </button>
      </p>
      <p className="warn" role="status">{problem}</p>
      <dialog ref={dialog} aria-labelledby="wipe-title" aria-describedby="wipe-text">
        <h2 id="wipe-title">{texts.wipeTitle}</h2>
        <p id="wipe-text">{texts.wipeText}</p>
        <p className="actions">
          <button type="button" className="plain" autoFocus onClick={() => dialog.current?.close()}>
            {texts.cancel}
          </button>
          <button type="button" className="danger" onClick={wipe}>
            {texts.wipeYes}
          </button>
        </p>
      </dialog>
    </Fold>
  );
}
