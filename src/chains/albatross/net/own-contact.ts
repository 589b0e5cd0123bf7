import type { Ed25519PrivateKey } from '@libp2p/interface';
import { compareBytes } from '../../../base/bytes.ts';
import { MAX_CONTACT_ADDRESSES, MAX_MULTIADDR } from '../wire/discovery.ts';
import type { SignedPeerContact } from '../wire/discovery.ts';
import type { Clock } from '../../../base/clock.ts';
import { parseMultiaddr } from '../../../network/addresses.ts';
import { isRelayed } from '../../../network/browser-addresses.ts';
import { signContact } from './contact-signature.ts';

/** Milliseconds after which our contact gets a new timestamp (Albatross network reference, 2.6). */
const REFRESH_INTERVAL = 60_000;
/**
 * Seconds by which our contact is dated back. Official nodes silently ignore a peer whose contact lies in their future, and
 * accept one dated more than an hour back, relayed ones up to 30 min: a device whose clock is up to a minute fast still joins.
 * Albatross network reference, 2.7.
 */
const BACKDATING = 60;

/** The contact we hand out about ourselves: signed again every minute, its timestamp always increasing. */
export class OwnContact {
  readonly #clock: Clock;
  readonly #key: Ed25519PrivateKey;
  readonly #services: number;
  readonly #addresses: () => readonly string[];
  #timestamp = 0;
  #signedAt = Number.NEGATIVE_INFINITY;
  #current: Promise<SignedPeerContact> | undefined;

  constructor(options: { readonly clock: Clock; readonly key: Ed25519PrivateKey; readonly services: number; /** The addresses we listen on, without `/p2p`. */ readonly addresses: () => readonly string[] }) {
    this.#clock = options.clock;
    this.#key = options.key;
    this.#services = options.services;
    this.#addresses = options.addresses;
  }

  current(): Promise<SignedPeerContact> {
    const now = this.#clock.monotonic();
    if (this.#current === undefined || now - this.#signedAt >= REFRESH_INTERVAL) {
      this.#signedAt = now;
      this.#timestamp = Math.max(this.#timestamp + 1, Math.floor(this.#clock.now() / 1000) - BACKDATING);
      const addresses = this.#addresses().flatMap(publicBytes).sort(compareBytes).slice(0, MAX_CONTACT_ADDRESSES);
      this.#current = signContact(this.#key, { addresses, publicKey: this.#key.publicKey.raw, services: this.#services, validatorInfo: undefined, timestamp: this.#timestamp });
    }
    return this.#current;
  }
}

/** A browser's addresses are useless to the network's nodes, and must not be disclosed to them. */
function publicBytes(address: string): Uint8Array[] {
  const parsed = parseMultiaddr(address);
  return parsed === undefined || isRelayed(parsed) || parsed.bytes.length > MAX_MULTIADDR ? [] : [parsed.bytes];
}
