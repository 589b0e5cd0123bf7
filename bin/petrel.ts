#!/usr/bin/env node
/** The command `petrel` of the package: `petrel verify <file>`. Node alone, no network. */

import { readFileSync } from 'node:fs';
import { ProofFileError, verifyProofFile } from '../src/package/verify.ts';
import type { NetworkParameters } from '../src/package/verify.ts';
import { describeProof, describeRefusal } from '../src/verify/describe-proof.ts';
import { readArguments, usage } from '../src/verify/read-arguments.ts';

/** What the command says, and the code that it ends with. */
async function run(words: readonly string[]): Promise<{ readonly text: string; readonly code: 0 | 1 }> {
  const wanted = readArguments(words);
  if (wanted === undefined) return { text: usage, code: words[0] === '--help' ? 0 : 1 };
  const { file, network, trusted, minLevel } = wanted;
  try {
    // Checked by `verifyProofFile`.
    const parameters = network === undefined ? undefined : (JSON.parse(readFileSync(network, 'utf8')) as NetworkParameters);
    const verified = await verifyProofFile(readFileSync(file), { network: parameters, trusted, minLevel });
    return { text: describeProof(verified).join('\n'), code: 0 };
  } catch (error) {
    const reason = error instanceof ProofFileError ? describeRefusal(error) : error instanceof Error ? error.message : String(error);
    return { text: `Not proven: ${reason}`, code: 1 };
  }
}

const { text, code } = await run(process.argv.slice(2));
(code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
process.exitCode = code;
