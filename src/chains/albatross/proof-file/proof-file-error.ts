import { CodedError } from '../../../base/coded-error.ts';

export type ProofFileErrorCode =
  /** More bytes than a proof file can have: `data.bytes`, `data.limit`. */
  | 'too-large'
  /** The bytes do not begin as a proof file does. */
  | 'not-a-proof-file'
  /** A newer release made the file: `data.format`; this one reads up to `data.known`. */
  | 'newer-format'
  /** The bytes cannot be read: `data.reason` (a code of `DecodeError`), `data.at` (bytes from the start). */
  | 'damaged'
  /** A network that is neither built in nor given: `data.genesisHash`. */
  | 'unknown-network'
  /** Not the given network: `data.expected`, `data.came` (genesis hashes). */
  | 'other-network'
  /** The election block that the file begins with is not as the file names it: `data.expected`, `data.came` (hashes). */
  | 'wrong-anchor'
  /** The zero-knowledge proof does not prove its block: `data.reason`. */
  | 'wrong-zk-proof'
  /** A block breaks a rule of the chain: `data.rule`, `data.height`. */
  | 'refused-block'
  /** A block that the one before it in the file does not name: `data.height`. */
  | 'unlinked-block'
  /** The proof does not lead from the block to what is stated: `data.reason` (a code of `ProofError`). */
  | 'wrong-proof'
  /** What the file rests on is not enough: `data.level`, `data.wanted`, and the election block that has to be trusted (`data.height`, `data.hash`). */
  | 'level-too-low';

/** A proof file that proves nothing here. */
export class ProofFileError extends CodedError<ProofFileErrorCode> {
  override readonly name = 'ProofFileError';
  constructor(code: ProofFileErrorCode, data: Readonly<Record<string, string | number>> = {}) {
    const parts = Object.entries(data).map(([key, value]) => `${key}: ${value}`);
    super(code, parts.length > 0 ? `${code} (${parts.join(', ')})` : code, data);
  }
}
