import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from './support/fixtures.ts';

const root = resolve(import.meta.dirname, '..');
const file = readdirSync(resolve(root, 'dist/assets')).find((name) => /^verifier-.*\.js$/u.test(name));
const vectors = JSON.parse(readFileSync(resolve(root, 'test/vectors/zkp.json'), 'utf8')) as {
  tests: { raw_hex: string; meta_data: { vksCommitment: string } };
  simulated_proofs_tests_vk: { proofs: { proof_compressed_475: string; genesis_header_hash_blake2s?: string; final_header_hash_blake2s?: string }[] };
};

test('the built verifier accepts a proof and refuses it for another block', async ({ context, site }) => {
  const [first, second] = vectors.simulated_proofs_tests_vk.proofs;
  const page = await context.newPage();
  await page.goto(`${site.url}/_headers`);
  const fields = {
    proof: first!.proof_compressed_475,
    verifyingKey: vectors.tests.raw_hex,
    keysCommitment: vectors.tests.meta_data.vksCommitment,
    genesisHash: first!.genesis_header_hash_blake2s!,
    finalHash: first!.final_header_hash_blake2s!,
  };
  const results = await page.evaluate(
    async ({ file, jobs }) => {
      const bytes = (hex: string) => Uint8Array.from(hex.match(/../gu) ?? [], (digits) => Number.parseInt(digits, 16));
      const worker = new Worker(`/assets/${file}`, { type: 'module' });
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ kind: 'serve', port: port2 }, [port2]);
      const answers: unknown[] = [];
      await new Promise<void>((done, failed) => {
        worker.addEventListener('error', () => failed(new Error('the worker failed')));
        port1.addEventListener('message', ({ data }: MessageEvent<{ kind: string; result?: unknown; facts?: unknown }>) => {
          if (data.kind !== 'beat') answers.push(data.result ?? data.facts ?? data);
          // Includes the report of its back end.
          if (answers.length === jobs.length + 1) done();
        });
        port1.start();
        for (const [id, fields] of jobs.entries()) {
          const job = Object.fromEntries(Object.entries(fields).map(([name, hex]) => [name, bytes(hex)]));
          port1.postMessage({ kind: 'job', id, job: { kind: 'zk-proof', ...job } });
        }
      });
      worker.terminate();
      return answers;
    },
    { file, jobs: [fields, { ...fields, finalHash: second!.final_header_hash_blake2s! }, { ...fields, proof: fields.proof.slice(2) }] },
  );
  const refused = { valid: false, failure: 'zk-proof', decoded: [] };
  expect(results).toEqual([{ backend: 'wasm' }, { valid: true, decoded: [] }, refused, refused]);
});
