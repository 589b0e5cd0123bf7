/**
 * Voting keys, and the transactions that register validators, from our classes and from those of `@nimiq/core`: the same bytes, proof of
 * knowledge included, the same hash, plain form and verdict. The official client needs a second for each key, so it makes only one of them
 * anew (200 with `PETREL_LONG`); 24 are in `test/vectors/wallet/validators.json` as it made them.
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as official from '@nimiq/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import * as ours from '../../src/package/nimiq.ts';

const RUNS = process.env['PETREL_LONG'] === undefined ? 1 : 200;
const SEED = 20_261_201;
const RECORDED = 24;
/** Written by the official client with `PETREL_RECORD`. */
const FILE = fileURLToPath(new URL('../vectors/wallet/validators.json', import.meta.url));

type Library = typeof ours;
const theirs = official as unknown as Library;

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
/** Below the group's order, which has one bit in the last byte; never zero. */
const secret = bytes(94).map((value) => Uint8Array.of(...value.with(0, value[0]! | 1), 0));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const arbitraryValidator = fc.record({
  cold: bytes(32), signing: bytes(32), voting: secret, reward: bytes(20), signalData: maybe(bytes(32).map((value) => toHex(value))),
  fee: fc.oneof(fc.bigInt({ min: 0n, max: 10_000_000n }), fc.constant(undefined)), height: fc.integer({ min: 0, max: 0xffff_ffff }), network: fc.constantFrom(5, 6, 24),
  update: fc.option(fc.record({ reward: fc.boolean(), signing: fc.boolean(), voting: fc.constantFrom(true, true, false), signalData: fc.boolean() }), { freq: 2, nil: undefined }),
});
type Validator = typeof arbitraryValidator extends fc.Arbitrary<infer T> ? T : never;

/** Of how many the proof of knowledge is checked too, which takes the official client seconds. */
const CHECKED = 1;

/** All that can be seen of the transaction. The official builder takes what it is given, so each call has objects of its own. */
function seen(library: Library, { cold, signing, voting, reward, signalData, fee, height, network, update }: Validator, verify: boolean) {
  const { Address, BLSKeyPair, BLSSecretKey, KeyPair, PrivateKey, Transaction, TransactionBuilder } = library;
  const coldPair = KeyPair.derive(new PrivateKey(cold));
  const votingPair = BLSKeyPair.derive(new BLSSecretKey(voting));
  const keys = [votingPair.toHex(), votingPair.publicKey.toHex(), toHex(votingPair.serialize()), votingPair.secretKey.toHex()];
  const signingKey = KeyPair.derive(new PrivateKey(signing)).publicKey;
  const transaction = update
    ? TransactionBuilder.newUpdateValidator(
        coldPair.toAddress(), update.reward ? new Address(reward) : undefined, update.signing ? signingKey : undefined, update.voting ? votingPair : undefined, update.signalData ? signalData : undefined,
        fee, height, network,
      )
    : TransactionBuilder.newCreateValidator(coldPair.toAddress(), new Address(reward), signingKey, votingPair, signalData, fee, height, network);
  const unsigned = transaction.toHex();
  transaction.sign(coldPair, undefined);
  return {
    keys, unsigned, signed: transaction.toHex(), hash: transaction.hash(), plain: transaction.toPlain(), again: Transaction.fromPlain(transaction.toPlain()).toHex(),
    verdicts: verify ? [1, 2].map((version) => attempt(() => transaction.verify(version, network))) : [],
  };
}

/** What the file has of each: enough to see any difference. */
function recorded(library: Library, validator: Validator): unknown {
  const { keys, signed, hash } = seen(library, validator, false);
  return { publicKey: keys[1], signed, hash };
}

describe('validators', () => {
  const samples = fc.sample(arbitraryValidator, { numRuns: RECORDED, seed: SEED });

  it(`are registered and updated with the recorded bytes of the official client: ${RECORDED}`, () => {
    if (process.env['PETREL_RECORD'] !== undefined) writeFileSync(FILE, `[\n${samples.map((validator) => JSON.stringify(recorded(theirs, validator))).join(',\n')}\n]\n`);
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(samples.map((validator) => recorded(ours, validator)));
  });

  it(`are registered and updated with the bytes of the official client: ${RUNS}`, () => {
    let runs = 0;
    fc.assert(fc.property(arbitraryValidator, (validator) => {
      runs += 1;
      expect(seen(ours, validator, runs <= CHECKED)).toEqual(seen(theirs, validator, runs <= CHECKED));
    }), { numRuns: RUNS, seed: SEED, endOnFailure: true });
  });

  it('with a voting key that is not of its secret have the same bytes, which the official client refuses', () => {
    const make = ({ Address, BLSKeyPair, BLSSecretKey, KeyPair, PrivateKey, TransactionBuilder }: Library) => {
      const cold = KeyPair.derive(new PrivateKey(new Uint8Array(32).fill(1)));
      const secretOf = (first: number) => new BLSSecretKey(new Uint8Array(95).fill(first, 0, 1));
      const pair = new BLSKeyPair(secretOf(1), BLSKeyPair.derive(secretOf(2)).publicKey);
      const transaction = TransactionBuilder.newCreateValidator(cold.toAddress(), new Address(new Uint8Array(20).fill(3)), cold.publicKey, pair, undefined, 0n, 1, 24);
      transaction.sign(cold, undefined);
      return transaction;
    };
    expect(make(ours).toHex()).toBe(make(theirs).toHex());
    expect(() => make(theirs).verify(2, 24)).toThrow('Invalid transaction data');
  });

  it('refuse the same signal data', () => {
    const made = ({ Address, BLSKeyPair, BLSSecretKey, KeyPair, PrivateKey, TransactionBuilder }: Library) => ['', 'ab', 'ab'.repeat(33), 'zz'.repeat(32), 'AB'.repeat(32)].map((signalData) => {
      const cold = KeyPair.derive(new PrivateKey(new Uint8Array(32).fill(1)));
      const pair = () => BLSKeyPair.derive(new BLSSecretKey(new Uint8Array(95).fill(1, 0, 1)));
      return [
        attempt(() => TransactionBuilder.newCreateValidator(cold.toAddress(), new Address(new Uint8Array(20)), cold.publicKey, pair(), signalData, 0n, 1, 24)),
        attempt(() => TransactionBuilder.newUpdateValidator(cold.toAddress(), undefined, undefined, undefined, signalData, 0n, 1, 24)),
      ];
    });
    expect(made(ours)).toEqual(made(theirs));
    expect(made(ours).at(-1)).toEqual(['done', 'done']);
  });
});

describe('voting keys', () => {
  it('from the official generator are read, and ours by the official client', () => {
    const fromTheirs = official.BLSKeyPair.generate();
    expect(ours.BLSKeyPair.deserialize(fromTheirs.serialize()).publicKey.toHex()).toBe(fromTheirs.publicKey.toHex());
    const fromOurs = ours.BLSKeyPair.generate();
    expect(official.BLSKeyPair.deserialize(fromOurs.serialize()).publicKey.toHex()).toBe(fromOurs.publicKey.toHex());
  });

  it('are refused as the official client refuses them', () => {
    const key = fromHex(ours.BLSKeyPair.derive(new ours.BLSSecretKey(new Uint8Array(95).fill(1, 0, 1))).publicKey.toHex());
    const wrong = [key.slice(1), new Uint8Array(285), new Uint8Array(285).fill(3), new Uint8Array(285).fill(255), new Uint8Array(0)];
    const secrets = [new Uint8Array(94), new Uint8Array(96), new Uint8Array(95).fill(255)];
    const refused = ({ BLSPublicKey, BLSSecretKey }: Library) => [...wrong.map((bad) => attempt(() => new BLSPublicKey(bad))), ...secrets.map((bad) => attempt(() => new BLSSecretKey(bad)))];
    expect(refused(ours)).toEqual(refused(theirs));
    expect(new Set(refused(ours))).toEqual(new Set(['refused']));
    expect(attempt(() => new ours.BLSPublicKey(key))).toBe('done');
  });
});

function attempt(action: () => unknown): 'done' | 'refused' {
  try {
    action();
    return 'done';
  } catch {
    return 'refused';
  }
}
