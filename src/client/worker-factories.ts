/** Functions that start the workers of a client. */
export interface WorkerFactories {
  /** Starts, or connects to, the worker `workers/hub` under `name`. */
  readonly hub: (options: { readonly name: string }) => SharedWorker | Worker;
  /** Starts `workers/verifier`, for signatures. */
  readonly signatures: () => Worker;
  /** The same, for zero-knowledge proofs. */
  readonly zkp: () => Worker;
  /** Starts `workers/pump`. */
  readonly pump: () => Worker;
}
