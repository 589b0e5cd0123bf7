import { Freeable } from '../keys/freeable.ts';
import { idOfNetwork, networkOfId } from './network-id.ts';
import { NimiqError } from './nimiq-error.ts';
import type { PlainClientConfiguration } from './plain-client-configuration.ts';

/** Prepares what `Client.create` takes. Values are the official client's; `clientOptions` says which of them count here. */
export class ClientConfiguration extends Freeable {
  readonly #plain: Required<Omit<PlainClientConfiguration, 'seedNodes'>> = {
    networkId: 'MainAlbatross',
    logLevel: 'info',
    onlySecureWsConnections: true,
    desiredPeerCount: 12,
    peerCountMax: 50,
    peerCountPerIpMax: 10,
    peerCountPerSubnetMax: 10,
    networkBufferSize: 1024,
    syncMode: 'pico',
    numInitialConnections: 4,
  };
  #seedNodes: readonly string[] | undefined;

  /** The network by its name, in any case: `MainAlbatross`, `TestAlbatross`, `DevAlbatross`, `UnitAlbatross`. @throws {NimiqError} `bad-configuration`. */
  network(network: string): void {
    const id = typeof network === 'string' ? idOfNetwork(network) : undefined;
    if (id === undefined) throw new NimiqError('bad-configuration', `Input is not a valid network name: ${String(network)}`, { option: 'network' });
    this.#plain.networkId = networkOfId(id);
  }

  /** Multiaddresses to dial first, instead of the network's own. @throws {NimiqError} `bad-configuration`. */
  seedNodes(seeds: string[]): void {
    if (!Array.isArray(seeds) || seeds.some((seed) => typeof seed !== 'string')) throw new NimiqError('bad-configuration', 'seedNodes: expected a list of texts', { option: 'seedNodes' });
    this.#seedNodes = [...seeds];
  }

  logLevel(level: string): void {
    this.#plain.logLevel = String(level).toLowerCase();
  }

  syncMode(mode: string): void {
    this.#plain.syncMode = String(mode).toLowerCase();
  }

  onlySecureWsConnections(only: boolean): void {
    this.#plain.onlySecureWsConnections = only;
  }

  desiredPeerCount(count: number): void {
    this.#plain.desiredPeerCount = count;
  }

  peerCountMax(count: number): void {
    this.#plain.peerCountMax = count;
  }

  peerCountPerIpMax(count: number): void {
    this.#plain.peerCountPerIpMax = count;
  }

  peerCountPerSubnetMax(count: number): void {
    this.#plain.peerCountPerSubnetMax = count;
  }

  networkBufferSize(size: number): void {
    this.#plain.networkBufferSize = size;
  }

  /** Without `seedNodes`, if none were set: then those of the network count. */
  build(): PlainClientConfiguration {
    return { ...this.#plain, ...(this.#seedNodes && { seedNodes: [...this.#seedNodes] }) };
  }
}
