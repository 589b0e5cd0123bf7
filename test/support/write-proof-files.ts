/**
 * `npx tsx test/support/write-proof-files.ts`: writes the proof files of this release, with what they prove, to `test/vectors/proof-files`. Later
 * releases must read them: never write over the files of an older format.
 */
import { writeFileSync } from 'node:fs';
import { toHex } from '../../src/base/bytes.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { encodeProofFile } from '../../src/chains/albatross/proof-file/proof-file.ts';
import { verifyProofFile } from '../../src/chains/albatross/proof-file/verify-proof-file.ts';
import { keptProofFiles, plainProof } from './kept-proof-files.ts';
import { proofFileSamples } from './proof-file-samples.ts';
import { verifyNow } from './verify-now.ts';

/** Of the recorded entries, as many as are kept. */
const RECORDED = 12;

const samples = proofFileSamples();
const recorded = samples.filter(({ name }) => name.startsWith('recorded'));
const chosen = samples.filter((sample) => !recorded.includes(sample) || recorded.indexOf(sample) % Math.ceil(recorded.length / RECORDED) === 0);
const files = [];
for (const { name, file } of chosen) {
  const verified = await verifyProofFile(file, { network: unitAlbatross, verify: verifyNow, minLevel: 'claimed' });
  files.push({ name, bytes: toHex(encodeProofFile(file)), verified: plainProof(verified) });
}
writeFileSync(keptProofFiles(1), `${JSON.stringify(files)}\n`);
