import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { toHex } from '../../src/base/bytes.ts';
import { verifyBls12381Steps } from '../../src/crypto/bls12-381.ts';
import { finish } from '../../src/crypto/finish.ts';
import type { Scheme } from '../../src/chains/hotstuff2/wire/validator-set.ts';
import { blsKey } from './bls-key.ts';
import type { ReplicaKey } from './replica-key.ts';

/** The beginning of a private and of a public Ed25519 key in DER (RFC 8410). */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
/** Verdicts that are remembered: the votes of some 100 views. The oldest is forgotten at the bound. */
const MAX_VERDICTS = 4096;

/** The key of a replica in one epoch: its seed is SHA-256("hs2-devnet/<seed>/<epoch>/<index>"), and so is its scalar with BLS. Public, so worth nothing. */
export function replicaKey(networkSeed: string, epoch: number, index: number, scheme: Scheme): ReplicaKey {
  const seed = createHash('sha256').update(`hs2-devnet/${networkSeed}/${epoch}/${index}`).digest();
  if (scheme === 'bls') return blsKey(seed);
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length);
  return { seed: new Uint8Array(seed), publicKey: new Uint8Array(publicKey), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

/**
 * Verifies with Node's Ed25519, which takes the equation without cofactor, and BLS as the client does. All replicas of a process share the verdicts:
 * the same bytes need not be verified once for each of them.
 */
export class SharedVerifier {
  readonly #keys = new Map<string, KeyObject>();
  readonly #verdicts = new Map<string, boolean>();

  ed25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    return this.#verdict([publicKey], message, signature, () => {
      const name = toHex(publicKey);
      let key = this.#keys.get(name);
      if (!key) this.#keys.set(name, (key = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, publicKey]), format: 'der', type: 'spki' })));
      return signature.length === 64 && verify(null, message, key, signature);
    });
  }

  /** Whether the signature is the sum of those of all these keys. */
  bls(publicKeys: readonly Uint8Array[], message: Uint8Array, signature: Uint8Array): boolean {
    return this.#verdict(publicKeys, message, signature, () => finish(verifyBls12381Steps(publicKeys, message, signature)));
  }

  #verdict(publicKeys: readonly Uint8Array[], message: Uint8Array, signature: Uint8Array, find: () => boolean): boolean {
    const question = [...publicKeys, message, signature].map(toHex).join('/');
    const known = this.#verdicts.get(question);
    if (known !== undefined) return known;
    const verdict = find();
    this.#verdicts.set(question, verdict);
    if (this.#verdicts.size > MAX_VERDICTS) this.#verdicts.delete(this.#verdicts.keys().next().value!);
    return verdict;
  }
}
