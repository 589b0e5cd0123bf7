import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toHex } from '../../src/base/bytes.ts';
import type { VerifiedProof } from '../../src/chains/albatross/proof-file/verified-proof.ts';

/** A proof file that a release made, and what it proves, as JSON can say it. */
export interface KeptProofFile {
  readonly name: string;
  /** Lower-case hex. */
  readonly bytes: string;
  readonly verified: unknown;
}

/** Where the files of a format are. */
export function keptProofFiles(format: number): string {
  return fileURLToPath(new URL(`../vectors/proof-files/format-${format}.json`, import.meta.url));
}

export function readKeptProofFiles(format: number): readonly KeptProofFile[] {
  return JSON.parse(readFileSync(keptProofFiles(format), 'utf8')) as readonly KeptProofFile[];
}

/** The result without what JSON has no word for: bytes become hex, and what is undefined is left out. */
export function plainProof(verified: VerifiedProof): unknown {
  return JSON.parse(JSON.stringify(verified, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value)));
}
