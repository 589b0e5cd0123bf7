/** The interface to randomness for code without I/O, so that a simulated world replays exactly. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** `length` unpredictable bytes (in a simulation: repeatable ones). */
  bytes(length: number): Uint8Array;
}
