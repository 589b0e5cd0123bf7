import { BoundedCache } from '../../../base/bounded-cache.ts';
import type { Clock } from '../../../base/clock.ts';
import { joinSignals } from '../../../base/tasks.ts';
import type { ChainPeer, PeerHandlers } from '../../../engine/follow/followed-chain.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import type { Target } from '../../../engine/sync/sync-chain.ts';
import { PeerFault, type AskOptions, type PeerClaims, type Sized } from '../../../engine/sync/sync-peer.ts';
import { WINDOW } from '../../../network/http/request-counts.ts';
import { itemOfHeader, type StacksBlock, type StacksItem } from '../chain/stacks-block.ts';
import type { StacksNetwork } from '../chain/network.ts';
import type { TenureInfo } from '../chain/unconfirmed-downloader.ts';
import { GatewayError } from './gateway-error.ts';
import { countedPace } from './gateway-pace.ts';
import type { Sortition } from './gateway.ts';
import type { MeasuredGateway } from './http-gateway.ts';
import { Poller } from './poller.ts';
import { walkBack } from './walk-back.ts';

/** Tenures whose Bitcoin heights and miners are remembered; at the bound the least recently used is asked for again. A week of tenures. */
const MAX_TENURES = 1024;
/** Polls that are remembered: those of a minute, at one a second. */
const MAX_POLLS = 64;
/** Tenures whose heights are asked for at once. The gateway has six requests in flight at most. */
const AT_ONCE = 4;

export interface GatewaySessionOptions {
  readonly gateway: MeasuredGateway;
  readonly network: Pick<StacksNetwork, 'networkId' | 'firstBurnHeight' | 'cycleLength' | 'prepareLength' | 'checkpoint'>;
  readonly handlers: PeerHandlers<StacksBlock, never>;
  /** Finds and proves the newest confirmed block; `atLeast`: a lower one is of no use. Rejects as `SyncPeer` says. */
  readonly prove: (atLeast: number, session: GatewaySession, options: AskOptions) => Promise<Target>;
  /** The header of the confirmed block at this height, or of the newest one: the manifest of a snapshot without chunks. Rejects as `SyncPeer` says. */
  readonly manifest: (height: number | undefined, session: GatewaySession, options: AskOptions) => Promise<Sized<Uint8Array>>;
  /** Milliseconds between two polls: `pollPace`. */
  readonly pace: () => number;
  readonly clock: Clock;
  /** Closes the session when it aborts. */
  readonly ending?: AbortSignal | undefined;
}

/**
 * A gateway as a peer of the sync and of the client. It polls for the newest block, and announces it when it is another one: one request a poll while nothing is new. Its
 * claim is the height that it can prove to be confirmed, not that of its newest block.
 */
export class GatewaySession implements ChainPeer<StacksBlock> {
  readonly id: string;
  readonly address: string;
  readonly transport: 'http' | 'https';
  readonly gateway: MeasuredGateway;
  readonly #options: GatewaySessionOptions;
  readonly #poller: Poller;
  readonly #ending = new AbortController();
  /** By tenure. */
  readonly #sortitions = new BoundedCache<Pick<Sortition, 'burnHeight' | 'minerKeyHash'>>(MAX_TENURES);
  #tip!: TenureInfo;
  #claims: PeerClaims;
  /** Monotonic milliseconds of the last polls. */
  #polls: readonly number[] = [];
  #cancelFirst: (() => void) | undefined;
  #confirmed: { readonly from: string; readonly height: number } | undefined;

  private constructor(options: GatewaySessionOptions) {
    const { gateway, clock, pace, network } = options;
    this.#options = options;
    this.gateway = gateway;
    this.id = gateway.url;
    this.address = gateway.url;
    this.transport = gateway.url.startsWith('https:') ? 'https' : 'http';
    this.#claims = { height: 0, earliest: network.checkpoint.block.height, snapshot: undefined };
    this.#poller = new Poller({
      clock,
      pace: () => Math.max(pace(), countedPace({ ...gateway.use, polls: this.#recentPolls() })),
      poll: (signal) => this.#poll(signal),
      failed: (error) => this.#failed(error),
      ended: (code) => this.#end(code),
    });
  }

  /** Asks what the gateway is and has, and begins to poll it. Rejects with `GatewayError`, `RequestError`, `PeerFault`, or the signal's reason. */
  static async open(options: GatewaySessionOptions, { signal }: AskOptions): Promise<GatewaySession> {
    const { gateway, network, ending, clock } = options;
    ending?.throwIfAborted();
    const [info, cycles] = await Promise.all([gateway.info({ signal }), gateway.cycles({ signal })]);
    const theirs = { networkId: info.networkId, ...cycles };
    for (const field of ['networkId', 'firstBurnHeight', 'cycleLength', 'prepareLength'] as const) {
      if (theirs[field] !== network[field]) throw new GatewayError('other-network', `${field} is ${theirs[field]}`, { field, theirs: theirs[field], ours: network[field] });
    }
    const session = new GatewaySession(options);
    const item = await session.#look(await gateway.tenureInfo({ signal }), signal);
    if (!item) throw new RequestError('refused', 'its newest block is not there', { height: info.tipHeight });
    signal.throwIfAborted();
    ending?.throwIfAborted();
    ending?.addEventListener('abort', session.#onEnding, { once: true });
    // After whoever opened it has taken it in.
    session.#cancelFirst = clock.after(0, () => session.#announce(item));
    session.#poller.start();
    return session;
  }

  get claims(): PeerClaims {
    return this.#claims;
  }

  /** What the gateway said of its newest tenures. */
  get tip(): TenureInfo {
    return this.#tip;
  }

  get latency(): number | undefined {
    return this.gateway.latency;
  }

  get received(): number {
    return this.gateway.received;
  }

  /** The pace of the polls is another one: the next poll may come sooner. */
  paceChanged(): void {
    this.#poller.paceChanged();
  }

  /** Blocks on the branch that the gateway follows when it is asked. `headersOnly` is of no use: an item is a header. */
  getBlocks(from: number, count: number, { signal }: AskOptions & { readonly headersOnly?: boolean }): Promise<Sized<readonly StacksItem[]>> {
    return this.#ask(signal, async (own) => {
      const { value: headers, size } = await walkBack(this.gateway, from, count, this.#tip.tipHeight, { signal: own });
      const tenures = [...new Set(headers.map(({ consensusHash }) => consensusHash))];
      const burnHeights = new Map<string, number | undefined>();
      for (let i = 0; i < tenures.length; i += AT_ONCE) {
        await Promise.all(tenures.slice(i, i + AT_ONCE).map(async (tenure) => burnHeights.set(tenure, await this.burnHeightOf(tenure, { signal: own }))));
      }
      return { value: headers.map((header) => itemOfHeader(header, burnHeights.get(header.consensusHash))), size };
    });
  }

  proveTarget(atLeast: number, { signal }: AskOptions): Promise<Target> {
    return this.#ask(signal, (own) => this.#options.prove(atLeast, this, { signal: own }));
  }

  getManifest(height: number | undefined, { signal }: AskOptions): Promise<Sized<Uint8Array>> {
    return this.#ask(signal, (own) => this.#options.manifest(height, this, { signal: own }));
  }

  /** A snapshot is its manifest. */
  getChunk(snapshotHeight: number, index: number): Promise<Sized<Uint8Array>> {
    return Promise.reject(new RequestError('refused', 'a snapshot has no chunks', { height: snapshotHeight, index }));
  }

  /** Bitcoin height of the sortition of a tenure: the gateway's word, remembered. Undefined: it does not know the tenure. */
  async burnHeightOf(consensusHash: string, options: AskOptions): Promise<number | undefined> {
    const known = this.#sortitions.get(consensusHash);
    if (known) return known.burnHeight;
    const sortition = await this.gateway.sortition({ consensusHash }, options);
    if (sortition) this.#sortitions.set(consensusHash, { burnHeight: sortition.burnHeight, minerKeyHash: sortition.minerKeyHash });
    return sortition?.burnHeight;
  }

  /** Hash of the key of the miner that won the sortition of a tenure, as the gateway told it with the height. Undefined: nothing is remembered. */
  minerOf(consensusHash: string): string | undefined {
    return this.#sortitions.get(consensusHash)?.minerKeyHash;
  }

  close(_code?: string): void {
    this.#end(undefined);
  }

  readonly #onEnding = () => this.#end(undefined);

  #end(code: string | undefined): void {
    if (this.#ending.signal.aborted) return;
    const reason = new RequestError('disconnected', 'the connection to the gateway was closed');
    this.#ending.abort(reason);
    this.#options.ending?.removeEventListener('abort', this.#onEnding);
    this.#cancelFirst?.();
    this.#poller.stop(reason);
    this.#options.handlers.closed(code);
  }

  async #ask<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const both = joinSignals(signal, this.#ending.signal);
    try {
      both.signal.throwIfAborted();
      return await work(both.signal);
    } finally {
      both.release();
    }
  }

  #recentPolls(): number {
    const since = this.#options.clock.monotonic() - WINDOW;
    return this.#polls.filter((time) => time > since).length;
  }

  async #poll(signal: AbortSignal): Promise<void> {
    this.#polls = [...this.#polls, this.#options.clock.monotonic()].slice(-MAX_POLLS);
    const info = await this.gateway.tenureInfo({ signal });
    if (info.tipBlockId === this.#tip.tipBlockId) return;
    const { height } = this.#claims;
    const item = await this.#look(info, signal);
    if (!item || signal.aborted) return;
    if (this.#claims.height !== height) this.#options.handlers.claims(this.#claims);
    this.#announce(item);
  }

  /** Takes over what the gateway says of its newest block. Undefined: the block is not there, such as after a fork between two requests; the next poll looks again. */
  async #look(info: TenureInfo, signal: AbortSignal): Promise<StacksItem | undefined> {
    const answer = await this.gateway.header(info.tipBlockId, { signal });
    if (!answer) return undefined;
    const { chainLength, consensusHash } = answer.value;
    if (chainLength !== info.tipHeight || consensusHash !== info.consensusHash) throw new PeerFault('wrong-tip', 'offence', { asked: info.tipHeight, got: chainLength });
    const [burnHeight, confirmed] = [await this.burnHeightOf(consensusHash, { signal }), await this.#confirmedBelow(info, signal)];
    this.#tip = info;
    this.#claims = { ...this.#claims, height: confirmed, snapshot: confirmed > 0 ? confirmed : undefined };
    return itemOfHeader(answer.value, burnHeight, answer.size);
  }

  /** Height of the parent of the first block of the tenure before the newest one; 0: that block is not of Nakamoto. */
  async #confirmedBelow({ parentTenureStartBlockId: id, parentConsensusHash }: TenureInfo, signal: AbortSignal): Promise<number> {
    if (this.#confirmed?.from === id) return this.#confirmed.height;
    const answer = await this.gateway.header(id, { signal });
    if (answer && answer.value.consensusHash !== parentConsensusHash) throw new PeerFault('wrong-tip', 'offence', { asked: parentConsensusHash, got: answer.value.consensusHash });
    const height = answer ? Math.max(0, answer.value.chainLength - 1) : 0;
    this.#confirmed = { from: id, height };
    return height;
  }

  #announce(item: StacksItem): void {
    this.#options.handlers.announced({ kind: 'block', item });
  }

  /** What a poll showed to be against the rules; anything else only counts for the poller. */
  #failed(error: unknown): void {
    const { handlers } = this.#options;
    if (error instanceof PeerFault) handlers.fault({ code: error.code, weight: error.weight, data: error.data });
    else if (error instanceof RequestError && (error.code === 'malformed' || error.code === 'too-large')) handlers.fault({ code: error.code, weight: 'offence', data: error.data });
  }
}
