import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../../devnet/seeded-random.ts';
import { simulateProof } from '../../../../../devnet/trapdoor.ts';
import { unitTrapdoor } from '../../../../../devnet/unit-trapdoor.ts';
import { genesisLink, type Link, makeMacro, testNow } from '../../../../../test/support/chain-maker.ts';
import { verifyNow } from '../../../../../test/support/verify-now.ts';
import type { Verify } from '../../../../crypto/jobs.ts';
import { fromHex } from '../../../../base/bytes.ts';
import type { MacroBlock } from '../../wire/types.ts';
import { macroVoteHash } from '../hashes.ts';
import { unitAlbatross } from '../networks/unit-albatross.ts';
import { judgeZkProof, type ZkpContext, zkpVerdictOf } from './zk-proof.ts';

const at = (height: number): Link => ({ ...genesisLink, height: height - 1 });
const election = (change = {}) => makeMacro(at(328), change).block;
const block = election();
const keysCommitment = fromHex(unitAlbatross.zkp!.keysCommitment);
const hashOf = ({ header }: MacroBlock) => macroVoteHash(header);

function proofOf(final: MacroBlock, genesis = genesisLink.block): Uint8Array {
  return simulateProof(unitTrapdoor(), { genesisHash: hashOf(genesis), finalHash: hashOf(final), keysCommitment }, seededRandom('rules', 'proof'));
}

const proof = proofOf(block);
const context: ZkpContext = { message: { blockNumber: 328, proof }, block, network: unitAlbatross, now: testNow };
const judge = (change: Partial<ZkpContext>) => judgeZkProof({ ...context, ...change }, verifyNow);
/** A verifier that must not be called, for inputs that must be refused without computation. */
const never: Verify = () => Promise.reject(new Error('not to be asked'));
const judgeCheaply = (change: Partial<ZkpContext>) => judgeZkProof({ ...context, ...change }, never);

describe('a zero-knowledge proof', () => {
  it('is accepted with the election block that it covers', async () => {
    expect(await judge({})).toBeUndefined();
    // The proof covers the header; the rest of the block does not matter.
    expect(await judge({ block: { ...block, justification: undefined } })).toBeUndefined();
    const next = election({ version: 2 });
    expect(await judge({ block: next, message: { blockNumber: 328, proof: proofOf(next) } })).toBeUndefined();
    expect(await judge({ block: next })).toBe('zkp-invalid');
  });

  it('is refused with another block, another genesis block, or damaged bytes', async () => {
    const other = election({ extraData: Uint8Array.of(1) });
    expect(await judge({ block: other })).toBe('zkp-invalid');
    expect(await judge({ message: { blockNumber: 328, proof: proofOf(other) } })).toBe('zkp-invalid');
    expect(await judge({ message: { blockNumber: 328, proof: proofOf(block, other) } })).toBe('zkp-invalid');
    expect(await judge({ message: { blockNumber: 328, proof: proof.subarray(1) } })).toBe('zkp-invalid');
    expect(await judge({ message: { blockNumber: 328, proof: new Uint8Array(475) } })).toBe('zkp-invalid');
  });

  it('must name the height of its block', async () => {
    expect(await judgeCheaply({ message: { blockNumber: 456, proof } })).toBe('zkp-block-differs');
    expect(await judgeCheaply({ message: { blockNumber: 200, proof } })).toBe('zkp-block-differs');
  });

  it('must come with its block', async () => {
    expect(await judgeCheaply({ block: undefined })).toBe('zkp-block-missing');
  });

  it('must be of an election block that keeps the rules', async () => {
    const checkpoint = makeMacro(at(232)).block;
    expect(await judgeCheaply({ message: { blockNumber: 232, proof }, block: checkpoint })).toBe('not-an-election-block');
    expect(await judgeCheaply({ block: election({ network: 5 }) })).toBe('wrong-network');
    expect(await judgeCheaply({ block: election({ version: 3 }) })).toBe('unsupported-version');
    expect(await judgeCheaply({ block: election({ validators: undefined }) })).toBe('missing-validators');
    expect(await judgeCheaply({ block: election({ validators: [] }) })).toBe('wrong-slot-total');
    expect(await judgeCheaply({ now: block.header.timestamp - unitAlbatross.timestampMaxDrift - 1 })).toBe('timestamp-too-far-ahead');
    expect(await judgeCheaply({ message: { blockNumber: 330, proof }, block: makeMacro(at(330)).block })).toBe('wrong-block-type');
  });

  it('may be missing for the genesis block only', async () => {
    expect(await judgeCheaply({ message: { blockNumber: 328, proof: undefined } })).toBe('zkp-missing');
    expect(await judgeCheaply({ message: { blockNumber: 200, proof: undefined }, block: undefined })).toBeUndefined();
    expect(await judgeCheaply({ message: { blockNumber: 200, proof: undefined }, block: genesisLink.block })).toBeUndefined();
    expect(await judgeCheaply({ message: { blockNumber: 200, proof: undefined } })).toBe('zkp-block-differs');
  });

  it('cannot be used on a network without a verifying key', async () => {
    const { zkp: _, ...network } = unitAlbatross;
    expect(await judgeCheaply({ network })).toBe('zkp-no-key');
  });

  it('has no verdict when it cannot be verified', async () => {
    await expect(judgeZkProof(context, never)).rejects.toThrow('not to be asked');
    const controller = new AbortController();
    let seen: AbortSignal | undefined;
    await judgeZkProof(context, (_, options) => ((seen = options?.signal), Promise.resolve({ valid: true, decoded: [] })), controller.signal);
    expect(seen).toBe(controller.signal);
  });
});

describe('zkpVerdictOf', () => {
  it('bans for what no honest peer sends', () => {
    for (const code of ['zkp-invalid', 'zkp-missing', 'zkp-block-differs', 'not-an-election-block', 'wrong-network'] as const) expect(zkpVerdictOf(code)).toBe('ban');
    for (const code of ['zkp-no-key', 'zkp-block-missing', 'timestamp-too-far-ahead'] as const) expect(zkpVerdictOf(code)).toBe('ignore');
    expect(zkpVerdictOf('unsupported-version')).toBe('client-too-old');
  });
});
