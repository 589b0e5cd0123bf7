import type { Clock } from '../../base/clock.ts';
import { checkRun } from './check-items.ts';
import type { Measure, StageFault } from './check-items.ts';
import type { PipelineWatch, StepOptions, StepResult } from './pipeline-watch.ts';
import type { Item, RunFault, Stage, SyncChain } from './sync-chain.ts';

interface Held<B> {
  readonly item: Item<B>;
  readonly peer: string;
  /** The answer that it came in: the links inside of it are checked. */
  readonly answer: readonly Item<B>[];
}

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
  #undecided = 0;
  /** Broken seams at which nothing could be decided. */
  #seams = 0;
  /** The tip when held blocks were last compared with it. */
  #tip = -1;

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

  /** Blocks from the tip on that were good in the last step, and that more must follow on. */
  get undecided(): number {
    return this.#undecided;
  }

  /**
   * Back-pressure. Undefined: any block may be fetched. Otherwise as many wait as may: only a hole below those that wait is fetched, from this height
   * on; -1: there is none.
   */
  get only(): number | undefined {
    if (this.#held.size < this.#most) return undefined;
    const { needed } = this;
    return Array.from(this.#held.keys()).some((height) => height > needed) ? needed : -1;
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
      if (!this.has(item.height)) this.#held.set(item.height, { item, peer, answer: items });
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
    this.#forgetApplied();
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
    this.#forgetApplied();
    const before = this.#chain.tip();
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
    if (signed.run.length === 0 && this.#chain.tip().id !== before.id) return 'applied';
    if (signed.run.length === 0) return this.#refuse(signed.fault!);
    let undecided = false;
    const final = await this.#passed('finality', signed.run, () => this.#chain.checkFinality(signed.run, target), (fault) => {
      undecided = fault.weight === 'offence' && signed.run.at(-1)!.height < target.height && (fault.at > run[0]!.height || run.length < this.#most);
    });
    signal.throwIfAborted();
    // Others have moved the tip meanwhile: what was gathered no longer follows on it, and nobody is to blame.
    if (this.#chain.tip().id !== before.id) return 'applied';
    const good = final.run.filter(({ height }) => height <= options.limit);
    let fault = undecided ? signed.fault : (final.fault ?? signed.fault);
    let applied: readonly Item<B>[] = good;
    if (good.length > 0) {
      const stored = await this.#passed('state', good, () => this.#chain.apply(good, { headersOnly: this.#headersOnly }));
      const { height: tip } = this.#chain.tip();
      // A chain may take blocks and wait for more before its tip moves.
      applied = stored.run.filter(({ height }) => height <= tip);
      if (applied.length < stored.run.length) undecided = true;
      fault = stored.fault ?? fault;
      this.#settle(applied);
    }
    this.#undecided = undecided && !fault ? signed.run.length - applied.length : 0;
    if (fault) this.#refuse(fault);
    else if (undecided && seam && applied.length === 0) return this.#dropSide(run, seam.at);
    if (applied.length > 0) return 'applied';
    return fault ? 'fault' : 'held';
  }

  /** The tip may also be moved by others: a snapshot, or a block that was announced. */
  #forgetApplied(): void {
    const { height: tip } = this.#chain.tip();
    if (tip === this.#tip) return;
    this.#tip = tip;
    for (const height of this.#held.keys()) if (height <= tip) this.#held.delete(height);
  }

  /** The blocks after the tip without a gap. `seam`: where a block does not link to the one before, which came in another answer. */
  #gather(most: number, last: number): { readonly run: readonly Item<B>[]; readonly seam: StageFault | undefined } {
    const tip = this.#chain.tip();
    const run: Item<B>[] = [];
    let before: Held<B> | undefined;
    for (let height = tip.height + 1; height <= last && run.length < most; height += 1) {
      const held = this.#held.get(height);
      if (!held) break;
      if (!before || held.answer !== before.answer) {
        const fault = this.#measure([held.item])('link', () => this.#chain.checkLink(before?.item ?? tip, held.item));
        if (fault) return { run, seam: { ...fault, stage: 'link', at: height } };
      }
      run.push(held.item);
      before = held;
    }
    return { run, seam: undefined };
  }

  /**
   * Nothing can be decided across a broken seam: one of its two sides is wrong, and nothing says which. One side is fetched again from others, the
   * next time the other side. Nobody is blamed.
   */
  #dropSide(below: readonly Item<B>[], seam: number): 'fault' {
    this.#undecided = 0;
    this.#seams += 1;
    const above = this.#held.get(seam)?.peer;
    if (this.#seams % 2 === 0 && above !== undefined) this.dropPeer(above, seam);
    else for (const { height } of below) this.#drop([height], this.#held.get(height)?.peer);
    return 'fault';
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
    this.#tip = this.#chain.tip().height;
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
