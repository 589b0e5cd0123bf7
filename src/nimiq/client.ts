import type { Clock } from '../base/clock.ts';
import { pageClock } from '../base/page-clock.ts';
import { createClient, type ClientOptions } from '../client/create-client.ts';
import type { CallOptions } from '../client/types.ts';
import { Address } from '../keys/address.ts';
import { Freeable } from '../keys/freeable.ts';
import type { PlainTransaction } from '../keys/plain-transaction.ts';
import { Transaction } from '../keys/transaction.ts';
import { albatrossHead } from './albatross-details.ts';
import { callListener } from './call-listener.ts';
import { clientOptions } from './client-options.ts';
import { ConsensusChanges, type ConsensusState } from './consensus-state.ts';
import { errorCode } from './error-code.ts';
import { HeadChanges } from './head-changes.ts';
import { Inclusions } from './inclusions.ts';
import { Listeners } from './listeners.ts';
import type { Client as NativeClient } from '../client/types.ts';
import { networkIdOfClient } from './network-id-of-client.ts';
import { NimiqError } from './nimiq-error.ts';
import { isConnected, PeerChanges } from './peer-changes.ts';
import { plainAccount, type PlainAccount } from './plain-account.ts';
import type { PlainBlock } from './plain-block.ts';
import type { PlainBlocks } from './plain-blocks.ts';
import type { PlainClientConfiguration } from './plain-client-configuration.ts';
import { plainPeerInfo, type PlainPeerInfo } from './plain-peer-info.ts';
import type { PlainElectedValidator, PlainStaker, PlainValidator } from './plain-staking.ts';
import { plainTransactionDetails, type PlainTransactionDetails } from './plain-transaction-details.ts';
import type { PlainTransactionReceipt } from './plain-transaction-receipt.ts';
import { sendTransaction } from './send-transaction.ts';
import { TransactionHistory } from './transaction-history.ts';
import { untilEstablished } from './until-established.ts';

/** The official client answers as of the newest block. */
const NEWEST = { asOf: 'latest' } as const;
/** Transactions that one call can ask for. */
const MAX_TRANSACTIONS = 500;

type AnyAddress = Address | string | Uint8Array;

/**
 * The official client's API on our client. What it answers was verified in the hub, which all tabs of the origin share, but for receipts.
 * Methods reject with `NimiqError`, with `KeysError` for addresses and transactions that cannot be read, or as those of our client do.
 */
export class Client extends Freeable {
  /** Our own client, for what the official API has no words for: `trust`, finality, proofs. */
  readonly native: NativeClient;
  readonly #owned: boolean;
  readonly #clock: Clock;
  readonly #networkId: number;
  readonly #listeners = new Listeners();
  #blocks: Promise<PlainBlocks> | undefined;

  private constructor(native: NativeClient, networkId: number, owned: boolean, clock: Clock) {
    super();
    this.native = native;
    this.#networkId = networkId;
    this.#owned = owned;
    this.#clock = clock;
  }

  /**
   * Resolves when the hub has answered, which it does before it has peers. `options` are our client's own.
   * @throws {NimiqError} `bad-configuration`; and as `createClient`.
   */
  static async create(config: PlainClientConfiguration, options?: Pick<ClientOptions, 'settings' | 'host' | 'workers'>): Promise<Client> {
    const { settings, ...rest } = clientOptions(config);
    const native = await createClient({ ...rest, ...options, settings: { ...settings, ...options?.settings } });
    return new Client(native, await networkIdOfClient(native), true, pageClock);
  }

  /**
   * On a client that the caller has made, and closes.
   * @throws {NimiqError} `unsupported` for a client of another chain.
   */
  static async from(native: NativeClient, clock: Clock = pageClock): Promise<Client> {
    return new Client(native, await networkIdOfClient(native), false, clock);
  }

  /** Removes all listeners, and closes our client if `create` made it. Unlike the official object, this one says `closed` afterwards. */
  override free(): void {
    this.#listeners.clear();
    if (this.#owned) void this.native.close();
  }

  override [Symbol.dispose](): void {
    this.free();
  }

  /** Calls the listener when the state changes. */
  async addConsensusChangedListener(listener: (state: ConsensusState) => unknown): Promise<number> {
    requireFunction(listener);
    const changes = new ConsensusChanges(await this.native.getStatus());
    return this.#listeners.add(
      this.native.on('status', (status) => {
        const state = changes.next(status);
        if (state !== undefined) callListener(listener, state);
      }),
    );
  }

  /** Calls the listener for every new block of the chain, and for every change of branch. */
  async addHeadChangedListener(listener: (hash: string, reason: string, revertedBlocks: string[], adoptedBlocks: string[]) => unknown): Promise<number> {
    requireFunction(listener);
    const changes = new HeadChanges(await this.native.getHead());
    return this.#listeners.add(
      this.native.on('head', (event) => {
        for (const { hash, reason, reverted, adopted } of changes.next(event)) callListener(listener, hash, reason, reverted, adopted);
      }),
    );
  }

  /** Calls the listener when a peer joins or leaves. */
  async addPeerChangedListener(listener: (peerId: string, reason: 'joined' | 'left', peerCount: number, peerInfo?: PlainPeerInfo) => unknown): Promise<number> {
    requireFunction(listener);
    const changes = new PeerChanges(await this.native.getPeers());
    return this.#listeners.add(
      this.native.on('peers', (peers) => {
        for (const { peerId, reason, count, info } of changes.next(peers)) callListener(listener, peerId, reason, count, info);
      }),
    );
  }

  /**
   * Calls the listener when a transaction of one of the addresses comes into a block: as its sender, its recipient, or the staker whom
   * stake is added for. At most two peers learn an address.
   */
  async addTransactionListener(listener: (transaction: PlainTransactionDetails) => unknown, addresses: AnyAddress[]): Promise<number> {
    requireFunction(listener);
    const watched = addressTexts(addresses);
    const inclusions = new Inclusions();
    return this.#listeners.add(
      this.native.watch(watched, (update) => {
        const view = inclusions.next(update);
        if (view) callListener(listener, plainTransactionDetails(view, this.#networkId));
      }),
    );
  }

  /** An unknown handle is no error. */
  async removeListener(handle: number): Promise<void> {
    this.#listeners.remove(handle);
  }

  /** This tab needs the network again. */
  async connectNetwork(): Promise<void> {
    this.native.resume();
  }

  /** This tab does not need the network. The shared client goes on for other tabs. */
  async disconnectNetwork(): Promise<void> {
    this.native.pause();
  }

  async isConsensusEstablished(): Promise<boolean> {
    const { phase } = await this.native.getStatus();
    return phase === 'established';
  }

  /** Stays pending until there is a consensus; `signal` and `timeout` (milliseconds, none by default) end it, which the official method cannot. */
  async waitForConsensusEstablished(options: CallOptions = {}): Promise<void> {
    await untilEstablished(this.native, this.#clock, options);
  }

  /** 24 main, 5 test, 6 dev, 7 unit. */
  async getNetworkId(): Promise<number> {
    return this.#networkId;
  }

  /** The build of our client. */
  async getVersion(): Promise<string> {
    const { host } = await this.native.getStatus();
    return host.build;
  }

  /** The version of the newest block. */
  async getProtocolVersion(): Promise<number> {
    const { latest } = await this.native.getHead();
    return albatrossHead(latest).version;
  }

  async getHeadHash(): Promise<string> {
    const { latest } = await this.native.getHead();
    return latest.hash;
  }

  async getHeadHeight(): Promise<number> {
    const { latest } = await this.native.getHead();
    return latest.height;
  }

  async getHeadBlock(): Promise<PlainBlock> {
    return this.getBlock(await this.getHeadHash());
  }

  /** Also asks peers, where the official client has only its own. @throws {NimiqError} `not-found`. */
  async getBlock(hash: string): Promise<PlainBlock> {
    if (typeof hash !== 'string') throw new NimiqError('bad-argument', `hash: expected a text, got ${typeof hash}`, { argument: 'hash' });
    return (await this.#plainBlocks()).get(hash);
  }

  /** The same, by the height on the chain. */
  async getBlockAt(height: number): Promise<PlainBlock> {
    if (typeof height !== 'number') throw new NimiqError('bad-argument', `height: expected a number, got ${typeof height}`, { argument: 'height' });
    return (await this.#plainBlocks()).get(height);
  }

  /** Proven against the newest block, which may still change. An address under which nothing is stored is a basic account with balance 0. */
  async getAccount(address: AnyAddress): Promise<PlainAccount> {
    const { value } = await this.native.accounts.get(addressText(address), NEWEST);
    return plainAccount(value);
  }

  /** In the order of the addresses. */
  async getAccounts(addresses: AnyAddress[]): Promise<PlainAccount[]> {
    const answers = await this.#ask(addresses, (texts) => this.native.accounts.get(texts, NEWEST));
    return answers.map(({ value }) => plainAccount(value));
  }

  /** `undefined`: proven that there is none. */
  async getStaker(address: AnyAddress): Promise<PlainStaker | undefined> {
    const { value } = await this.native.staking.getStaker(addressText(address), NEWEST);
    return value && { ...value };
  }

  async getStakers(addresses: AnyAddress[]): Promise<(PlainStaker | undefined)[]> {
    const answers = await this.#ask(addresses, (texts) => this.native.staking.getStakers(texts, NEWEST));
    return answers.map(({ value }) => value && { ...value });
  }

  /** `undefined`: proven that there is none. */
  async getValidator(address: AnyAddress): Promise<PlainValidator | undefined> {
    const { value } = await this.native.staking.getValidator(addressText(address), NEWEST);
    return value && { ...value };
  }

  async getValidators(addresses: AnyAddress[]): Promise<(PlainValidator | undefined)[]> {
    const answers = await this.#ask(addresses, (texts) => this.native.staking.getValidators(texts, NEWEST));
    return answers.map(({ value }) => value && { ...value });
  }

  /** From the verified election block; no peer is asked. */
  async getElectedValidators(): Promise<PlainElectedValidator[]> {
    const { value } = await this.native.staking.getElected();
    return value.map((validator) => ({ ...validator }));
  }

  /** The peers that are known now, connected or not. */
  async getAddressBook(): Promise<PlainPeerInfo[]> {
    const peers = await this.native.getPeers();
    return peers.map(plainPeerInfo);
  }

  /** @throws {NimiqError} `not-found` if no peer can prove it. */
  async getTransaction(hash: string): Promise<PlainTransactionDetails> {
    try {
      const { value } = await this.native.transactions.get(hash);
      return plainTransactionDetails(value, this.#networkId);
    } catch (error) {
      if (errorCode(error) === 'no-answer') throw new NimiqError('not-found', 'Transaction not found', {}, { cause: error });
      throw error;
    }
  }

  /**
   * What a peer says, newest first; nothing of it is proven.
   * @throws {NimiqError} `bad-argument`, `not-enough-peers`.
   */
  async getTransactionReceiptsByAddress(address: AnyAddress, limit?: number | null, startAt?: string | null, minPeers?: number | null): Promise<PlainTransactionReceipt[]> {
    const most = limitOf(limit, 'The maximum number of transaction receipts exceeds the one that is supported');
    const text = addressText(address);
    await this.#requirePeers(minPeers);
    if (most === 0) return [];
    const receipts = await this.native.transactions.receipts(text, { before: startAt ?? undefined, limit: most });
    return receipts.map(({ hash, height }) => ({ transactionHash: hash, blockHeight: height }));
  }

  /**
   * An address's transactions, newest first. Each is proven; that none is missing is not.
   * @param sinceBlockHeight nothing from below.
   * @param knownTransactionDetails what the caller has: those that are not final are looked at, and sent, again.
   * @param startAt a hash; only older ones.
   * @param limit at most 500, which is the default.
   * @param minPeers connected peers that there must be, by default 1.
   * @throws {NimiqError} `bad-argument`, `not-enough-peers`.
   */
  async getTransactionsByAddress(
    address: AnyAddress,
    sinceBlockHeight?: number | null,
    knownTransactionDetails?: PlainTransactionDetails[] | null,
    startAt?: string | null,
    limit?: number | null,
    minPeers?: number | null,
  ): Promise<PlainTransactionDetails[]> {
    const most = limitOf(limit, 'The maximum number of transactions exceeds the one that is supported');
    const text = addressText(address);
    await this.#requirePeers(minPeers);
    const history = new TransactionHistory(this.native, this.#networkId);
    return history.transactions({ address: text, since: sinceBlockHeight ?? 0, known: knownTransactionDetails ?? [], startAt: startAt ?? undefined, limit: most });
  }

  /**
   * Sends a transaction, in any form that `Transaction.fromAny` takes, and waits up to 10 seconds for it to come into a block. If it does
   * not, it is `new`.
   */
  async sendTransaction(transaction: Transaction | PlainTransaction | string | Uint8Array): Promise<PlainTransactionDetails> {
    return sendTransaction(Transaction.fromAny(transaction), { client: this.native, clock: this.#clock, networkId: this.#networkId });
  }

  /** Loaded with the first question about a block. */
  #plainBlocks(): Promise<PlainBlocks> {
    this.#blocks ??= import('./plain-blocks.ts').then(
      ({ PlainBlocks: Blocks }) => new Blocks(this.native),
      (error: unknown) => {
        // The next question tries again.
        this.#blocks = undefined;
        throw error;
      },
    );
    return this.#blocks;
  }

  /** Nothing is asked about no address. */
  async #ask<T>(addresses: AnyAddress[], question: (texts: readonly string[]) => Promise<readonly T[]>): Promise<readonly T[]> {
    const texts = addressTexts(addresses);
    return texts.length > 0 ? question(texts) : [];
  }

  async #requirePeers(minPeers: number | null | undefined): Promise<void> {
    // Without any peer, the question itself fails.
    const wanted = minPeers ?? 0;
    if (wanted <= 1) return;
    const connected = (await this.native.getPeers()).filter(isConnected).length;
    if (connected < wanted) throw new NimiqError('not-enough-peers', `Not enough peers: ${wanted} wanted, ${connected} connected`, { wanted, connected });
  }
}

function requireFunction(listener: unknown): void {
  if (typeof listener !== 'function') throw new NimiqError('bad-argument', 'listener is not a function', { argument: 'listener' });
}

function addressText(address: AnyAddress): string {
  return Address.fromAny(address).toUserFriendlyAddress();
}

function addressTexts(addresses: AnyAddress[]): readonly string[] {
  if (!Array.isArray(addresses)) throw new NimiqError('bad-argument', '`addresses` must be an array', { argument: 'addresses' });
  return addresses.map(addressText);
}

function limitOf(limit: number | null | undefined, tooMany: string): number {
  const most = limit ?? MAX_TRANSACTIONS;
  if (!Number.isSafeInteger(most) || most < 0) throw new NimiqError('bad-argument', `limit: expected an integer of 0 or more, got ${String(limit)}`, { argument: 'limit' });
  if (most > MAX_TRANSACTIONS) throw new NimiqError('bad-argument', tooMany, { argument: 'limit' });
  return most;
}
