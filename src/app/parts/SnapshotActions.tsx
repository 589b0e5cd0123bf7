import { type ChangeEvent, useRef } from 'react';
import type { Client } from '../../client/types.ts';
import { download } from '../../page/download.ts';
import { texts } from '../../page/texts.ts';

/** Bytes. The client accepts no larger snapshot (`docs/limits.md`), so a larger file is not even read. */
const MAX_FILE = 8 * 1_048_576;

class SnapshotFileError extends Error {
  override readonly name = 'SnapshotFileError';
  readonly code = 'too-large-snapshot';
}

interface Props {
  readonly client: Client;
  /** The network, for the file's name. */
  readonly network: string;
  readonly busy: boolean;
  /** Runs a button's action, and shows its errors. */
  readonly run: (work: () => Promise<void>) => void;
}

/** Exports the verified chain to a file, and imports one. An imported chain is verified like anything else. */
export function SnapshotActions({ client, network, busy, run }: Props) {
  const input = useRef<HTMLInputElement>(null);

  const save = async () => {
    const bytes = await client.exportSnapshot();
    const { latest } = await client.getHead();
    download(`${network}-${latest.height}.petrel`, bytes as Uint8Array<ArrayBuffer>);
  };

  const open = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const file = currentTarget.files?.[0];
    // Reset, so that the same file can be chosen again.
    currentTarget.value = '';
    if (!file) return;
    run(async () => {
      if (file.size > MAX_FILE) throw new SnapshotFileError();
      await client.importSnapshot(new Uint8Array(await file.arrayBuffer()));
    });
  };

  return (
    <>
      <button type="button" className="plain" disabled={busy} onClick={() => run(save)}>
        {texts.saveSnapshot}
      </button>
      <button type="button" className="plain" disabled={busy} onClick={() => input.current?.click()}>
        {texts.openSnapshot}
      </button>
      <input ref={input} type="file" hidden accept=".petrel" onChange={open} />
    </>
  );
}
