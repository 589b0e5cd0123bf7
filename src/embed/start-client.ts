import { createClient, type ClientOptions } from '../client/create-client.ts';
import { type Client, settingNames } from '../client/types.ts';
import { isDevelopment } from '../page/default-network.ts';

/**
 * Each embedding site has a client of its own, so it is a light one: as many peers as consensus needs and one more, nothing is given to
 * others, and the past is not verified from genesis on.
 */
const light = { desiredPeers: 4, maxPeers: 6, uploadCap: 0, prove: false } as const;

/** Bytes of a network file. */
const MAX_FILE = 1_000_000;
/** Milliseconds that the server has for it. */
const FETCH_TIMEOUT = 30_000;

/**
 * Starts the frame's client.
 * @param network a built-in network by name, or the path of a file of this origin.
 * @param search the query of the frame's address. It can change seeds and settings of development networks only: on others a host could
 * choose the peers that are asked, and so what is shown.
 * @throws what `createClient` throws; `network-file` (an Error) if the file cannot be read.
 */
export async function startClient(network: string, search: string): Promise<Client> {
  const parameters = network.startsWith('/') ? await networkFile(network) : (network as ClientOptions['network']);
  const { seeds, host, ...others } = isDevelopment(parameters) ? Object.fromEntries(new URLSearchParams(search)) : ({} as Record<string, string>);
  const settings = Object.fromEntries(Object.entries(others).filter(([name]) => (settingNames as readonly string[]).includes(name)));
  return createClient({ network: parameters, seeds: seeds?.split(',').filter((seed) => seed !== ''), host: host as ClientOptions['host'], settings: { ...light, ...settings } });
}

async function networkFile(path: string): Promise<ClientOptions['network']> {
  const url = new URL(path, location.origin);
  const response = url.origin === location.origin ? await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT) }).catch(() => undefined) : undefined;
  const text = response?.ok ? await response.text().catch(() => '') : '';
  if (text === '' || text.length > MAX_FILE) throw new Error(`network-file ${path}`);
  // The hub checks the fields.
  return JSON.parse(text) as ClientOptions['network'];
}
