/** Puts all that an engine needs into one folder: the bundled bench, the official client's web build, and the inputs. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundle } from '../../e2e/support/bundle.ts';
import { root } from '../../scripts/setup.mjs';
import { blake2s } from '../../src/crypto/blake2s.ts';
import { blsSign } from '../../src/crypto/bls-signing.ts';
import { electionBatch } from './election-batch.ts';
import type { Inputs } from './operations.ts';
import { toText } from './plain-text.ts';

interface Vectors {
  readonly tests: { readonly raw_hex: string; readonly meta_data: { readonly vksCommitment: string } };
  readonly simulated_proofs_tests_vk: { readonly proofs: readonly { readonly proof_compressed_475: string; readonly genesis_header_hash_blake2s: string; readonly final_header_hash_blake2s: string }[] };
}

/** Returns the official client's version. `blocks`: number of election blocks to make. */
export async function prepareFolder(folder: string, blocks: number): Promise<string> {
  await bundle('bench/crypto/measure.ts', folder, 'measure');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>bench</title>');
  const glue = join(import.meta.dirname, 'glue');
  for (const file of readdirSync(glue)) cpSync(join(glue, file), join(folder, file));
  const manifest = createRequire(import.meta.url).resolve('@nimiq/core/vite').replace(/vite\.js$/u, 'package.json');
  cpSync(manifest.replace(/package\.json$/u, 'web/main-wasm'), join(folder, 'official'), { recursive: true });
  writeFileSync(join(folder, 'inputs.txt'), toText(makeInputs()));
  writeFileSync(join(folder, 'batch.txt'), toText(electionBatch(blocks)));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

function makeInputs(): Inputs {
  const secret = new Uint8Array(95);
  for (let i = 0; i < 3; i++) secret.set(blake2s(Uint8Array.of(i)).subarray(0, i < 2 ? 32 : 30), 32 * i);
  const sigHash = blake2s(secret);
  const { tests, simulated_proofs_tests_vk: simulated } = JSON.parse(readFileSync(join(root, 'test/vectors/zkp.json'), 'utf8')) as Vectors;
  const [first] = simulated.proofs;
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
  return {
    secret,
    sigHash,
    signature: blsSign(secret, sigHash),
    proof: {
      kind: 'zk-proof',
      proof: bytes(first!.proof_compressed_475),
      verifyingKey: bytes(tests.raw_hex),
      keysCommitment: bytes(tests.meta_data.vksCommitment),
      genesisHash: bytes(first!.genesis_header_hash_blake2s),
      finalHash: bytes(first!.final_header_hash_blake2s),
    },
  };
}
