/**
 * The round of a node's work while its tip is a block of epoch 2.x, as far as a light client has it (Stacks reference, 10: PeerNetworkWorkState). One state a pass.
 * Tests: `test/stacks/inventory-work-states.test.ts`.
 * @module
 */
import { nextWorkState, supportOf, workStateAfterHint, type WorkState } from '../chain/work-states.ts';

/** What the states do. `inventories` and `downloads` are called in every pass of their state and say whether they still run. */
export interface Epoch2Tasks {
  readonly inventories: () => boolean;
  readonly downloads: () => boolean;
  readonly prune: () => void;
}

export class Epoch2Work {
  readonly #tasks: Epoch2Tasks;
  readonly #onState: (state: WorkState) => void;
  #state: WorkState = 'GetPublicIP';

  /** `onState` is told every state when it begins. */
  constructor(tasks: Epoch2Tasks, onState: (state: WorkState) => void) {
    this.#tasks = tasks;
    this.#onState = onState;
    onState(this.#state);
  }

  get state(): WorkState {
    return this.#state;
  }

  /** A peer has new data: inventories are not waited for. */
  hint(): void {
    this.#enter(workStateAfterHint(this.#state));
  }

  /** One pass: the work of the state, and the next state if it is through. */
  step(): void {
    const state = this.#state;
    const isRunning = this.#run(state);
    if (!isRunning && this.#state === state) this.#enter(nextWorkState(state));
  }

  /** Whether the state is not through. States that a light client does not have are through at once. */
  #run(state: WorkState): boolean {
    if (!supportOf(state, { servesPeers: false }).supported) return false;
    if (state === 'BlockInvSync') return this.#tasks.inventories();
    if (state === 'BlockDownload') return this.#tasks.downloads();
    if (state === 'Prune') this.#tasks.prune();
    return false;
  }

  #enter(state: WorkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onState(state);
  }
}
