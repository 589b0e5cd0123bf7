import { providesServices } from '../../albatross/wire/services.ts';
import type { SignedPeerContact } from '../../albatross/wire/discovery.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Random } from '../../engine/random.ts';
import { dialRefusal, parseMultiaddr, socketAddress } from '../addresses.ts';
import type { SocketAddress } from '../addresses.ts';
import { isRelayed } from '../browser-addresses.ts';
import { contactPeerId, verifyContact } from './contact-signature.ts';

/** Contacts kept. At the bound a random one goes, so that nobody can choose whom a flood of new contacts pushes out. */
const MAX_BOOK = 512;
/** Milliseconds after which a contact is forgotten (Albatross network reference, 2.6: 30 min). */
const MAX_AGE = 30 * 60_000;
/** Milliseconds by which a contact may lie in our future: two honest clocks may differ by that much. */
const MAX_AHEAD = 60_000;
/** Addresses of one contact that are dialled at most: a signed contact must not turn us against fifteen hosts. */
const MAX_DIALLED_ADDRESSES = 3;

/** `stored`, or why not. Only `invalid` is a fault of whoever sent it. */
export type ContactVerdict = 'stored' | 'known' | 'own' | 'petrel' | 'no-address' | 'browser' | 'services' | 'too-old' | 'future' | 'invalid';

/** Petrel clients remembered, whose contacts are kept out. Those that are connected are far fewer. */
const MAX_PETRELS = 512;

/** A contact as the pool dials it. */
export interface DialableContact {
  readonly peerId: string;
  readonly addresses: readonly SocketAddress[];
}

interface Entry {
  readonly peerId: string;
  readonly signed: SignedPeerContact;
  readonly dialable: readonly SocketAddress[];
}

/** The peers we have heard of, from themselves or from others: checked, bounded and aged. */
export class ContactBook {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ownId: string;
  readonly #requiredServices: number;
  readonly #allowInsecure: boolean;
  readonly #entries = new Map<string, Entry>();
  readonly #petrels = new Set<string>();

  constructor(options: { readonly clock: Clock; readonly random: Random; readonly ownId: string; readonly requiredServices: number; readonly allowInsecure: boolean }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#ownId = options.ownId;
    this.#requiredServices = options.requiredServices;
    this.#allowInsecure = options.allowInsecure;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Takes a contact in after all checks, the cheap ones first. A known contact gives way only to a newer one. The signature of
   * a contact that was `verified` already is not checked again.
   */
  async add(signed: SignedPeerContact, options?: { readonly verified?: boolean }): Promise<ContactVerdict> {
    const { contact } = signed;
    const peerId = contactPeerId(contact);
    if (peerId === undefined) return 'invalid';
    if (peerId === this.#ownId) return 'own';
    if (this.#petrels.has(peerId)) return 'petrel';
    const refusal = this.#refusal(signed);
    if (refusal !== undefined) return refusal;
    if (this.#isKnown(peerId, contact.timestamp)) return 'known';
    if (options?.verified !== true && !(await verifyContact(signed))) return 'invalid';
    // While the signature was checked, a newer one may have come.
    if (this.#isKnown(peerId, contact.timestamp)) return 'known';
    const addresses = contact.addresses.flatMap((bytes) => {
      const parsed = parseMultiaddr(bytes);
      return (parsed && socketAddress(parsed)) ?? [];
    });
    const dialable = addresses.filter((address) => dialRefusal(address, { source: 'contact', allowInsecure: this.#allowInsecure }) === undefined).slice(0, MAX_DIALLED_ADDRESSES);
    this.#entries.set(peerId, { peerId, signed, dialable });
    if (this.#entries.size > MAX_BOOK) this.#dropRandom(peerId);
    return 'stored';
  }

  #refusal({ contact }: SignedPeerContact): ContactVerdict | undefined {
    // A peer that does not listen is of no use to anybody else.
    if (contact.addresses.length === 0) return 'no-address';
    // What is kept is passed on as it was signed: addresses of browsers do not go to the network's nodes.
    if (contact.addresses.some(isBrowsers)) return 'browser';
    if (!providesServices(contact.services, this.#requiredServices)) return 'services';
    const age = this.#clock.now() - contact.timestamp * 1000;
    if (age > MAX_AGE) return 'too-old';
    return age < -MAX_AHEAD ? 'future' : undefined;
  }

  #isKnown(peerId: string, timestamp: number): boolean {
    return (this.#entries.get(peerId)?.signed.contact.timestamp ?? -1) >= timestamp;
  }

  #dropRandom(except: string): void {
    const keys = Array.from(this.#entries.keys()).filter((key) => key !== except);
    this.#entries.delete(keys[Math.floor(this.#random.next() * keys.length)] as string);
  }

  /** Forgets a contact, because its holder misbehaved. Returns it, for the case that the holder is pardoned. */
  remove(peerId: string): SignedPeerContact | undefined {
    const signed = this.#entries.get(peerId)?.signed;
    this.#entries.delete(peerId);
    return signed;
  }

  /** It is a Petrel client, and no contact for nodes of the network. */
  keepOut(peerId: string): void {
    this.#entries.delete(peerId);
    this.#petrels.delete(peerId);
    this.#petrels.add(peerId);
    for (const oldest of this.#petrels) {
      if (this.#petrels.size <= MAX_PETRELS) break;
      this.#petrels.delete(oldest);
    }
  }

  /** Forgets what is older than 30 minutes. */
  prune(): void {
    for (const [peerId, entry] of this.#entries) {
      if (this.#clock.now() - entry.signed.contact.timestamp * 1000 > MAX_AGE) this.#entries.delete(peerId);
    }
  }

  /** Up to `limit` random contacts with the wanted services, without that of `except`. */
  sample(limit: number, wantedServices: number, except: string): SignedPeerContact[] {
    this.prune();
    const pool = Array.from(this.#entries.values()).filter((entry) => entry.peerId !== except && providesServices(entry.signed.contact.services, wantedServices));
    const count = Math.min(limit, pool.length);
    // The first steps of a Fisher-Yates shuffle.
    for (let i = 0; i < count; i++) {
      const j = i + Math.floor(this.#random.next() * (pool.length - i));
      [pool[i], pool[j]] = [pool[j] as Entry, pool[i] as Entry];
    }
    return pool.slice(0, count).map((entry) => entry.signed);
  }

  /** Who may be dialled. */
  dialable(): DialableContact[] {
    this.prune();
    return Array.from(this.#entries.values()).flatMap((entry) => (entry.dialable.length > 0 ? { peerId: entry.peerId, addresses: entry.dialable } : []));
  }
}

function isBrowsers(address: Uint8Array): boolean {
  const parsed = parseMultiaddr(address);
  return parsed !== undefined && isRelayed(parsed);
}
