import type { PeerId } from './net.ts';

/** Peers remembered; there are never that many. At the bound the oldest goes. */
const maxPeers = 64;

/**
 * Collects who has shown macro blocks of a version above ours. A version is read before any signature is checked, so one peer can
 * make it up; only several from distinct subnets say that the network has moved on. A chain that goes on past that height says that it
 * has not.
 */
export class TooOld {
  readonly #wanted: number;
  readonly #seen = new Map<PeerId, { readonly subnet: string; readonly height: number }>();

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  /** The lowest height at which the client is too old; undefined while it is not. */
  get height(): number | undefined {
    const seen = Array.from(this.#seen.values());
    return new Set(seen.map(({ subnet }) => subnet)).size >= this.#wanted ? Math.min(...seen.map(({ height }) => height)) : undefined;
  }

  seen(peer: PeerId, subnet: string, height: number): void {
    this.#seen.delete(peer);
    this.#seen.set(peer, { subnet, height });
    if (this.#seen.size > maxPeers) this.#seen.delete(this.#seen.keys().next().value!);
  }

  forget(peer: PeerId): void {
    this.#seen.delete(peer);
  }

  /** The chain goes on: what was shown at or below was made up. */
  reached(height: number): void {
    for (const [peer, seen] of this.#seen) if (seen.height <= height) this.#seen.delete(peer);
  }
}
