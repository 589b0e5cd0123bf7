/**
 * What it costs to take headers: by the signatures of a set, and by hash links below a header that is proven.
 * @module
 */
import { createPublicKey, createSign, generateKeyPairSync, verify as nodeVerify } from 'node:crypto';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { deserializeTransaction, publicKeyFromSignatureVrs } from '@stacks/transactions';
import { toHex } from '../../src/base/bytes.ts';
import { checkLink } from '../../src/chains/stacks/chain/block-rules.ts';
import { blockHash } from '../../src/chains/stacks/chain/hash.ts';
import { verifySigners } from '../../src/chains/stacks/chain/signer-rules.ts';
import { ByteReader } from '../../src/chains/stacks/wire/byte-reader.ts';
import { decodeHeader } from '../../src/chains/stacks/wire/header.ts';
import { readTransaction } from '../../src/chains/stacks/wire/transaction.ts';
import { decodeBlock } from '../../src/chains/stacks/wire/block.ts';
import { finish } from '../../src/crypto/finish.ts';
import type { Verify } from '../../src/crypto/jobs.ts';
import { runJob } from '../../src/crypto/run-job.ts';
import { recoverKey } from '../../src/crypto/secp256k1-recover.ts';
import { stepsOf } from '../../src/crypto/steps-of.ts';
import { chainA, fromBase64 } from '../../test/support/stacks-vectors.ts';
import { eachOf, time, type Group, type Timed } from '../chains/primitives.ts';
import type { MadeHeaders } from './make-headers.ts';

/** On this thread, so that a second of it is a second of one core. */
const verify: Verify = async (job) => finish(await stepsOf(job, runJob));

export interface HeaderTimes {
  readonly signed: Timed;
  readonly linked: Timed;
  /** Milliseconds of the first header of the process, whose code is cold. */
  readonly first: number;
}

/** Milliseconds a header. Throws if a header is refused: a refusal would be fast. */
export async function timeHeaders({ headers, bytes, set }: MadeHeaders, links: MadeHeaders): Promise<HeaderTimes> {
  let at = 0;
  const began = performance.now();
  await verifySigners(decodeHeader(bytes[0]!), set, verify);
  const first = performance.now() - began;
  const signed = await time(`decoded, ${set.members.length + 1} keys recovered and checked against the set`, async () => {
    at = (at + 1) % bytes.length;
    const verdict = await verifySigners(decodeHeader(bytes[at]!), set, verify);
    if (!verdict.ok) throw new Error(`a header is refused: ${verdict.code}`);
  });
  const chain = await time('decoded twice, hashed and linked to the next', () => {
    for (let i = 1; i < links.bytes.length; i += 1) {
      const [parent, child] = [decodeHeader(links.bytes[i - 1]!), decodeHeader(links.bytes[i]!)];
      if (checkLink(parent, child) !== undefined) throw new Error('a link is refused');
    }
  });
  if (headers.length !== bytes.length) throw new Error('headers without bytes');
  return { signed, first, linked: eachOf(chain, links.bytes.length - 1) };
}

/** Ours beside what else this engine has for the same. */
export async function rivalsOfHeaders({ headers, signers }: MadeHeaders): Promise<readonly Group[]> {
  const header = headers[0]!;
  const message = blockHash(header);
  const signature = header.signerSignatures[0]!;
  const key = signers[0]!.publicKey;
  const hex = { message: toHex(message), signature: toHex(signature) };
  const compact = signature.slice(1);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  const ready = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
  const nodeSignature = createSign('sha256').update(message).sign(privateKey);
  if (toHex(recoverKey(message, signature)!) !== toHex(key) || publicKeyFromSignatureVrs(hex.message, hex.signature) !== toHex(key)) throw new Error('another key is recovered');
  if (!secp256k1.verify(compact, message, key, { prehash: false }) || !nodeVerify('sha256', message, ready, nodeSignature)) throw new Error('a signature is refused');
  return [
    {
      title: 'one secp256k1 signature of a header',
      rows: [
        await time('ours: key recovered (`recoverKey`, noble 2)', () => recoverKey(message, signature)),
        await time('`@stacks/transactions`: key recovered from hex', () => publicKeyFromSignatureVrs(hex.message, hex.signature)),
        await time('noble, verified with a key that is known', () => secp256k1.verify(compact, message, key, { prehash: false })),
        await time('`node:crypto`, verified with a key that is known and ready (recovers none)', () => nodeVerify('sha256', message, ready, nodeSignature)),
      ],
    },
    await decodingOfTransactions(),
  ];
}

/** Both decode the transactions of the recorded blocks, from bytes. */
async function decodingOfTransactions(): Promise<Group> {
  const transactions = chainA.blocks.flatMap((it) => decodeBlock(fromBase64(it.block_b64)).transactions.map(({ bytes }) => bytes));
  const ours = await time('ours (`readTransaction`: bounds, kind, tenure change; contents are not built)', () => {
    for (const bytes of transactions) readTransaction(new ByteReader(bytes));
  });
  const theirs = await time('`@stacks/transactions` (`deserializeTransaction`: everything is built)', () => {
    for (const bytes of transactions) deserializeTransaction(bytes);
  });
  return { title: `one transaction decoded, mean of the ${transactions.length} of 29 recorded blocks`, rows: [eachOf(ours, transactions.length), eachOf(theirs, transactions.length)] };
}
