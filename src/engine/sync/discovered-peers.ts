/** Addresses that are remembered; the one that was heard of first is forgotten, connected ones last. */
const MOST_ADDRESSES = 256;

/** `known`: heard of, or was connected once. `unreachable`: the last dial failed. */
export type AddressState = 'known' | 'connected' | 'unreachable';

/** The addresses of peers, those that connected ones have told of too, and what is known of each. Dials nothing. */
export class DiscoveredPeers {
  readonly #states = new Map<string, AddressState>();

  /** Addresses that were heard of. What is known of one stays. */
  learn(addresses: readonly string[]): void {
    for (const address of addresses) if (!this.#states.has(address)) this.set(address, 'known');
  }

  set(address: string, state: AddressState): void {
    this.#states.set(address, state);
    if (this.#states.size <= MOST_ADDRESSES) return;
    const first = Array.from(this.#states).find(([other, known]) => other !== address && known !== 'connected') ?? Array.from(this.#states)[0]!;
    this.#states.delete(first[0]);
  }

  list(): readonly { readonly address: string; readonly state: AddressState }[] {
    return Array.from(this.#states, ([address, state]) => ({ address, state }));
  }
}
