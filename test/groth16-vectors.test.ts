import { describe, expect, it } from 'vitest';
import { fromHex } from '../src/base/bytes.ts';
import { finish } from '../src/crypto/finish.ts';
import { PROOF_LENGTH, zkProofVerifierOf } from '../src/crypto/groth16.ts';
import type { ProvenStatement } from '../src/crypto/groth16.ts';
import { curves } from './support/curve-backends.ts';
import { recording } from './support/node-recordings.ts';
import type { Groth16Case } from './support/node-recordings.ts';

interface Case {
  readonly name: string;
  /** True: arkworks decoded the proof and the equation holds. */
  readonly accepted: boolean;
  readonly statement: ProvenStatement;
}

/** `accepted` converts arkworks' verdict on a case. */
function casesOf<V>(file: { readonly verifyingKeys: readonly string[]; readonly keysCommitments: readonly string[]; readonly cases: readonly Groth16Case<V>[] }, accepted: (verdict: V) => boolean): Case[] {
  return file.cases.map(({ name, verdict, verifyingKey, keysCommitment, genesisHash, finalHash, proof }) => ({
    name,
    accepted: accepted(verdict),
    statement: {
      verifyingKey: fromHex(file.verifyingKeys[verifyingKey]!),
      keysCommitment: fromHex(file.keysCommitments[keysCommitment]!),
      genesisHash: fromHex(genesisHash),
      finalHash: fromHex(finalHash),
      proof: fromHex(proof),
    },
  }));
}

const arkworksOwn = casesOf(recording('ark-cases'), (verdict) => verdict === 'true');
const trapdoor = casesOf(recording('petrel-cases'), (verdict) => verdict);
/** arkworks reads the proof from the start of the bytes and ignores trailing bytes. */
const longer = arkworksOwn.filter(({ statement }) => statement.proof.length > PROOF_LENGTH);
const others = arkworksOwn.filter((given) => !longer.includes(given));

const count = (cases: readonly Case[], accepted: boolean) => cases.filter((given) => given.accepted === accepted).length;

it('the cases contain both verdicts', () => {
  expect([count(others, true), count(others, false), count(longer, true), count(longer, false)]).toEqual([6, 93, 3, 0]);
  expect([count(trapdoor, true), count(trapdoor, false)]).toEqual([8, 16]);
});

describe.each(curves)("Groth16 on $name gives arkworks' verdict", ({ curve }) => {
  const steps = zkProofVerifierOf(curve);
  const verify = (statement: ProvenStatement): boolean => {
    const mark = curve.field.mark();
    const result = finish(steps(statement));
    curve.field.release(mark, []);
    return result;
  };
  const verdicts = (cases: readonly Case[]) => Object.fromEntries(cases.map(({ name, statement }) => [name, verify(statement)]));
  const expected = (cases: readonly Case[]) => Object.fromEntries(cases.map(({ name, accepted }) => [name, accepted]));

  // BigInt, which is the reference and slow, gets every eighth altered copy, and all with `PETREL_LONG=1`.
  const some = curve.field.name === 'bigint' && process.env['PETREL_LONG'] !== '1' ? others.filter(({ accepted }, i) => accepted || i % 8 === 0) : others;
  it('on proofs that arkworks made, and on altered copies of them', () => {
    expect(verdicts(some)).toEqual(expected(some));
  });

  it('on proofs made with the trapdoor', () => {
    expect(verdicts(trapdoor)).toEqual(expected(trapdoor));
  });

  it('except for a proof with trailing bytes: Petrel requires exactly 475 bytes, arkworks accepts more', () => {
    for (const { accepted, statement } of longer) {
      expect(accepted).toBe(true);
      expect(verify(statement)).toBe(false);
      expect(verify({ ...statement, proof: statement.proof.subarray(0, PROOF_LENGTH) })).toBe(true);
    }
  });
});
