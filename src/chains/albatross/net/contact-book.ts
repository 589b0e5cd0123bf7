import { providesServices } from '../wire/services.ts';
import { contactSize } from '../wire/discovery.ts';
import type { SignedPeerContact } from '../wire/discovery.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import { dialRefusal, isPlainAddress, parseMultiaddr, socketAddress } from '../../../network/addresses.ts';
import type { SocketAddress } from '../../../network/addresses.ts';
import { isRelayed } from '../../../network/browser-addresses.ts';
import { SourceShares } from '../../../network/source-shares.ts';
import { contactPeerId, verifyContact } from './contact-signature.ts';
import type { ToldPeer } from '../../../network/node/known-addresses.ts';

/** Bytes of an Ed25519 signature: official nodes read no other length. */
const SIGNATURE_LENGTH = 64;
/**
 * Bounds of contacts that peers gave of themselves, in all and from one network. The share limits a relay with many peers behind it, or an
 * attacker with many identities.
 */
const OWN = { max: 128, share: 32 };
/** Bounds of contacts that other peers reported, in all and from one network: two whole messages. */
const TOLD = { max: 384, share: 128 };
/** Milliseconds after which a contact is forgotten (Albatross network reference, 2.6: 30 min). */
const MAX_AGE = 30 * 60_000;
/** Milliseconds by which a contact may lie in our future: two honest clocks may differ by that much. */
const MAX_AHEAD = 60_000;
/** Addresses of one contact that are dialled at most: a signed contact must not make us dial fifteen hosts of the attacker's choice. */
const MAX_DIALLED_ADDRESSES = 3;

/**
 * Maximum size in bytes of a contact to keep, signature included. 64 of them take half of one of our frames (131 072 of 262 144 bytes). 15
 * addresses of 100 bytes are below it, and a node has three or four of 30.
 */
const MAX_SIZE = 2048;

/** `stored`, or why not. Only `invalid` is a fault of the sender. */
export type ContactVerdict = 'stored' | 'known' | 'own' | 'petrel' | 'no-address' | 'browser' | 'strange-address' | 'strange-signature' | 'too-large' | 'services' | 'too-old' | 'future' | 'invalid';

/** Petrel clients remembered in order to keep their contacts out. Far fewer are connected at a time. */
const MAX_PETRELS = 512;

/** The source of a contact. */
export interface ContactSource {
  /** The network whose share the contact takes (`tellerOf` the peer that sent it). Identities cost an attacker nothing, networks cost something. */
  readonly network: string;
  /** The sender gave its own contact, over its own connection. */
  readonly own: boolean;
}

interface Entry {
  readonly peerId: string;
  readonly signed: SignedPeerContact;
  readonly dialable: readonly SocketAddress[];
}

/** Removed contacts that are kept. A ban is lifted within ten minutes or so, or not at all; at the bound the oldest contact is dropped. */
const MAX_REMOVED = 64;

/** A removed contact and its sources. */
interface RemovedContact {
  readonly signed: SignedPeerContact;
  readonly sources: readonly ContactSource[];
}

/**
 * The peers we know of: checked, bounded and aged. Contacts that peers give of themselves and contacts that others report have separate
 * bounds, and each reporting network has a share in these: no network can push out what others reported. A signed contact gives way to a
 * newer one by the same key, whichever peer brings it.
 */
export class ContactBook {
  /** Contacts of banned peers, in case they are pardoned. */
  readonly #removed = new Map<string, RemovedContact>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ownId: string;
  readonly #requiredServices: number;
  readonly #allowInsecure: boolean;
  readonly #privateContacts: boolean | undefined;
  /** By peer id. Each is in `#own`, in `#told` or in both. */
  readonly #entries = new Map<string, Entry>();
  readonly #own: SourceShares;
  readonly #told: SourceShares;
  readonly #petrels = new Set<string>();

  constructor(options: { readonly clock: Clock; readonly random: Random; readonly ownId: string; readonly requiredServices: number; readonly allowInsecure: boolean; readonly privateContacts?: boolean | undefined }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#ownId = options.ownId;
    this.#requiredServices = options.requiredServices;
    this.#allowInsecure = options.allowInsecure;
    this.#privateContacts = options.privateContacts;
    this.#own = new SourceShares({ random: options.random, ...OWN });
    this.#told = new SourceShares({ random: options.random, ...TOLD });
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Takes a contact in after all checks, the cheap ones first. A known contact gives way only to a newer one; if the contact is not newer,
   * only its source is noted. The signature of a contact that was `verified` already is not checked again.
   */
  async add(signed: SignedPeerContact, source: ContactSource, options?: { readonly verified?: boolean }): Promise<ContactVerdict> {
    const { contact } = signed;
    const peerId = contactPeerId(contact);
    if (peerId === undefined) return 'invalid';
    if (peerId === this.#ownId) return 'own';
    if (this.#petrels.has(peerId)) return 'petrel';
    const refusal = this.#refusal(signed);
    if (refusal !== undefined) return refusal;
    // Its signature is not checked: the contact we hold stays, and the sender is noted as a source of it.
    if (this.#isKnown(peerId, contact.timestamp)) return this.#tellAgain(peerId, source);
    if (options?.verified !== true && !(await verifyContact(signed))) return 'invalid';
    // A newer contact may have arrived while the signature was checked.
    if (this.#isKnown(peerId, contact.timestamp)) return this.#tellAgain(peerId, source);
    const addresses = contact.addresses.flatMap((bytes) => {
      const parsed = parseMultiaddr(bytes);
      return (parsed && socketAddress(parsed)) ?? [];
    });
    const dialable = addresses.filter((address) => dialRefusal(address, { source: 'contact', allowInsecure: this.#allowInsecure, privateContacts: this.#privateContacts }) === undefined).slice(0, MAX_DIALLED_ADDRESSES);
    this.#entries.set(peerId, { peerId, signed, dialable });
    this.#note(peerId, source);
    return 'stored';
  }

  #tellAgain(peerId: string, source: ContactSource): 'known' {
    this.#note(peerId, source);
    return 'known';
  }

  #note(peerId: string, { network, own }: ContactSource): void {
    for (const gone of (own ? this.#own : this.#told).add(peerId, network)) if (!this.#own.has(gone) && !this.#told.has(gone)) this.#entries.delete(gone);
  }

  #refusal(signed: SignedPeerContact): ContactVerdict | undefined {
    const { contact } = signed;
    // A peer that does not listen is of no use to other peers.
    if (contact.addresses.length === 0) return 'no-address';
    // This check comes first because reading addresses takes time that grows faster than their size.
    const size = contactSize(signed);
    if (size === undefined || size > MAX_SIZE) return 'too-large';
    // We pass contacts on as they were signed, and addresses of browsers must not go to the network's nodes.
    if (contact.addresses.some(isBrowsers)) return 'browser';
    // The same for bytes that are no address: an official node refuses our whole message if it contains one, and no official node passes
    // one on.
    if (!contact.addresses.every(isPlainAddress)) return 'strange-address';
    if (contact.validatorInfo && contact.validatorInfo.signature.length !== SIGNATURE_LENGTH) return 'strange-signature';
    if (!providesServices(contact.services, this.#requiredServices)) return 'services';
    const age = this.#clock.now() - contact.timestamp * 1000;
    if (age > MAX_AGE) return 'too-old';
    return age < -MAX_AHEAD ? 'future' : undefined;
  }

  #isKnown(peerId: string, timestamp: number): boolean {
    return (this.#entries.get(peerId)?.signed.contact.timestamp ?? -1) >= timestamp;
  }

  /** Sets a contact aside, because its holder misbehaved. */
  remove(peerId: string): void {
    const signed = this.#entries.get(peerId)?.signed;
    const sources = [this.#own, this.#told].flatMap((list) => Array.from(list.sourcesOf(peerId), (network) => ({ network, own: list === this.#own })));
    this.#forget(peerId);
    if (!signed) return;
    this.#removed.set(peerId, { signed, sources });
    const [oldest] = this.#removed.keys();
    if (this.#removed.size > MAX_REMOVED) this.#removed.delete(oldest!);
  }

  /** Puts a removed contact back, because its holder was pardoned. Does nothing if there is none. */
  async restore(peerId: string): Promise<void> {
    const removed = this.#removed.get(peerId);
    this.#removed.delete(peerId);
    for (const source of removed?.sources ?? []) await this.add(removed!.signed, source, { verified: true });
  }

  #forget(peerId: string): void {
    this.#entries.delete(peerId);
    this.#own.delete(peerId);
    this.#told.delete(peerId);
  }

  /** Marks the peer as a Petrel client: its contact is never given to nodes of the network. */
  keepOut(peerId: string): void {
    this.#forget(peerId);
    this.#petrels.delete(peerId);
    this.#petrels.add(peerId);
    for (const oldest of this.#petrels) {
      if (this.#petrels.size <= MAX_PETRELS) break;
      this.#petrels.delete(oldest);
    }
  }

  /** Forgets contacts older than 30 minutes. */
  prune(): void {
    for (const [peerId, entry] of this.#entries) {
      if (this.#clock.now() - entry.signed.contact.timestamp * 1000 > MAX_AGE) this.#forget(peerId);
    }
  }

  /** Up to `limit` random contacts with the wanted services, never that of the peer `except`. */
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

  /** The peers and the addresses claimed for them that may be dialled. */
  dialable(): ToldPeer[] {
    this.prune();
    return Array.from(this.#entries.values()).flatMap(({ peerId, dialable }) => (dialable.length > 0 ? { peerId, addresses: dialable, sources: new Set([...this.#own.sourcesOf(peerId), ...this.#told.sourcesOf(peerId)]) } : []));
  }
}

function isBrowsers(address: Uint8Array): boolean {
  const parsed = parseMultiaddr(address);
  return parsed !== undefined && isRelayed(parsed);
}
