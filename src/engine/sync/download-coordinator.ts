import { allowed, cut, rangesOf, size } from './assignment.ts';
import type { Assignment, Claimant, DownloadStatistics, Range } from './assignment.ts';
import { SyncError } from './sync-error.ts';

interface Released extends Range {
  readonly failed: ReadonlySet<string>;
  readonly failures: number;
}

const nobody: ReadonlySet<string> = new Set();

/** Divides the blocks to fetch among peers: no block is assigned twice at a time, but for the one copy beside a slow peer. No I/O. */
export class DownloadCoordinator {
  readonly #retryAttempts: number;
  /** First height that was never assigned. */
  #frontier = 1;
  #end = 0;
  #first = 1;
  /** Ranges to be assigned again, ascending. */
  #released: Released[] = [];
  readonly #assigned = new Set<Assignment>();
  /** With the order `ranges`: what a peer will be given next. */
  readonly #reserved = new Map<string, Range>();
  #window: { readonly end: number; readonly share: number } = { end: 0, share: 0 };
  /** How often a height that is not applied was received. */
  readonly #times = new Map<number, number>();
  /** Heights that are there and not applied. */
  readonly #got = new Set<number>();
  #begun = { at: 0, received: 0 };
  #requests = 0;
  #received = 0;
  #reassigned = 0;
  #stolen = 0;
  #doubled = 0;
  #failures = 0;

  constructor(options: { readonly retryAttempts: number }) {
    this.#retryAttempts = options.retryAttempts;
  }

  /** Begins anew behind the height that is applied, at a monotonic time. What is in flight is no longer wanted. `held`: heights that are there. */
  begin(applied: number, end: number, now: number, held: ReadonlySet<number> = new Set()): void {
    this.#begun = { at: now, received: this.#received };
    this.#first = applied + 1;
    this.#end = end;
    this.#released = [];
    this.#assigned.clear();
    this.#reserved.clear();
    this.#times.clear();
    this.#got.clear();
    this.#window = { end: 0, share: 0 };
    this.#frontier = this.#first;
    for (const height of held) {
      this.#got.add(height);
      this.#frontier = Math.max(this.#frontier, height + 1);
    }
    this.#release({ from: applied + 1, to: this.#frontier - 1 }, nobody, 0);
  }

  /** The last height to fetch may grow. */
  extend(end: number): void {
    this.#end = Math.max(this.#end, end);
  }

  get inFlight(): number {
    return this.#assigned.size;
  }

  /** Gives the next range to a peer; undefined: there is nothing for it. */
  assign(claimant: Claimant): Assignment | undefined {
    return this.#again(claimant) ?? this.#ownRange(claimant) ?? this.#newRange(claimant) ?? this.#balance(claimant);
  }

  /** The answer to an assignment has come: its first `count` blocks. The rest is assigned again. */
  received(assignment: Assignment, count: number): void {
    if (!this.#assigned.delete(assignment)) return;
    for (let height = assignment.from; height < assignment.from + count; height += 1) {
      this.#received += 1;
      if (height < this.#first) continue;
      this.#got.add(height);
      this.#times.set(height, (this.#times.get(height) ?? 0) + 1);
    }
    this.#release({ from: assignment.from + count, to: assignment.to }, assignment.failed, assignment.failures);
  }

  /**
   * A request has failed, and is assigned again. `counts`: it was an attempt; a peer that has left made none.
   * @throws SyncError `retries-used-up` when it failed once more than it may be repeated
   */
  failed(assignment: Assignment, counts: boolean): void {
    if (!this.#assigned.delete(assignment)) return;
    this.#failures += 1;
    this.#reassigned += 1;
    const failed = new Set([...assignment.failed, assignment.peer]);
    const failures = assignment.failures + Number(counts);
    if (failures > this.#retryAttempts && this.#missing(assignment).length > 0) {
      const peers = Array.from(failed).join(', ');
      throw new SyncError('retries-used-up', `block ${assignment.from} failed ${failures} times, at ${peers}`, { height: assignment.from, peers });
    }
    this.#release(assignment, failed, failures);
  }

  /** A request has ended and nothing came of it, by our own wish. */
  withdrawn(assignment: Assignment): void {
    if (this.#assigned.delete(assignment)) this.#release(assignment, assignment.failed, assignment.failures);
  }

  /** The blocks of these heights were refused, and are fetched again. `peer` sent them. */
  lost(heights: readonly number[], peer?: string): void {
    for (const height of heights) this.#got.delete(height);
    const failed = peer === undefined ? nobody : new Set([peer]);
    for (const range of rangesOf(heights.toSorted((a, b) => a - b))) this.#release(range, failed, 0);
  }

  /** Everything up to this height is applied. */
  applied(height: number): void {
    for (let each = this.#first; each <= height; each += 1) {
      this.#got.delete(each);
      this.#times.delete(each);
    }
    this.#first = Math.max(this.#first, height + 1);
    this.#frontier = Math.max(this.#frontier, this.#first);
    const trim = (range: Released) => ({ ...range, from: Math.max(range.from, this.#first) });
    if (this.#released.some(({ from }) => from < this.#first)) this.#released = this.#released.map(trim).filter(({ from, to }) => from <= to);
  }

  /** Its reserved range goes to others. Its requests end by themselves. */
  leave(peer: string): void {
    const reserved = this.#reserved.get(peer);
    this.#reserved.delete(peer);
    if (reserved) this.#release(reserved, nobody, 0);
  }

  /** Whether the blocks of an assignment are there meanwhile, from another peer. */
  covered(assignment: Assignment): boolean {
    for (let height = assignment.from; height <= assignment.to; height += 1) if (height >= this.#first && !this.#got.has(height)) return false;
    return true;
  }

  /** Blocks that are there and wait, that are asked for, and that are neither. */
  get progress(): { readonly waiting: number; readonly asked: number; readonly missing: number } {
    const asked = new Set(Array.from(this.#assigned).flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index)).filter((height) => height >= this.#first && !this.#got.has(height)));
    return { waiting: this.#got.size, asked: asked.size, missing: Math.max(0, this.#end - this.#first + 1 - this.#got.size - asked.size) };
  }

  /** Milliseconds until all blocks have come, at the mean rate since the begin; undefined before the first. */
  estimate(now: number): number | undefined {
    const received = this.#received - this.#begun.received;
    const { asked, missing } = this.progress;
    return received === 0 ? undefined : ((asked + missing) * (now - this.#begun.at)) / received;
  }

  get statistics(): DownloadStatistics {
    return { requests: this.#requests, received: this.#received, reassigned: this.#reassigned, stolen: this.#stolen, doubled: this.#doubled, failures: this.#failures };
  }

  /** Ranges that were released, the lowest first. */
  #again(claimant: Claimant): Assignment | undefined {
    for (const range of this.#released) {
      if (!allowed(range.from, claimant)) continue;
      if (range.failed.has(claimant.peer) && claimant.peers.some((other) => !range.failed.has(other))) continue;
      const taken = cut(range, claimant);
      const rest = { ...range, from: taken.to + 1 };
      this.#released = this.#released.flatMap((each) => (each !== range ? [each] : rest.from <= rest.to ? [rest] : []));
      return this.#assign(taken, claimant, range.failed, range.failures);
    }
    return undefined;
  }

  #ownRange(claimant: Claimant): Assignment | undefined {
    const reserved = this.#reserved.get(claimant.peer);
    if (!reserved || !allowed(reserved.from, claimant)) return undefined;
    const taken = cut(reserved, claimant);
    if (taken.to === reserved.to) this.#reserved.delete(claimant.peer);
    else this.#reserved.set(claimant.peer, { from: taken.to + 1, to: reserved.to });
    return this.#assign(taken, claimant);
  }

  #newRange(claimant: Claimant): Assignment | undefined {
    const from = this.#frontier;
    if (from > this.#end || !allowed(from, claimant) || this.#reserved.has(claimant.peer)) return undefined;
    if (claimant.order === 'row') {
      const taken = cut({ from, to: this.#end }, claimant);
      this.#frontier = taken.to + 1;
      return this.#assign(taken, claimant);
    }
    if (from > this.#window.end) {
      const end = Math.min(this.#end, from + claimant.ahead - 1);
      this.#window = { end, share: Math.ceil((end - from + 1) / Math.max(1, claimant.peers.length)) };
    }
    const to = Math.min(from + this.#window.share - 1, this.#window.end, claimant.latest);
    this.#frontier = to + 1;
    this.#reserved.set(claimant.peer, { from, to });
    return this.#ownRange(claimant);
  }

  /** An idle peer takes the tail of the largest reserved range, or makes the lowest overdue request a second time. */
  #balance(claimant: Claimant): Assignment | undefined {
    let owner: [string, Range] | undefined;
    for (const entry of this.#reserved) if (entry[0] !== claimant.peer && (!owner || size(entry[1]) > size(owner[1]))) owner = entry;
    if (owner && !this.#reserved.has(claimant.peer)) {
      const [peer, range] = owner;
      const middle = range.from + Math.floor(size(range) / 2);
      const from = claimant.only === range.from || size(range) < 2 * claimant.batch ? range.from : middle;
      if (allowed(from, claimant)) {
        this.#stolen += 1;
        if (from === range.from) this.#reserved.delete(peer);
        else this.#reserved.set(peer, { from: range.from, to: from - 1 });
        this.#reserved.set(claimant.peer, { from, to: range.to });
        return this.#ownRange(claimant);
      }
    }
    const late = Array.from(this.#assigned)
      .filter((each) => each.peer !== claimant.peer && claimant.now - each.at >= claimant.patience && this.#once(each))
      .toSorted((a, b) => a.from - b.from)[0];
    if (!late || late.from < claimant.earliest || late.to > claimant.latest || late.failed.has(claimant.peer)) return undefined;
    this.#doubled += 1;
    return this.#assign({ from: late.from, to: late.to }, claimant, late.failed, late.failures);
  }

  /** Whether nothing of it was ever received, and nobody else is asked for any of it. */
  #once(assignment: Assignment): boolean {
    for (let height = assignment.from; height <= assignment.to; height += 1) if ((this.#times.get(height) ?? 0) > 0) return false;
    return !Array.from(this.#assigned).some((other) => other !== assignment && other.from <= assignment.to && other.to >= assignment.from);
  }

  #assign(range: Range, claimant: Claimant, failed: ReadonlySet<string> = nobody, failures = 0): Assignment {
    const assignment: Assignment = { from: range.from, to: range.to, peer: claimant.peer, at: claimant.now, failed, failures };
    this.#assigned.add(assignment);
    this.#requests += 1;
    return assignment;
  }

  /** Heights of a range that are neither there, nor applied, nor asked of another peer. */
  #missing({ from, to }: Range): number[] {
    const heights: number[] = [];
    for (let height = Math.max(from, this.#first); height <= to; height += 1) {
      if (!this.#got.has(height) && !Array.from(this.#assigned).some((other) => other.from <= height && height <= other.to)) heights.push(height);
    }
    return heights;
  }

  #release(range: Range, failed: ReadonlySet<string>, failures: number): void {
    if (range.from > range.to) return;
    const missing = this.#missing(range).filter((height) => !this.#released.some((other) => other.from <= height && height <= other.to));
    for (const part of rangesOf(missing)) this.#released.push({ ...part, failed, failures });
    this.#released.sort((a, b) => a.from - b.from);
  }
}

