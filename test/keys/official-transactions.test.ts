/**
 * The same calls on our classes and on those of `@nimiq/core`: random transactions of all kinds, whole and damaged, have the same bytes,
 * content, hash, plain form and verdict. 10 000 with `PETREL_LONG`, else fewer.
 * @module
 */
import * as official from '@nimiq/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import * as ours from '../../src/package/keys.ts';

const RUNS = process.env['PETREL_LONG'] === undefined ? 300 : 10_000;
const SEED = 20_261_130;

const secrets = Array.from({ length: 4 }, (_, i) => new Uint8Array(32).fill(i + 1));
const bytes = (maxLength: number, minLength = 0) => fc.uint8Array({ minLength, maxLength });
const address = fc.oneof(fc.constantFrom(...secrets).map((secret) => ours.KeyPair.derive(new ours.PrivateKey(secret)).toAddress().serialize()), bytes(20, 20), fc.constant(new Uint8Array(20).fill(1, 19)));
const luna = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }), fc.bigInt({ min: 0n, max: 10_000_000n }), fc.constantFrom(0n, 1n, 10_000_000n, 10_000_000_000n, 2_100_000_000_000_000n));
const height = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.integer({ min: 0, max: 20_000 }));
const network = fc.constantFrom(5, 6, 24, 24, 24);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Plain arguments, from which both libraries make a transaction. */
type Made = { readonly how: string; readonly make: (library: typeof ours | typeof official) => ours.Transaction | official.Transaction };

const arbitraryTransaction: fc.Arbitrary<Made> = fc
  .record({
    kind: fc.constantFrom('plain', 'plain', 'basic', 'data', 'create-staker', 'add-stake', 'update-staker', 'set-active', 'retire', 'remove', 'deactivate', 'retire-validator', 'delete-validator', 'signal-data', 'signal-version', 'vesting', 'htlc'),
    sender: address, recipient: address, other: maybe(address), value: luna, fee: fc.oneof(luna, fc.constant(0n)), height, network, data: bytes(70), flag: fc.boolean(), 
    // None that a flipped bit makes a varint with a superfluous group, which the official client takes and ours refuse.
    number: fc.constantFrom(0, 2, 127, 0x3fff),
    types: fc.tuple(fc.constantFrom(0, 0, 1, 2, 3), fc.constantFrom(0, 0, 1, 2, 3)), flags: fc.constantFrom(0, 0, 1, 2), senderData: fc.oneof(fc.constant(new Uint8Array(0)), bytes(1)),
    vesting: fc.oneof(...[28, 44, 52, 53].map((length) => bytes(length, length))), htlc: fc.tuple(bytes(40, 40), fc.constantFrom(1, 2, 3, 4), bytes(64, 64), bytes(2, 2)),
  })
  .map(({ kind, sender, recipient, other, value, fee, height, network, data, flag, number, types, flags, senderData, vesting, htlc }) => ({
    how: kind,
    make: (library: typeof ours | typeof official) => {
      const { Address, TransactionBuilder, Transaction } = library as typeof ours;
      const [from, to, third] = [new Address(sender), new Address(recipient), other && new Address(other)];
      switch (kind) {
        case 'basic': return TransactionBuilder.newBasic(from, to, value, fee, height, network);
        case 'data': return TransactionBuilder.newBasicWithData(from, to, data, value, fee, height, network);
        case 'create-staker': return TransactionBuilder.newCreateStaker(from, third, value, fee, height, network);
        case 'add-stake': return TransactionBuilder.newAddStake(from, to, value, fee, height, network);
        case 'update-staker': return TransactionBuilder.newUpdateStaker(from, third, flag, fee, height, network);
        case 'set-active': return TransactionBuilder.newSetActiveStake(from, value, fee, height, network);
        case 'retire': return TransactionBuilder.newRetireStake(from, value, fee, height, network);
        case 'remove': return TransactionBuilder.newRemoveStake(to, value, fee, height, network);
        case 'deactivate': return TransactionBuilder.newDeactivateValidator(from, to, fee, height, network);
        case 'retire-validator': return TransactionBuilder.newRetireValidator(from, fee, height, network);
        case 'delete-validator': return TransactionBuilder.newDeleteValidator(from, fee, height, network);
        case 'signal-data': return TransactionBuilder.newSetSignalData(from, to, flag ? 'ab'.repeat(32) : undefined, fee, height, network);
        case 'signal-version': return TransactionBuilder.newSignalVersion(from, to, number, fee, height, network);
        // The times stay below 2^53, which is as far as ours go.
        case 'vesting': return new Transaction(from, 0, undefined, to, 1, vesting.map((byte, i) => ([20, 28, 36, 44].includes(i) ? 0 : [21, 29, 37, 45].includes(i) ? byte & 31 : byte)), value, fee, flag ? 1 : 0, height, network);
        case 'htlc': {
          const [parties, algorithm, root, [count = 0, time = 0]] = htlc;
          const creation = Uint8Array.of(...parties, algorithm, ...root.subarray(0, algorithm === 4 ? 64 : 32), count, 0, 0, time, 1, 2, 3, 4, 5);
          return new Transaction(from, 0, undefined, to, 2, creation, value, fee, flag ? 1 : 0, height, network);
        }
        // The official class drops sender data beside flags and the value of a signal, and it makes creations of basic accounts. Ours refuse all three.
        default: return new Transaction(from, types[0], flags === 0 ? senderData : undefined, to, types[1], data, flags === 2 ? 0n : value, fee, flags === 1 && types[1] === 0 ? 0 : flags, height, network);
      }
    },
  }));

/** What becomes of the transaction afterwards. */
const arbitraryProof = fc.record({
  how: fc.constantFrom('sign', 'sign', 'sign', 'nothing', 'random', 'redeem'),
  key: fc.nat(3), inner: fc.option(fc.nat(3), { nil: undefined }), random: bytes(110),
  damage: fc.constantFrom('none', 'none', 'none', 'proof', 'data'), at: fc.nat(1000),
  // Not the flags of a proof: ours refuse those without a meaning, the official client drops them.
  bit: fc.nat(3),
});

type Treatment = typeof arbitraryProof extends fc.Arbitrary<infer T> ? T : never;

/** Everything that can be seen of the transaction, as plain values; or that it cannot be made. */
function seen(library: typeof ours | typeof official, { make }: Made, { how, key, inner, random, damage, at, bit }: Treatment): unknown {
  const { KeyPair, PrivateKey, SignatureProof, Transaction } = library as typeof ours;
  const keyPair = (i: number) => KeyPair.derive(new PrivateKey(secrets[i]!));
  let transaction: ours.Transaction;
  try {
    transaction = make(library) as ours.Transaction;
  } catch {
    return 'not made';
  }
  let signed: unknown = how;
  try {
    if (how === 'sign') transaction.sign(keyPair(key), inner === undefined ? undefined : keyPair(inner));
    if (how === 'random') transaction.proof = random;
    if (how === 'redeem') {
      const proof = () => SignatureProof.singleSig(keyPair(key).publicKey, keyPair(key).sign(transaction.serializeContent())).serialize();
      transaction.proof = key < 2 ? Uint8Array.of(2, ...proof()) : Uint8Array.of(1, ...proof(), ...proof());
    }
  } catch {
    signed = 'not signed';
  }
  const flipped = (bytes: Uint8Array) => (bytes.length === 0 ? bytes : bytes.with(at % bytes.length, bytes[at % bytes.length]! ^ (1 << bit)));
  if (damage === 'proof') transaction.proof = flipped(transaction.proof);
  if (damage === 'data') transaction.data = flipped(transaction.data);
  const verdict = (version: number) => {
    try {
      transaction.verify(version, 24);
      return 'valid';
    } catch (error) {
      return (error as Error).message.split(':')[0];
    }
  };
  const plain = transaction.toPlain();
  return {
    signed, plain, hex: transaction.toHex(), content: toHex(transaction.serializeContent()), hash: transaction.hash(), contract: transaction.getContractCreationAddress().toPlain(),
    verdicts: [verdict(1), verdict(2)], size: transaction.serializedSize, feePerByte: transaction.feePerByte, format: transaction.format, flags: transaction.flags,
    fields: [transaction.sender.toHex(), transaction.recipient.toHex(), transaction.value, transaction.fee, transaction.senderType, transaction.recipientType, transaction.networkId, transaction.validityStartHeight],
    bytes: [transaction.data, transaction.senderData, transaction.proof].map(toHex),
    valid: [0, 1000, 7199, 20_000].map((height) => transaction.isValidAt(height)),
    again: Transaction.fromAny(transaction.toHex()).hash(), fromPlain: Transaction.fromPlain(plain).toHex(),
  };
}

describe('transactions', () => {
  it(`are the same as the official client's: ${RUNS}`, () => {
    fc.assert(
      fc.property(arbitraryTransaction, arbitraryProof, (made, treatment) => {
        expect(seen(ours, made, treatment)).toEqual(seen(official, made, treatment));
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
  });

  it('of proof-of-work networks have the same content', () => {
    for (const network of [1, 2, 3, 4, 42]) {
      const content = ({ Address, Transaction }: typeof ours) => toHex(new Transaction(new Address(new Uint8Array(20)), 0, Uint8Array.of(9), new Address(new Uint8Array(20).fill(1)), 0, undefined, 1n, 0n, 0, 1, network).serializeContent());
      expect(content(ours)).toBe(content(official as unknown as typeof ours));
    }
  });
});

describe('policy', () => {
  const functions = [
    'batchAt', 'batchIndexAt', 'blockAfterCollateralLockup', 'blockAfterJail', 'blockAfterReportingWindow', 'electionBlockAfter', 'electionBlockBefore', 'electionBlockOf', 'epochAt', 'epochIndexAt',
    'firstBatchOfEpoch', 'firstBlockOf', 'firstBlockOfBatch', 'isElectionBlockAt', 'isMacroBlockAt', 'isMicroBlockAt', 'lastBlockOfCollateralLockup', 'lastBlockOfEquivocationReportingWindow',
    'lastBlockOfReportingWindow', 'lastElectionBlock', 'lastMacroBlock', 'macroBlockAfter', 'macroBlockBefore', 'macroBlockOf',
  ] as const;
  const genesis = ours.Policy.GENESIS_BLOCK_NUMBER;
  const heights = [0, 1, 59, 60, 61, 100, genesis - 1, genesis, genesis + 1, genesis + 59, genesis + 60, genesis + 61, genesis + 43_199, genesis + 43_200, genesis + 43_201, 99_341, 71_525_189, 2 ** 31, 2 ** 32 - 43_200, 2 ** 32 - 1];

  it.each(functions)('%s', (name) => {
    const answers = (policy: Pick<typeof ours.Policy, (typeof functions)[number]>) => heights.map((height) => attempt(() => policy[name](height)));
    expect(answers(ours.Policy)).toEqual(answers(official.Policy));
  });

  it('has the same constants, rewards and supply', () => {
    const constants = Object.getOwnPropertyNames(official.Policy).filter((name) => /^[A-Z]/u.test(name)) as (keyof typeof ours.Policy & keyof typeof official.Policy)[];
    expect(constants.length).toBeGreaterThan(20);
    for (const name of constants) expect({ [name]: ours.Policy[name] }).toEqual({ [name]: official.Policy[name] });
    for (const delay of [0n, 1n, 1000n, 60_000n, 10n ** 6n, 10n ** 9n]) expect(ours.Policy.batchDelayPenalty(delay)).toBe(official.Policy.batchDelayPenalty(delay));
    const supplies = (policy: Pick<typeof ours.Policy, 'supplyAt'>) => [0n, 1n, 1000n, 31_536_000_000n, 10n ** 12n, 10n ** 13n].map((later) => policy.supplyAt(1_200_000_000_000_000n, 1_732_034_720_000n, 1_732_034_720_000n + later));
    expect(supplies(ours.Policy)).toEqual(supplies(official.Policy));
  });
});

describe('proofs of several keys', () => {
  it.each([1, 2, 3, 4, 5, 8, 13])('%i keys', (count) => {
    const hexOf = ({ KeyPair, PrivateKey, PublicKey, ES256PublicKey, SignatureProof }: typeof ours) => {
      const keys = Array.from({ length: count }, (_, i) => PublicKey.derive(new PrivateKey(new Uint8Array(32).fill(i + 1))));
      const passkeys = [fromHex('0398342f3e5181d4a0a26c615d28aa5e3c47bdf4a1e591c902aa0159b76a55cf2a'), fromHex('03c24536e04b1a8a4dc2518284dc6c30ee39d716a38e5e862cd1310d8c2d7065f1')].map((key) => new ES256PublicKey(key));
      const signer = KeyPair.derive(new PrivateKey(secrets[0]!));
      const signature = () => signer.sign(Uint8Array.of(1));
      const copies = () => keys.map((key) => PublicKey.fromHex(key.toHex()));
      return [SignatureProof.multiSig(signer.publicKey, copies(), signature()), SignatureProof.multiSig(signer.publicKey, [...copies(), ...passkeys], signature())].map((proof) => toHex(proof.serialize()));
    };
    expect(hexOf(ours)).toEqual(hexOf(official as unknown as typeof ours));
  });
});

describe('addresses of several keys', () => {
  it.each([[1, 1], [1, 3], [2, 3], [3, 3], [2, 5]])('%i of %i', (signers, count) => {
    const friendly = ({ Address, PrivateKey, PublicKey }: typeof ours) => Address.fromPublicKeys(Array.from({ length: count }, (_, i) => PublicKey.derive(new PrivateKey(new Uint8Array(32).fill(i + 1)))), signers).toPlain();
    expect(friendly(ours)).toBe(friendly(official as unknown as typeof ours));
  });
});

function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch {
    return 'refused';
  }
}
