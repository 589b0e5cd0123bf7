import type { Tip } from '../sync/sync-chain.ts';
import type { Head, HeadEvent, HeadView } from '../view.ts';
import type { FollowedChain } from './followed-chain.ts';

/** Blocks above the final one of which is remembered that they were told; at the bound the lowest are forgotten. A chain has a few. */
const MAX_PENDING = 4_096;

interface Told extends Tip {
  readonly view: HeadView;
}

export interface HeadTellerOptions<B, F> {
  readonly chain: Pick<FollowedChain<B, F>, 'tip' | 'head' | 'view' | 'network'>;
  /** Whether a consensus of peers says that there is nothing newer. */
  readonly established: () => boolean;
  readonly tell: (event: HeadEvent) => void;
}

/**
 * Tells pages how the head moves: every block once when it is adopted, also if it was adopted before it was final and the sync applies it again, and
 * every block that was told and left the chain as reverted.
 */
export class HeadTeller<B, F> {
  readonly #options: HeadTellerOptions<B, F>;
  /** Told and not final, ascending. */
  #pending: readonly Told[] = [];
  /** Height of the final block that was told last. */
  #final: number;

  constructor(options: HeadTellerOptions<B, F>) {
    this.#options = options;
    this.#final = options.chain.tip().height;
    this.#pending = this.#head();
  }

  get head(): Head {
    const { chain, established } = this.#options;
    const [latest, final] = [chain.head(), chain.tip()];
    return { known: latest.height > chain.network.genesisHeight || established(), latest: chain.view(latest), final: chain.view(final) };
  }

  /** `adopted` and `reverted` ascend; what was told before is left out. */
  moved(adopted: readonly Tip[], reverted: readonly Tip[]): void {
    const { chain, tell } = this.#options;
    const head = chain.head();
    const fresh = [...adopted, head].filter((tip, index, all) => tip.height > this.#final && !this.#wasTold(tip, reverted) && all.findIndex(({ id }) => id === tip.id) === index);
    // A branch that is left has other blocks at the same heights, or ends above the new head.
    const conflict = Math.min(head.height + 1, ...fresh.filter((tip) => this.#pending.some(({ height, id }) => height === tip.height && id !== tip.id)).map(({ height }) => height));
    const gone = this.#pending.filter((told) => told.height >= conflict || reverted.some(({ id }) => id === told.id));
    const told = fresh.map((tip) => ({ height: tip.height, id: tip.id, view: chain.view(tip) })).toSorted(byHeight);
    this.#final = chain.tip().height;
    this.#pending = [...this.#pending.filter((block) => !gone.includes(block)), ...told].toSorted(byHeight).filter(({ height }) => height > this.#final).slice(-MAX_PENDING);
    tell({ head: this.head, adopted: told.map(({ view }) => view), reverted: gone.map(({ view }) => view) });
  }

  /** The chain has started over, or was replaced; `reverted`: the head before. */
  replaced(reverted: HeadView | undefined): void {
    const { chain, tell } = this.#options;
    this.#final = chain.tip().height;
    this.#pending = this.#head();
    const head = this.head;
    tell({ head, adopted: [], reverted: reverted === undefined || reverted.hash === head.latest.hash ? [] : [reverted] });
  }

  /** Only what is said about the head has changed, such as its trust. */
  repeat(): void {
    this.#options.tell({ head: this.head, adopted: [], reverted: [] });
  }

  #head(): readonly Told[] {
    const { chain } = this.#options;
    const head = chain.head();
    return head.height > this.#final ? [{ ...head, view: chain.view(head) }] : [];
  }

  #wasTold({ id }: Tip, reverted: readonly Tip[]): boolean {
    return this.#pending.some((told) => told.id === id) && !reverted.some((block) => block.id === id);
  }
}

function byHeight(a: Tip, b: Tip): number {
  return a.height - b.height;
}
