#!/usr/bin/env node
/** The command `petrel` of the package: `petrel verify <file>`. Node alone, no network. */

import { readFileSync } from 'node:fs';
import { ProofFileError, verifyProofFile } from '../src/package/verify.ts';
import type { NetworkParameters } from '../src/package/verify.ts';
import { verifyChainProof } from '../src/package/verify-chains.ts';
import { describeChecked, describeFailed } from '../src/verify/describe-checked.ts';
import { describeProof, describeRefusal } from '../src/verify/describe-proof.ts';
import { readArguments, usage } from '../src/verify/read-arguments.ts';

interface Said {
  readonly text: string;
  readonly code: 0 | 1;
}

const notProven = (why: string): Said => ({ text: `Not proven: ${why}`, code: 1 });

function readParameters(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`the network file ${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** What the command says, and the code that it ends with. */
async function run(words: readonly string[]): Promise<Said> {
  const wanted = readArguments(words);
  if (wanted === undefined) return { text: usage, code: words[0] === '--help' ? 0 : 1 };
  const { file, network, trusted, minLevel } = wanted;
  try {
    const bytes = readFileSync(file);
    // Checked by what verifies the file.
    const parameters: unknown = network === undefined ? undefined : readParameters(network);
    const checked = await verifyChainProof(bytes, { network: parameters });
    if (checked) return checked.ok ? { text: describeChecked(checked).join('\n'), code: 0 } : notProven(describeFailed(checked));
    const verified = await verifyProofFile(bytes, { network: parameters as NetworkParameters | undefined, trusted, minLevel });
    return { text: describeProof(verified).join('\n'), code: 0 };
  } catch (error) {
    return notProven(error instanceof ProofFileError ? describeRefusal(error) : error instanceof Error ? error.message : String(error));
  }
}

const { text, code } = await run(process.argv.slice(2));
(code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
process.exitCode = code;
