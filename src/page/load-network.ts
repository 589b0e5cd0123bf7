import type { ClientOptions } from '../client/create-client.ts';
import { JsonError, parseJsonObject } from './parse-json.ts';

/** Why a network file cannot be used; each reason has its text. */
type Reason = JsonError['code'] | 'chosen-elsewhere' | 'file-too-large' | 'not-kept' | 'other-server' | 'not-fetched' | 'not-there';

/** The network that the URL names cannot be loaded. `detail`: what the browser or the server said. */
export class NetworkFileError extends Error {
  override readonly name = 'NetworkFileError';
  readonly code = 'network-file';
  readonly data: Readonly<Record<string, string | number>>;
  constructor(path: string, reason: Reason, detail: string | number = '') {
    super(`network file ${path}: ${reason} ${detail}`);
    this.data = { path, reason, detail };
  }
}

/** Where a tab keeps a network file that the user chose in it, by the file's name. */
const keptKey = (name: string) => `petrel-network-file ${name}`;
const keptPrefix = '@';

/** Bytes. The largest genesis block with its keys is far smaller; browsers keep some 5 MB for a tab. */
const MAX_FILE = 1_000_000;

/** Milliseconds that the server has for the whole file. */
const FETCH_TIMEOUT = 30_000;

/**
 * Keeps the file for this tab, also across reloads. Resolves with the name by which the URL refers to it.
 * @throws NetworkFileError if it is too large, cannot be read, or cannot be stored.
 */
export async function keepNetworkFile(file: File): Promise<string> {
  if (file.size > MAX_FILE) throw new NetworkFileError(file.name, 'file-too-large', MAX_FILE);
  const name = keptPrefix + file.name;
  try {
    sessionStorage.setItem(keptKey(name), await file.text());
  } catch (error) {
    throw new NetworkFileError(file.name, 'not-kept', String(error));
  }
  return name;
}

function keptNetwork(name: string): ClientOptions['network'] {
  const text = sessionStorage.getItem(keptKey(name));
  if (text === null) throw new NetworkFileError(name.slice(1), 'chosen-elsewhere');
  return parametersIn(text, name.slice(1));
}

/** Where this origin keeps the network file that was fetched last: a page that the service worker opens without a server needs it. One file, with its path. */
const FETCHED = 'petrel-fetched-network';

function keepFetched(path: string, text: string): void {
  try {
    localStorage.setItem(FETCHED, JSON.stringify([path, text]));
  } catch {
    // No room, or the browser blocks site data: then the page opens online only.
  }
}

/** The text of the file that was fetched last, if it is the one at this path. */
function fetchedBefore(path: string): string | undefined {
  try {
    const [kept, text] = JSON.parse(localStorage.getItem(FETCHED) ?? '[]') as readonly unknown[];
    return kept === path && typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

function parametersIn(text: string, path: string): ClientOptions['network'] {
  try {
    // The hub checks the fields.
    return parseJsonObject(text) as unknown as ClientOptions['network'];
  } catch (error) {
    if (error instanceof JsonError) throw new NetworkFileError(path, error.code);
    throw error;
  }
}

/**
 * A network by name; or, if the name begins with a slash, the parameters in a JSON file of this origin; or, if it begins with `@`, those in
 * the file that was chosen in this tab. The hub checks the content of the file. Without a connection to the server, the file is the one that was fetched
 * last, if it has this path.
 * @throws NetworkFileError if the file is not there or is not JSON.
 */
export async function loadNetwork(name: string): Promise<ClientOptions['network']> {
  if (name.startsWith(keptPrefix)) return keptNetwork(name);
  if (!name.startsWith('/')) return name as ClientOptions['network'];
  const url = new URL(name, location.origin);
  // `//host/…` begins with a slash too.
  if (url.origin !== location.origin) throw new NetworkFileError(name, 'other-server');
  const notFetched = (error: unknown) => {
    throw new NetworkFileError(name, 'not-fetched', String(error));
  };
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT) }).catch((error: unknown) => {
    const text = fetchedBefore(name);
    return text === undefined ? notFetched(error) : new Response(text);
  });
  if (!response.ok) throw new NetworkFileError(name, 'not-there', response.status);
  if (Number(response.headers.get('content-length')) > MAX_FILE) throw new NetworkFileError(name, 'file-too-large', MAX_FILE);
  const text = await response.text().catch(notFetched);
  if (text.length > MAX_FILE) throw new NetworkFileError(name, 'file-too-large', MAX_FILE);
  const parameters = parametersIn(text, name);
  keepFetched(name, text);
  return parameters;
}

/** The chain of a network: as its parameters name it; `albatross` if they name none, and for every built-in network. Unchecked: the hub checks it. */
export function chainOfNetwork(network: ClientOptions['network']): string {
  const { chain } = (typeof network === 'string' ? {} : network) as { readonly chain?: unknown };
  return typeof chain === 'string' ? chain : 'albatross';
}
