import { useEffect, useState } from 'react';
import type { Client, TrustLevel } from '../../client/types.ts';
import { needsOwnChain, ownLevel, type ReadProof, readProof } from './read-proof.ts';

/** Milliseconds for this browser's own chain to say whether it has a block: it may have to ask peers, if it follows the network. */
const ASK_TIMEOUT = 20_000;
const HELD_TIMEOUT = 3000;

/** The file's verdict; undefined as long as it is being checked. `network`: the network file that the person gave for it. */
export function useReadProof(file: File | undefined, network: File | undefined): ReadProof | undefined {
  const [read, setRead] = useState<{ readonly file: File; readonly network: File | undefined; readonly result: ReadProof }>();
  useEffect(() => {
    if (!file) return undefined;
    const abort = new AbortController();
    readProof(file, abort.signal, undefined, network).then((result) => setRead({ file, network, result }), () => undefined);
    return () => abort.abort();
  }, [file, network]);
  return read && read.file === file && read.network === network ? read.result : undefined;
}

/**
 * What this browser's own chain says about the block that the file rests on: its level, `none`, or undefined as long as it is not known or not
 * needed. `established`: the client follows the chain; what it says before is asked for again then.
 */
export function useOwnLevel(client: Client | undefined, read: ReadProof | undefined, established: boolean): TrustLevel | 'none' | undefined {
  const [known, setKnown] = useState<{ readonly read: ReadProof; readonly level: TrustLevel | 'none' }>();
  useEffect(() => {
    if (!client || read?.kind !== 'verified' || !needsOwnChain(read.proof)) return undefined;
    const abort = new AbortController();
    ownLevel(client, read.proof, { signal: abort.signal, timeout: established ? ASK_TIMEOUT : HELD_TIMEOUT }).then((level) => setKnown({ read, level: level ?? 'none' }), () => undefined);
    return () => abort.abort();
  }, [client, read, established]);
  return known && known.read === read ? known.level : undefined;
}
