import { expect, it } from 'vitest';
import { proofFileSamples } from '../../../../test/support/proof-file-samples.ts';
import { runs } from '../../../../test/support/runs.ts';
import { toHex } from '../../../base/bytes.ts';
import type { JobResult, VerificationJob, Verify } from '../../../crypto/jobs.ts';
import { runJobNow } from '../../../crypto/run-job.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { decodeProofFile, encodeProofFile } from './proof-file.ts';
import { ProofFileError } from './proof-file-error.ts';
import { verifyProofFile } from './verify-proof-file.ts';

const LONG = process.env['PETREL_LONG'] === '1';
/** In the long run every byte of 200 files, otherwise one byte of so many of a few files. */
const STRIDE = LONG ? 1 : 29;
const FILES = runs(8, 200).numRuns;
/** Of the signatures that a flip changed, one of so many is computed; the others count as wrong, as they are unless the curve is broken. */
const COMPUTED = LONG ? 200 : 20;
/** Milliseconds. The long run has half a million flips, of 5 to 20 ms each. */
const TIMEOUT = LONG ? 4 * 3_600_000 : 300_000;

const original = new Map<string, JobResult>();
const nameOf = (job: VerificationJob): string => JSON.stringify(job, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value));
let changed = 0;
const verifyOriginal: Verify = async (job) => {
  const result = runJobNow(job);
  original.set(nameOf(job), result);
  return result;
};
const verifyFlipped: Verify = async (job) => {
  const known = original.get(nameOf(job));
  if (known) return known;
  changed += 1;
  if (changed % COMPUTED === 0) return runJobNow(job);
  return { valid: false, failure: job.kind === 'zk-proof' ? 'zk-proof' : 'multi-signature', decoded: [] };
};

const all = proofFileSamples();
const chosen = all.filter((_, at) => Math.floor((at * FILES) / all.length) !== Math.floor(((at - 1) * FILES) / all.length));

it('a file with a flipped bit is refused, or says the same', async () => {
  let refused = 0;
  let same = 0;
  const from = LONG ? all : chosen;
  const files = Array.from({ length: FILES }, (_, at) => from[at % from.length] ?? all[0]);
  for (const [round, sample] of files.entries()) {
    if (!sample) throw new Error('no files');
    const bytes = encodeProofFile(sample.file);
    const before = await verifyProofFile(decodeProofFile(bytes), { network: unitAlbatross, verify: verifyOriginal, minLevel: 'claimed' });
    for (let at = round % STRIDE; at < bytes.length; at += STRIDE) {
      const flipped = Uint8Array.from(bytes);
      flipped[at]! ^= 1 << ((at + round) % 8);
      try {
        const after = await verifyProofFile(decodeProofFile(flipped), { network: unitAlbatross, verify: verifyFlipped, minLevel: 'claimed' });
        expect([sample.name, at, after]).toEqual([sample.name, at, before]);
        same += 1;
      } catch (error) {
        if (!(error instanceof ProofFileError)) throw error;
        refused += 1;
      }
    }
  }
  expect(refused).toBeGreaterThan(same);
  // Signing keys and addresses in version 1 election blocks are covered by no hash, and by no value.
  expect(same).toBeGreaterThan(0);
}, TIMEOUT);
