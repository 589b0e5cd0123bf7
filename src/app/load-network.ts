import type { ClientOptions } from '../client/create-client.ts';

/** What the address names as network cannot be had. */
export class NetworkFileError extends Error {
  override readonly name = 'NetworkFileError';
  readonly code = 'network-file';
  readonly data: Readonly<Record<string, string | number>>;
  constructor(path: string, reason: string) {
    super(`network file ${path}: ${reason}`);
    this.data = { path, reason };
  }
}

/**
 * A network by name, or the parameters in a JSON file of this origin when the name begins with a slash. What is in the file is
 * checked in the hub.
 * @throws NetworkFileError when the file is not there or is not JSON.
 */
export async function loadNetwork(name: string): Promise<ClientOptions['network']> {
  if (!name.startsWith('/')) return name as ClientOptions['network'];
  const url = new URL(name, location.origin);
  // `//host/…` begins with a slash too.
  if (url.origin !== location.origin) throw new NetworkFileError(name, 'it lies on another server');
  const response = await fetch(url, { redirect: 'error' }).catch((error: unknown) => {
    throw new NetworkFileError(name, String(error));
  });
  if (!response.ok) throw new NetworkFileError(name, `status ${response.status}`);
  return (await response.json().catch(() => {
    throw new NetworkFileError(name, 'not JSON');
  })) as ClientOptions['network'];
}
