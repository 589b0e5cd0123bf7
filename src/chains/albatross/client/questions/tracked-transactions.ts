import { decode } from '../../../../base/postcard/codec.ts';
import type { Clock } from '../../../../base/clock.ts';
import type { Hash } from '../../../../base/hash.ts';
import { isDenied } from '../../../../base/is-denied.ts';
import { QuestionError } from '../../../../engine/questions.ts';
import type { TransactionState, TransactionUpdate, TransactionUpdates, TransactionView } from '../../chain/wallet-views.ts';
import { accountTypes } from '../../transactions/account-type.ts';
import { friendlyAddress } from '../../transactions/address-text.ts';
import { stakingData } from '../../transactions/staking-data.ts';
import { transaction as transactionCodec } from '../../wire/transactions.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import type { ChainGround } from './chain-ground.ts';
import { ClaimedHeights } from './claimed-heights.ts';
import type { HeldEntry, KeptHistory } from './kept-history.ts';
import { LookTurns } from './look-turns.ts';
import { transactionView } from '../../proofs/transaction-views.ts';

/** Transactions followed at once. At the bound the oldest that is settled is dropped, or else the oldest that was not sent here. */
const MAX_TRACKED = 512;
/** Claims of peers that are followed at once. A peer can invent any number: at the bound, the peer with most claims loses its newest one. */
const MAX_CLAIMS = 64;
/** How often a transaction that was not sent here is looked for: a claim that no peer can prove, and one whose block was replaced. */
const CLAIM_LOOKS = 6;
const REVERTED_LOOKS = 30;
/** Updates kept for pages that ask later. */
const MAX_UPDATES = 1024;
/** A transaction that was sent here is looked for at every new block, until it was looked for this often. */
const EARLY_LOOKS = 4;
/** Milliseconds until peers are asked again whether a transaction is in a block: doubled each time, from the first to the last of these. */
const LOOK_WAIT = { first: 1000, last: 10_000 };

/** A transaction that this client gives to the network until it is in a block. */
export interface Outgoing {
  /** From this height on no block may hold it. */
  readonly validUntil: number;
  readonly publish: () => Promise<unknown>;
}

interface Tracked {
  readonly hash: Hash;
  state: TransactionState;
  transaction: TransactionView | undefined;
  addresses: readonly string[];
  /** The heights that receipts named. */
  readonly heights: ClaimedHeights;
  /** The peer on whose word alone it is followed. */
  readonly teller: PeerId | undefined;
  readonly outgoing: Outgoing | undefined;
  looks: number;
  cancelLook: (() => void) | undefined;
}

export interface TrackedTransactionsOptions {
  readonly history: Pick<KeptHistory, 'entry'>;
  readonly ground: ChainGround;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The transactions whose fate is followed: those sent here, and those of watched addresses. Each is looked for until it is proven to be in a
 * block, and followed until that block is final. A reorganisation corrects what was told. Updates are numbered, so that a page gets each
 * once, also one that was asleep.
 */
export class TrackedTransactions {
  readonly #options: TrackedTransactionsOptions;
  readonly #tracked = new Map<Hash, Tracked>();
  readonly #updates: { readonly number: number; readonly update: TransactionUpdate }[] = [];
  readonly #waiting = new Set<() => void>();
  /** Begins with the time, so that every number of this hub is above those of earlier hubs. */
  #last: number;
  readonly #turns = new LookTurns<Tracked>();

  constructor(options: TrackedTransactionsOptions) {
    this.#options = options;
    this.#last = options.clock.now();
    const { chain } = options.ground;
    const stop = chain.events.on('change', ({ kind, reverted }) => {
      if (kind === 'reset') this.#review(() => true);
      else if (reverted.length > 0) this.#review((height) => reverted.some((block) => block.height === height));
      if (kind !== 'reset') this.#onBlock();
      if (kind === 'finalized' || kind === 'epoch-finalized') this.#onFinal(chain.macroHead.height);
    });
    options.signal.addEventListener('abort', () => {
      stop();
      for (const { cancelLook } of this.#tracked.values()) cancelLook?.();
      for (const wake of this.#waiting) wake();
    }, { once: true });
  }

  /** Follows a transaction that was given to the network. */
  sent(hash: Hash, addresses: readonly string[], outgoing: Outgoing): TransactionUpdate {
    const known = this.#tracked.get(hash);
    if (known && !isClaim(known) && known.state !== 'expired') return updateOf(known);
    if (known) this.#drop(known);
    return updateOf(this.#track({ hash, addresses, outgoing, heights: new ClaimedHeights(), teller: undefined }));
  }

  /** Follows a transaction that this peer says is in a block. */
  said(hash: Hash, height: number, peer: PeerId): void {
    const known = this.#tracked.get(hash);
    if (!known) {
      if (!this.#hasRoomFor(peer)) return;
      const heights = new ClaimedHeights();
      heights.add(peer, height);
      this.#track({ hash, addresses: [], outgoing: undefined, heights, teller: peer });
      return;
    }
    if (known.state === 'confirmed' || known.state === 'included' || !known.heights.add(peer, height)) return;
    known.looks = 0;
    this.#lookSoon(known, 0);
  }

  /** Makes room for a claim of this peer, unless no other peer has more of them. */
  #hasRoomFor(peer: PeerId): boolean {
    const claims = Array.from(this.#tracked.values()).filter(isClaim);
    if (claims.length < MAX_CLAIMS) return true;
    const of = (teller: PeerId | undefined) => claims.filter((claim) => claim.teller === teller);
    const most = claims.map(({ teller }) => of(teller)).toSorted((a, b) => b.length - a.length)[0]!;
    if (most.length <= of(peer).length + 1) return false;
    this.#drop(most.at(-1)!);
    return true;
  }

  /** What is known of it; nothing as long as a peer only says that it exists. */
  get(hash: Hash): TransactionUpdate | undefined {
    const tracked = this.#tracked.get(hash);
    return tracked && !isClaim(tracked) ? updateOf(tracked) : undefined;
  }

  /**
   * The updates after number `since` that concern these subjects, as soon as there are any. Undefined asks for the number of the newest update.
   * Rejects with the signal's reason.
   * @param subjects by address (as people read it) or hash: the texts that the page wrote for it.
   */
  async updates(subjects: ReadonlyMap<string, readonly string[]>, since: number | undefined, signal: AbortSignal | undefined): Promise<TransactionUpdates> {
    if (since === undefined) return { updates: [], next: this.#last };
    let from = since;
    for (;;) {
      signal?.throwIfAborted();
      this.#options.signal.throwIfAborted();
      const updates = this.#updates.flatMap(({ number, update }) => {
        const named = number > from ? [update.hash, ...update.addresses].flatMap((subject) => subjects.get(subject) ?? []) : [];
        return named.length > 0 ? [{ ...update, subjects: named }] : [];
      });
      from = this.#last;
      if (updates.length > 0) return { updates, next: this.#last };
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiting.add(wake);
        signal?.addEventListener('abort', wake, { once: true });
      });
    }
  }

  #track(start: Pick<Tracked, 'hash' | 'addresses' | 'outgoing' | 'heights' | 'teller'>): Tracked {
    const tracked: Tracked = { ...start, state: 'sent', transaction: undefined, looks: 0, cancelLook: undefined };
    this.#tracked.delete(start.hash);
    this.#tracked.set(start.hash, tracked);
    if (this.#tracked.size > MAX_TRACKED) this.#dropOne();
    if (start.outgoing) this.#tell(tracked);
    this.#lookSoon(tracked, start.outgoing ? LOOK_WAIT.first : 0);
    return tracked;
  }

  #dropOne(): void {
    const all = Array.from(this.#tracked.values());
    const oldest = all.find(({ state }) => state === 'confirmed' || state === 'expired') ?? all.find(({ outgoing }) => !outgoing) ?? all[0]!;
    this.#drop(oldest);
  }

  #drop(tracked: Tracked): void {
    tracked.cancelLook?.();
    this.#turns.drop(tracked);
    if (this.#tracked.get(tracked.hash) === tracked) this.#tracked.delete(tracked.hash);
  }

  /** What was in these blocks is looked for again. */
  #review(isReverted: (height: number) => boolean): void {
    for (const tracked of this.#tracked.values()) {
      if (tracked.state !== 'included' || !isReverted(tracked.transaction!.blockHeight)) continue;
      tracked.state = 'reverted';
      tracked.heights.clear();
      tracked.looks = 0;
      this.#tell(tracked);
      void tracked.outgoing?.publish().catch(() => undefined);
      this.#lookSoon(tracked, LOOK_WAIT.first);
    }
  }

  /** A new block may have what was sent a moment ago. What no block took for long is looked for by time. */
  #onBlock(): void {
    for (const tracked of this.#tracked.values()) if (tracked.outgoing && tracked.state === 'sent' && tracked.looks < EARLY_LOOKS) this.#lookSoon(tracked, 0);
  }

  #onFinal(height: number): void {
    for (const tracked of this.#tracked.values()) {
      const { state, transaction, outgoing } = tracked;
      if (state === 'included' && transaction!.blockHeight <= height) {
        tracked.state = 'confirmed';
        tracked.transaction = { ...transaction!, state: 'confirmed', confirmations: this.#confirmations(transaction!.blockHeight) };
        this.#tell(tracked);
      } else if ((state === 'sent' || state === 'reverted') && outgoing) {
        if (height < outgoing.validUntil) void outgoing.publish().catch(() => undefined);
        // Its window is over. It has expired if peers know nothing of it.
        else this.#lookSoon(tracked, 0);
      }
    }
  }

  #expire(tracked: Tracked): void {
    tracked.cancelLook?.();
    tracked.state = 'expired';
    this.#tell(tracked);
  }

  #confirmations(height: number): number {
    return this.#options.ground.chain.head.height - height + 1;
  }

  #lookSoon(tracked: Tracked, wait: number): void {
    tracked.cancelLook?.();
    tracked.cancelLook = this.#options.clock.after(wait, () => {
      tracked.cancelLook = undefined;
      this.#turns.wait(tracked);
      this.#lookOn();
    });
  }

  /** Looks for those whose turn it is. */
  #lookOn(): void {
    for (let next = this.#turns.next(); next; next = this.#turns.next()) {
      const tracked = next;
      void this.#look(tracked).finally(() => {
        this.#turns.end(tracked);
        this.#lookOn();
      });
    }
  }

  async #look(tracked: Tracked): Promise<void> {
    const { ground: { chain }, signal } = this.#options;
    if (signal.aborted || this.#tracked.get(tracked.hash) !== tracked || (tracked.state !== 'sent' && tracked.state !== 'reverted')) return;
    const ended = tracked.outgoing !== undefined && chain.macroHead.height >= tracked.outgoing.validUntil;
    try {
      const { entry } = await this.#entryOf(tracked);
      const { head, macroHead } = chain;
      const view = transactionView(tracked.hash, entry, { head: head.height, final: macroHead.height });
      if (view) this.#found(tracked, view);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof QuestionError)) throw error;
      if (ended && saysUnknown(error)) this.#expire(tracked);
      else this.#notFound(tracked);
    }
  }

  /**
   * The entry, at one of the heights that peers named, or at none of them: then the last question was without a height. Of a claim only the
   * heights are known. Throws as `KeptHistory.entry`.
   */
  async #entryOf({ hash, heights, teller, state }: Tracked): Promise<HeldEntry> {
    const { history, signal } = this.#options;
    const named = heights.all;
    const places = teller === undefined || state === 'reverted' || named.length === 0 ? [...named, undefined] : named;
    for (const height of places.slice(0, -1)) {
      try {
        return await history.entry(hash, height, undefined, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof QuestionError)) throw error;
      }
    }
    return history.entry(hash, places.at(-1), undefined, signal);
  }

  #found(tracked: Tracked, view: TransactionView): void {
    tracked.transaction = view;
    tracked.state = view.state;
    tracked.addresses = addressesOf(view);
    this.#tell(tracked);
  }

  #notFound(tracked: Tracked): void {
    tracked.looks += 1;
    // A receipt that no peer can prove is worth nothing.
    if (isClaim(tracked) && tracked.looks >= CLAIM_LOOKS) return this.#drop(tracked);
    if (!tracked.outgoing && tracked.looks >= REVERTED_LOOKS) return;
    this.#lookSoon(tracked, Math.min(LOOK_WAIT.last, LOOK_WAIT.first * 2 ** tracked.looks));
  }

  #tell(tracked: Tracked): void {
    this.#last += 1;
    this.#updates.push({ number: this.#last, update: updateOf(tracked) });
    if (this.#updates.length > MAX_UPDATES) this.#updates.shift();
    for (const wake of Array.from(this.#waiting)) wake();
  }
}

/** A peer says that it is in a block; nothing of it is proven yet. */
function isClaim({ state, outgoing }: Tracked): boolean {
  return state === 'sent' && !outgoing;
}

/** Whether peers were heard that could not prove the transaction. */
function saysUnknown({ code, data }: QuestionError): boolean {
  return code === 'no-answer' && isDenied(data);
}

function updateOf({ hash, state, transaction, addresses }: Tracked): TransactionUpdate {
  return { hash, state, transaction, addresses };
}

/** Whom a transaction concerns: nodes match the same. */
function addressesOf({ sender, recipient, bytes }: TransactionView): readonly string[] {
  if (bytes.length === 0) return [recipient];
  const transaction = decode(transactionCodec, bytes);
  if (transaction.type !== 'extended' || transaction.recipientType !== accountTypes.staking) return [sender, recipient];
  const data = stakingDataIn(transaction.recipientData);
  return data?.type === 'add-stake' ? [sender, recipient, friendlyAddress(data.staker)] : [sender, recipient];
}

function stakingDataIn(bytes: Uint8Array) {
  try {
    return decode(stakingData, bytes);
  } catch {
    // A failed transaction may have any data.
    return undefined;
  }
}
