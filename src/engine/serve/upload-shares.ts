import type { Clock } from '../../base/clock.ts';
import { UploadBudget } from './upload-budget.ts';

/** Of the cap, what one peer gets at most: what four ask for is given, and one that asks without end leaves three quarters to the others. */
const SHARE = 1 / 4;
/** Peers whose share is remembered: as many as addresses are dialled (`engine/follow/address-dialer.ts`). At the bound the one heard least recently begins anew. */
const MAX_PEERS = 64;

/** An upload budget of all peers, of which each may use up a part only. */
export class UploadShares {
  readonly cap: number;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #all: UploadBudget;
  readonly #shares = new Map<string, UploadBudget>();

  /** `cap`: bytes within any hour, for all peers together; 0: nothing may be uploaded. */
  constructor(clock: Pick<Clock, 'monotonic'>, cap: number) {
    this.cap = cap;
    this.#clock = clock;
    this.#all = new UploadBudget(clock, cap);
  }

  /** Bytes uploaded since the start. */
  get total(): number {
    return this.#all.total;
  }

  /** The budget of one peer. What it has used counts on when it connects again. */
  of(peer: string): Pick<UploadBudget, 'left' | 'take'> {
    const left = () => Math.min(this.#all.left, this.#shareOf(peer).left);
    return {
      get left() {
        return left();
      },
      take: (bytes) => bytes <= left() && this.#shareOf(peer).take(bytes) && this.#all.take(bytes),
    };
  }

  #shareOf(peer: string): UploadBudget {
    const share = this.#shares.get(peer) ?? new UploadBudget(this.#clock, Math.floor(this.cap * SHARE));
    this.#shares.delete(peer);
    this.#shares.set(peer, share);
    for (const oldest of this.#shares.keys()) if (this.#shares.size > MAX_PEERS) this.#shares.delete(oldest);
    return share;
  }
}
