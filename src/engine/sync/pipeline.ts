import type { Clock } from '../../base/clock.ts';
import { checkRun } from './check-items.ts';
import type { Measure, StageFault } from './check-items.ts';
import type { Item, RunFault, Stage, SyncChain, Target } from './sync-chain.ts';

interface Held<B> {
  readonly item: Item<B>;
  readonly peer: string;
}

/** What the pipeline tells of its work. */
export interface PipelineWatch<B> {
  /** A peer sent a block that breaks a rule. */
  readonly blame: (peer: string, fault: StageFault) => void;
  /** Blocks that were held, or sent, and have to be fetched again; `peer`: not from it, if another is there. */
  readonly lost: (heights: readonly number[], peer: string | undefined) => void;
  readonly applied: (items: readonly Item<B>[], peerOf: (height: number) => string) => void;
  readonly measured: (stage: Stage, milliseconds: number, height: number, blocks: number) => void;
}

export interface StepOptions {
  readonly target: Target;
  /** Blocks to verify together at most. */
  readonly gather: number;
  /** The last height to apply. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** `empty`: the next block is not there. `held`: the blocks are good, and more must follow before they are known to be final. */
export type StepResult = 'applied' | 'fault' | 'empty' | 'held';

/**
 * The stages structure → link → signature → finality → state. Structure and the links inside a run are checked as the run arrives, in any order;
 * consecutive runs are then gathered and pass the other stages in height order.
 */
export class Pipeline<B> {
  readonly #chain: SyncChain<B>;
  readonly #clock: Clock;
  readonly #each: boolean;
  readonly #headersOnly: boolean;
  readonly #most: number;
  readonly #watch: PipelineWatch<B>;
  readonly #held = new Map<number, Held<B>>();
  /** Blocks from the tip on that passed all stages but finality, in the last step. */
  #undecided = 0;

  constructor(options: { readonly chain: SyncChain<B>; readonly clock: Clock; readonly each: boolean; readonly headersOnly: boolean; readonly size: number; readonly watch: PipelineWatch<B> }) {
    this.#chain = options.chain;
    this.#clock = options.clock;
    this.#each = options.each;
    this.#headersOnly = options.headersOnly;
    this.#most = options.size;
    this.#watch = options.watch;
  }

  /** Blocks that wait. */
  get waiting(): number {
    return this.#held.size;
  }

  /** Whether no more should be fetched than the lowest missing blocks. */
  get full(): boolean {
    return this.#held.size >= this.#most;
  }

  /** The lowest height above the tip that is not held. */
  get needed(): number {
    let height = this.#chain.tip().height + 1;
    while (this.#held.has(height)) height += 1;
    return height;
  }

  has(height: number): boolean {
    return height <= this.#chain.tip().height || this.#held.has(height);
  }

  /** Takes a run as a peer sent it. What is held already is dropped. From the first fault on it is refused. */
  add(peer: string, items: readonly Item<B>[]): void {
    const fault = checkRun(this.#chain, items, this.#measure(items));
    for (const item of items) {
      if (fault && item.height >= fault.at) break;
      if (!this.has(item.height)) this.#held.set(item.height, { item, peer });
    }
    if (!fault) return;
    this.#watch.lost(items.filter(({ height }) => height >= fault.at && !this.has(height)).map(({ height }) => height), peer);
    this.#blame(peer, fault);
  }

  /** Forgets what waits of this peer from this height on. */
  dropPeer(peer: string, from = 0): void {
    const heights = Array.from(this.#held).filter(([height, held]) => held.peer === peer && height >= from).map(([height]) => height);
    this.#drop(heights, peer);
  }

  /** Forgets what is not above the tip: a snapshot has moved it. Returns the heights that are held. */
  trim(): ReadonlySet<number> {
    const { height: tip } = this.#chain.tip();
    for (const height of this.#held.keys()) if (height <= tip) this.#held.delete(height);
    this.#undecided = 0;
    return new Set(this.#held.keys());
  }

  clear(): void {
    this.#held.clear();
    this.#undecided = 0;
  }

  /** Verifies and applies the next blocks. Rejects with the signal's reason only. */
  async step(options: StepOptions): Promise<StepResult> {
    const { target, signal } = options;
    const { run, seam } = this.#gather(Math.max(options.gather, this.#undecided + 1), target.height);
    if (run.length === 0) {
      if (!seam) return 'empty';
      // Its parent is the tip, which is verified.
      this.#refuse(seam);
      return 'fault';
    }
    signal.throwIfAborted();
    const signed = await this.#passed('signature', run, () => this.#chain.checkSignatures(run, { each: this.#each, signal }));
    signal.throwIfAborted();
    if (signed.run.length === 0) return this.#refuse(signed.fault!);
    let undecided = false;
    const final = await this.#passed('finality', signed.run, () => this.#chain.checkFinality(signed.run, target), (fault) => {
      undecided = fault.weight === 'offence' && signed.run.at(-1)!.height < target.height && run.length < this.#most;
    });
    signal.throwIfAborted();
    const good = final.run.filter(({ height }) => height <= options.limit);
    let fault = undecided ? signed.fault : (final.fault ?? signed.fault);
    let applied: readonly Item<B>[] = good;
    if (good.length > 0) {
      const stored = await this.#passed('state', good, () => this.#chain.apply(good, { headersOnly: this.#headersOnly }));
      applied = stored.run;
      fault = stored.fault ?? fault;
      this.#settle(applied);
    }
    this.#undecided = undecided && applied.length === good.length ? signed.run.length - applied.length : 0;
    if (fault) this.#refuse(fault);
    // Nothing can be decided across a broken seam: one of its two sides is wrong, so both are fetched again.
    else if (undecided && seam && applied.length === 0) {
      this.#drop(run.filter(({ height }) => height >= final.fault!.at).map(({ height }) => height), undefined);
      this.#undecided = 0;
      return this.#refuse({ ...seam, weight: 'offence' });
    }
    if (applied.length > 0) return 'applied';
    return fault ? 'fault' : 'held';
  }

  /** The blocks after the tip without a gap. `seam`: where a block does not link to the one before, which another peer sent. */
  #gather(most: number, last: number): { readonly run: readonly Item<B>[]; readonly seam: StageFault | undefined } {
    const tip = this.#chain.tip();
    const run: Item<B>[] = [];
    let before: Held<B> | undefined;
    for (let height = tip.height + 1; height <= last && run.length < most; height += 1) {
      const held = this.#held.get(height);
      if (!held) break;
      if (!before || before.item !== run.at(-1) || held.peer !== before.peer) {
        const fault = this.#measure([held.item])('link', () => this.#chain.checkLink(before?.item ?? tip, held.item));
        if (fault) return { run, seam: { ...fault, stage: 'link', at: height } };
      }
      run.push(held.item);
      before = held;
    }
    return { run, seam: undefined };
  }

  /** Puts a run through a stage. The part before the fault goes on. A fault outside of the run counts for its first block. */
  async #passed(
    stage: Stage,
    run: readonly Item<B>[],
    work: () => RunFault | undefined | Promise<RunFault | undefined>,
    seen?: (fault: RunFault) => void,
  ): Promise<{ readonly run: readonly Item<B>[]; readonly fault: StageFault | undefined }> {
    const began = this.#clock.monotonic();
    const fault = await work();
    this.#watch.measured(stage, this.#clock.monotonic() - began, run.at(-1)!.height, run.length);
    if (!fault) return { run, fault: undefined };
    seen?.(fault);
    const at = run.some(({ height }) => height === fault.at) ? fault.at : run[0]!.height;
    return { run: run.filter(({ height }) => height < at), fault: { ...fault, at, stage } };
  }

  #settle(applied: readonly Item<B>[]): void {
    if (applied.length === 0) return;
    const peers = new Map(applied.map(({ height }) => [height, this.#held.get(height)?.peer ?? '']));
    for (const { height } of applied) this.#held.delete(height);
    this.#watch.applied(applied, (height) => peers.get(height) ?? '');
  }

  #refuse(fault: StageFault): 'fault' {
    const held = this.#held.get(fault.at);
    if (!held) return 'fault';
    this.#drop([fault.at], held.peer);
    this.#blame(held.peer, fault);
    return 'fault';
  }

  /** The bad block's sender is to blame, and what else it sent from there on is not trusted. */
  #blame(peer: string, fault: StageFault): void {
    this.#undecided = 0;
    this.#watch.blame(peer, fault);
    this.dropPeer(peer, fault.at);
  }

  #drop(heights: readonly number[], peer: string | undefined): void {
    for (const height of heights) this.#held.delete(height);
    if (heights.length > 0) this.#watch.lost(heights, peer);
  }

  #measure(items: readonly Item<B>[]): Measure {
    return (stage, work) => {
      const began = this.#clock.monotonic();
      const result = work();
      this.#watch.measured(stage, this.#clock.monotonic() - began, items.at(-1)?.height ?? 0, items.length);
      return result;
    };
  }
}
