import type { ClientOptions } from '../client/create-client.ts';

/** Why a network file cannot be used; each has its text. */
type Reason = 'chosen-elsewhere' | 'file-too-large' | 'not-kept' | 'not-json' | 'other-server' | 'not-fetched' | 'not-there';

/** What the address names as network cannot be had. `detail`: what the browser or the server said. */
export class NetworkFileError extends Error {
  override readonly name = 'NetworkFileError';
  readonly code = 'network-file';
  readonly data: Readonly<Record<string, string | number>>;
  constructor(path: string, reason: Reason, detail: string | number = '') {
    super(`network file ${path}: ${reason} ${detail}`);
    this.data = { path, reason, detail };
  }
}

/** Where a tab keeps the network file that a person chose in it. */
const keptKey = 'petrel-network-file';
const keptPrefix = '@';

/** Bytes. The largest genesis block with its keys is far below; browsers keep some 5 MB for a tab. */
const MAX_FILE = 1_000_000;

/**
 * Keeps the file for this tab, reloads included. Resolves with the name by which the address means it.
 * @throws NetworkFileError when it is too large, or the browser does not give it or keeps nothing.
 */
export async function keepNetworkFile(file: File): Promise<string> {
  if (file.size > MAX_FILE) throw new NetworkFileError(file.name, 'file-too-large', MAX_FILE);
  try {
    sessionStorage.setItem(keptKey, await file.text());
  } catch (error) {
    throw new NetworkFileError(file.name, 'not-kept', String(error));
  }
  return keptPrefix + file.name;
}

function keptNetwork(name: string): ClientOptions['network'] {
  const text = sessionStorage.getItem(keptKey);
  if (text === null) throw new NetworkFileError(name.slice(1), 'chosen-elsewhere');
  try {
    return JSON.parse(text) as ClientOptions['network'];
  } catch {
    throw new NetworkFileError(name.slice(1), 'not-json');
  }
}

/**
 * A network by name, or the parameters in a JSON file of this origin when the name begins with a slash, or
 * in the file that was chosen in this tab when it begins with `@`. What is in the file is
 * checked in the hub.
 * @throws NetworkFileError when the file is not there or is not JSON.
 */
export async function loadNetwork(name: string): Promise<ClientOptions['network']> {
  if (name.startsWith(keptPrefix)) return keptNetwork(name);
  if (!name.startsWith('/')) return name as ClientOptions['network'];
  const url = new URL(name, location.origin);
  // `//host/…` begins with a slash too.
  if (url.origin !== location.origin) throw new NetworkFileError(name, 'other-server');
  const response = await fetch(url, { redirect: 'error' }).catch((error: unknown) => {
    throw new NetworkFileError(name, 'not-fetched', String(error));
  });
  if (!response.ok) throw new NetworkFileError(name, 'not-there', response.status);
  return (await response.json().catch(() => {
    throw new NetworkFileError(name, 'not-json');
  })) as ClientOptions['network'];
}
