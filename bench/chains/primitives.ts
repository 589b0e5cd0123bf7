import { createHash, createPublicKey, randomBytes, verify as nodeVerify } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { toHex } from '../../src/base/bytes.ts';
import { payloadRoot } from '../../src/chains/hotstuff2/chain/payload-root.ts';
import { eventsRoot } from '../../src/chains/moloch/chain/events-root.ts';
import { Mmr } from '../../src/chains/moloch/chain/mmr.ts';
import { blake3 } from '../../src/crypto/blake3.ts';
import { verifyEd25519Strict } from '../../src/crypto/ed25519-strict.ts';
import { webCryptoSaysYes } from '../../src/crypto/ed25519.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { spreadOf } from '../spread.ts';

export interface Timed {
  readonly name: string;
  /** Milliseconds, the median of the rounds. */
  readonly milliseconds: number;
  /** Milliseconds of processor time, likewise: other processes change it little. */
  readonly processor: number;
}

/** The first of a group is what a client uses, or ours; ratios are to it. */
export type Group = { readonly title: string; readonly rows: readonly Timed[] };

/** Milliseconds that one sample takes at least, so that the clock's ticks do not count. */
const SAMPLE = 20;
const ROUNDS = 9;

export async function time(name: string, run: () => unknown): Promise<Timed> {
  const sample = async (times: number): Promise<number> => {
    const began = performance.now();
    for (let i = 0; i < times; i += 1) await run();
    return performance.now() - began;
  };
  let times = 1;
  while ((await sample(times)) < SAMPLE) times *= 2;
  const values: number[] = [];
  const processor: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    values.push((await sample(times)) / times);
    const { user, system } = process.cpuUsage(before);
    processor.push((user + system) / 1000 / times);
  }
  return { name, milliseconds: spreadOf(values).median, processor: spreadOf(processor).median };
}

/** As one step, so that a microtask is not measured with an operation of a microsecond. */
const timeMany = async (name: string, many: number, run: () => void): Promise<Timed> => {
  const timed = await time(name, () => {
    for (let i = 0; i < many; i += 1) run();
  });
  return eachOf(timed, many);
};

/** Of one of `many` that were timed together. */
export function eachOf({ name, milliseconds, processor }: Timed, many: number): Timed {
  return { name, milliseconds: milliseconds / many, processor: processor / many };
}

/** Ed25519, hashes and trees of the two chains, with what else this engine has for them. */
export async function measurePrimitives(): Promise<readonly Group[]> {
  const { secretKey, publicKey } = ed25519.keygen();
  const message = new Uint8Array(randomBytes(100));
  const signature = ed25519.sign(message, secretKey);
  const spki = createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]), format: 'der', type: 'spki' });
  const [small, large] = [new Uint8Array(randomBytes(64)), new Uint8Array(randomBytes(1_048_576))];
  const leaves = Array.from({ length: 1024 }, () => new Uint8Array(randomBytes(100)));
  const ids = leaves.map((leaf) => toHex(sha256(leaf)));
  return [
    {
      title: 'Ed25519, one signature of 100 bytes verified, equation without cofactor',
      rows: [
        await time('ours in JavaScript (`verifyEd25519Strict`)', () => verifyEd25519Strict(publicKey, message, signature)),
        await time('noble, `zip215: false` (accepts more)', () => ed25519.verify(signature, message, publicKey, { zip215: false })),
        await time('WebCrypto, as the client asks it (key imported each time)', () => webCryptoSaysYes(publicKey, message, signature, globalThis.crypto.subtle)),
        await time('`node:crypto`, key ready', () => nodeVerify(undefined, message, spki, signature)),
      ],
    },
    {
      title: 'a node of a tree: 64 bytes hashed',
      rows: [
        await timeMany('BLAKE3 (noble): Moloch', 100, () => void blake3(small)),
        await timeMany('SHA-256 (noble): HotStuff-2', 100, () => void sha256(small)),
        await timeMany('SHA-256, `node:crypto`', 100, () => void createHash('sha256').update(small).digest()),
      ],
    },
    {
      title: '1 MiB hashed',
      rows: [
        await time('BLAKE3 (noble)', () => blake3(large)),
        await time('SHA-256 (noble)', () => sha256(large)),
        await time('SHA-256, `node:crypto`', () => createHash('sha256').update(large).digest()),
      ],
    },
    {
      title: 'trees over 1024 leaves',
      rows: [
        await time('HotStuff-2: root of a payload of 1024 transactions of 100 bytes', () => payloadRoot(leaves)),
        await time('Moloch: root of 1024 events', () => eventsRoot(ids)),
        await time('Moloch: 1024 blocks added to the range', () => {
          const mmr = new Mmr();
          for (const id of ids) mmr.append(id);
        }),
      ],
    },
  ];
}
