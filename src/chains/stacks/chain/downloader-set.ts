/**
 * The tenures that are being fetched, each with the peer that is asked at the moment (Stacks reference, 10). It does no I/O and has no clock.
 * @module
 */
import type { NakamotoBlock } from '../wire/block.ts';
import { TenureDownloader, type HeaderToVerify, type ReceiveOutcome, type TenureRequest } from './tenure-downloader.ts';
import type { ScheduledTenure } from './tenure-schedule.ts';
import type { TenureStartEnd } from './wanted-tenures.ts';

/** Tenures that are fetched at a time (Stacks reference, 10: max_inflight_blocks). */
export const MAX_IN_FLIGHT = 6;
/** Milliseconds for which a peer that failed is not asked (Stacks reference, 10). */
export const PARK_TIME = 60_000;
/** Finished tenures that are remembered, so that none is fetched twice while the caller processes it. */
const MAX_FINISHED = 10_000;

export interface DownloadRequest {
  readonly tenureId: string;
  readonly peer: string;
  readonly request: TenureRequest;
}

export interface FinishedTenure {
  readonly tenure: TenureStartEnd;
  /** Ascending, with the end block last. */
  readonly blocks: readonly NakamotoBlock[];
}

export interface AnswerToVerify {
  readonly tenureId: string;
  readonly verify: readonly HeaderToVerify[];
}

interface Open {
  readonly downloader: TenureDownloader;
  peers: readonly string[];
  /** The peer of the request in flight, or of the answer that is being verified. */
  peer: string | undefined;
}

export class DownloaderSet {
  readonly #open = new Map<string, Open>();
  readonly #finished = new Set<string>();
  readonly #parkedUntil = new Map<string, number>();

  get size(): number {
    return this.#open.size;
  }

  /**
   * Opens downloaders for the first of these tenures up to six, and takes the peers of those that are open already. A tenure that is open or finished is not
   * opened again.
   */
  fill(scheduled: readonly ScheduledTenure[]): void {
    for (const { tenure, peers } of scheduled) {
      const open = this.#open.get(tenure.tenureId);
      if (open) open.peers = peers;
      else if (this.#open.size < MAX_IN_FLIGHT && !this.#finished.has(tenure.tenureId)) this.#open.set(tenure.tenureId, { downloader: new TenureDownloader(tenure), peers, peer: undefined });
    }
  }

  /** The requests to send now. A peer has one at a time; a downloader gets another peer after each answer, if there is one. */
  poll(now: number): readonly DownloadRequest[] {
    for (const [peer, until] of this.#parkedUntil) if (now >= until) this.#parkedUntil.delete(peer);
    const busy = new Set([...this.#open.values()].flatMap(({ peer }) => peer ?? []));
    const requests: DownloadRequest[] = [];
    for (const [tenureId, open] of this.#open) {
      const request = open.downloader.request();
      if (open.peer !== undefined || !request) continue;
      const peer = open.peers.find((it) => !busy.has(it) && !this.#parkedUntil.has(it));
      if (peer === undefined) continue;
      open.peer = peer;
      busy.add(peer);
      requests.push({ tenureId, peer, request });
    }
    return requests;
  }

  /**
   * An answer of the peer that was asked. If it is not as it should be, the peer is parked and the request goes to another. Otherwise the caller verifies
   * the signers, and says so by `confirm` or `fail`. Undefined: nothing was asked of this peer.
   */
  receive(tenureId: string, peer: string, blocks: readonly NakamotoBlock[], now: number): ReceiveOutcome | undefined {
    const open = this.#open.get(tenureId);
    if (!open || open.peer !== peer) return undefined;
    const outcome = open.downloader.receive(blocks);
    if (!outcome.ok) this.fail(tenureId, peer, now);
    return outcome;
  }

  /** The signers of the last answer hold. The tenure, if it is finished by that; it is closed then. */
  confirm(tenureId: string): FinishedTenure | undefined {
    const open = this.#open.get(tenureId);
    if (!open) return undefined;
    open.peer = undefined;
    open.downloader.confirm();
    const blocks = open.downloader.blocks();
    if (!blocks) return undefined;
    this.#open.delete(tenureId);
    this.#finished.add(tenureId);
    // A set iterates in the order of insertion, so that the oldest is forgotten.
    if (this.#finished.size > MAX_FINISHED) this.#finished.delete(this.#finished.values().next().value!);
    return { tenure: open.downloader.tenure, blocks };
  }

  /** The peer did not answer in time, answered wrongly, or its blocks are not signed: it is parked for 60 s, and the request goes to another. */
  fail(tenureId: string, peer: string, now: number): void {
    this.#parkedUntil.set(peer, now + PARK_TIME);
    const open = this.#open.get(tenureId);
    if (open?.peer === peer) open.peer = undefined;
  }

  /** The peer is gone: what it was asked for goes to another. */
  removePeer(peer: string): void {
    for (const open of this.#open.values()) {
      open.peers = open.peers.filter((it) => it !== peer);
      if (open.peer === peer) open.peer = undefined;
    }
  }

  /** A tenure that turned out to be on another fork, or that could not be processed: it is closed, and may be opened again. */
  forget(tenureId: string): void {
    this.#open.delete(tenureId);
    this.#finished.delete(tenureId);
  }
}
