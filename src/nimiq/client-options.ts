import type { ClientOptions } from '../client/create-client.ts';
import type { NetworkName } from '../client/networks.ts';
import { idOfNetwork } from './network-id.ts';
import { NimiqError } from './nimiq-error.ts';
import type { PlainClientConfiguration } from './plain-client-configuration.ts';

const names: Readonly<Record<number, NetworkName>> = { 5: 'test-albatross', 6: 'dev-albatross', 7: 'unit-albatross', 24: 'main-albatross' };

const logLevels: readonly unknown[] = ['trace', 'debug', 'info', 'warn', 'error'];
const syncModes: readonly unknown[] = ['pico', 'light'];

/** Numbers that fit the official client's many connections. Ours has few, by its own settings, so these are checked and then left. */
const counts = ['desiredPeerCount', 'peerCountMax', 'peerCountPerIpMax', 'peerCountPerSubnetMax', 'networkBufferSize', 'numInitialConnections'] as const;

/**
 * The options of our client. `networkId`, `seedNodes` and `onlySecureWsConnections` count. `syncMode` does not: every start is pico, and
 * the past is verified in the background. `logLevel` does not: nothing is written to the console.
 * @throws {NimiqError} `bad-configuration`.
 */
export function clientOptions(config: PlainClientConfiguration): ClientOptions {
  if (typeof config !== 'object' || config === null) throw wrong('config', 'Invalid configuration: expected an object');
  const { networkId = 'MainAlbatross', seedNodes, logLevel = 'info', syncMode = 'pico', onlySecureWsConnections = true } = config;
  const id = typeof networkId === 'string' ? idOfNetwork(networkId) : undefined;
  const network = id === undefined ? undefined : names[id];
  if (network === undefined) throw wrong('networkId', `Invalid network ID: Input is not a valid network name: ${String(networkId)}`);
  if (!syncModes.includes(syncMode)) throw wrong('syncMode', `Invalid sync mode: ${String(syncMode)}`);
  if (!logLevels.includes(logLevel)) throw wrong('logLevel', `Invalid log level: ${String(logLevel)}`);
  if (typeof onlySecureWsConnections !== 'boolean') throw wrong('onlySecureWsConnections', 'onlySecureWsConnections: expected true or false');
  for (const name of counts) {
    const count = config[name];
    if (count !== undefined && !(Number.isSafeInteger(count) && count >= 0)) throw wrong(name, `${name}: expected an integer of 0 or more, got ${String(count)}`);
  }
  if (seedNodes !== undefined && (!Array.isArray(seedNodes) || seedNodes.some((seed) => typeof seed !== 'string'))) throw wrong('seedNodes', 'seedNodes: expected a list of texts');
  return {
    network,
    ...(seedNodes && seedNodes.length > 0 && { seeds: [...seedNodes] }),
    ...(!onlySecureWsConnections && { settings: { allowInsecure: true } }),
  };
}

function wrong(option: string, message: string): NimiqError {
  return new NimiqError('bad-configuration', message, { option });
}
