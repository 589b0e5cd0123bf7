import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import blsVectors from '../../test/vectors/bls.json' with { type: 'json' };
import mainnet from '../../test/vectors/mainnet_genesis_header.json' with { type: 'json' };
import vrfVectors from '../../test/vectors/vrf.json' with { type: 'json' };
import zkpVectors from '../../test/vectors/zkp.json' with { type: 'json' };
import { blake2b } from './blake2b.ts';
import { blake2s } from './blake2s.ts';
import { aggregateSignatures, blsSignWeighted } from './bls.ts';
import { blsPublicKey } from './bls-signing.ts';
import { signEd25519 } from './ed25519.ts';
import type { JobResult, MultiSignatureJob, ProposerJob, VerificationJob, WeightedKey, ZkProofJob } from './jobs.ts';
import { finish } from './finish.ts';
import { keyTreeRoot } from './key-tree.ts';
import { fromLittleEndian, toLittleEndian } from './little-endian.ts';
import { bigintMnt6 } from './mnt6/mnt6.ts';
import { createJobRunner, runJob, runJobNow } from './run-job.ts';

const { g2, encoding } = bigintMnt6;

const link = vrfVectors.unit_chain.links[0]!;
const headerHash = blake2b(Uint8Array.of(1));
const proposer: ProposerJob = {
  kind: 'proposer',
  publicKey: hexToBytes(vrfVectors.unit_chain.public),
  seed: hexToBytes(link.seed),
  previousSeed: hexToBytes(link.prev_seed),
  blockNumber: link.nonce_block_number,
  signature: { hash: headerHash, bytes: signEd25519(hexToBytes(vrfVectors.unit_chain.private), headerHash) },
};

const sigHash = blake2s(Uint8Array.of(1));
/** Each call makes keys that no test has used yet, so that none is cached. */
let nextSecret = 1_000_001n;
function newJob(): MultiSignatureJob {
  const secrets = [nextSecret++, nextSecret++].map((secret) => toLittleEndian(secret, 95));
  const weights = [200, 312];
  return {
    kind: 'multi-signature',
    sigHash,
    signature: aggregateSignatures(secrets.map((secret, i) => blsSignWeighted(secret, sigHash, weights[i]!)))!,
    signers: secrets.map((secret, i) => ({ compressed: blsPublicKey(secret), weight: weights[i]! })),
  };
}

function inSlices(job: VerificationJob): { result: JobResult; slices: number } {
  const run = runJob(job);
  for (let slices = 1; ; slices++) {
    const step = run.next();
    if (step.done) return { result: step.value, slices };
  }
}

const bad = hexToBytes(blsVectors.decompress_reject.find(({ why }) => why === 'G2 generator plus a point of order 2')!.hex);
const badX = { c0: fromLittleEndian(bad.subarray(0, 95)), c1: fromLittleEndian(bad.subarray(95, 190)), c2: lastCoefficient(bad) };
const badY = { x: badX, y: finish(g2.ySteps(badX))! };
const badPoint = [badY, g2.negate(badY)].find((point) => bytesToHex(encoding.encode(point)) === bytesToHex(bad))!;

function lastCoefficient(bytes: Uint8Array): bigint {
  const coefficient = bytes.slice(190);
  coefficient[94]! &= 0x3f;
  return fromLittleEndian(coefficient);
}

describe('proposer jobs', () => {
  it('check the seed, and the signature if there is one', () => {
    expect(runJobNow(proposer)).toEqual({ valid: true, decoded: [] });
    expect(runJobNow({ ...proposer, signature: undefined })).toEqual({ valid: true, decoded: [] });
    expect(runJobNow({ ...proposer, blockNumber: 1 })).toEqual({ valid: false, failure: 'seed', decoded: [] });
    const signature = { hash: blake2b(headerHash), bytes: proposer.signature!.bytes };
    expect(runJobNow({ ...proposer, signature })).toEqual({ valid: false, failure: 'signature', decoded: [] });
    expect(runJobNow({ ...proposer, seed: new Uint8Array(3) })).toEqual({ valid: false, failure: 'seed', decoded: [] });
    expect(runJobNow({ ...proposer, signature: { hash: headerHash, bytes: new Uint8Array(0) } })).toMatchObject({ failure: 'signature' });
  });
});

describe('multi-signature jobs', () => {
  it('return the decoded keys, which the next job uses', () => {
    const job = newJob();
    const result = runJobNow(job);
    expect(result.valid).toBe(true);
    expect(result.decoded.map(({ compressed }) => compressed)).toEqual(job.signers.map(({ compressed }) => compressed));
    const signers = job.signers.map((signer, i) => ({ ...signer, decoded: result.decoded[i]!.point }));
    expect(runJobNow({ ...job, signers })).toEqual({ valid: true, decoded: [] });
    expect(runJobNow({ ...job, signers, sigHash: headerHash })).toEqual({ valid: false, failure: 'multi-signature', decoded: [] });
  });

  it('trust the caller that a given decoded point was checked', () => {
    const job = newJob();
    const outside = { compressed: bad, weight: 1 };
    expect(runJobNow({ ...job, signers: [...job.signers, outside] })).toMatchObject({ valid: false, failure: 'voting-key' });
    // The same point, decoded: then the subgroup check is skipped.
    const decoded = encoding.export(badPoint);
    expect(runJobNow({ ...job, signers: [...job.signers, { ...outside, decoded }] })).toMatchObject({ valid: false, failure: 'multi-signature' });
    // And it is not cached as a good key.
    expect(runJobNow({ kind: 'keys', keys: [bad] })).toMatchObject({ valid: false, failure: 'voting-key' });
  });

  it('do not use a false decoded point', () => {
    const job = newJob();
    const [first, second] = job.signers as [WeightedKey, WeightedKey];
    const other = runJobNow({ kind: 'keys', keys: [second.compressed] }).decoded[0]!.point;
    const lies = [other, other.subarray(1), new Uint8Array(570), new Uint8Array(0)];
    const results = lies.map((decoded) => runJobNow({ ...job, signers: [{ ...first, decoded }, second] }));
    for (const result of results) {
      expect(result.valid).toBe(true);
      // The right point is returned instead.
      expect(result.decoded[0]!.compressed).toEqual(first.compressed);
      expect(result.decoded[0]!.point).not.toEqual(other);
    }
    // A false decoded point does not make a wrong signature valid either. Here it is the other key's point under the first key's
    // name.
    const signature = blsSignWeighted(toLittleEndian(nextSecret - 1n, 95), sigHash, 1);
    expect(runJobNow({ ...job, signature, signers: [{ ...first, weight: 1, decoded: other }] })).toMatchObject({ valid: false, failure: 'multi-signature' });
  });

  it('fail for invalid keys, too many signers and bad weights', () => {
    const job = newJob();
    expect(runJobNow({ ...job, signers: [{ compressed: encoding.encode('infinity'), weight: 1 }] })).toEqual({ valid: false, failure: 'voting-key', decoded: [] });
    expect(runJobNow({ ...job, signers: [{ compressed: new Uint8Array(7), weight: 1 }] })).toEqual({ valid: false, failure: 'voting-key', decoded: [] });
    const tooMany = Array.from({ length: 513 }, () => job.signers[0]!);
    expect(runJobNow({ ...job, signers: tooMany })).toEqual({ valid: false, failure: 'multi-signature', decoded: [] });
    expect(runJobNow({ ...job, signers: [] })).toEqual({ valid: false, failure: 'multi-signature', decoded: [] });
    expect(runJobNow({ ...job, signers: [{ ...job.signers[0]!, weight: 0 }] })).toMatchObject({ valid: false, failure: 'multi-signature' });
    expect(runJobNow({ ...job, signature: new Uint8Array(95).fill(1) })).toMatchObject({ valid: false, failure: 'multi-signature' });
  });
});

describe('keys jobs', () => {
  it('decode good keys and stop at a bad one', () => {
    const keys = newJob().signers.map(({ compressed }) => compressed);
    const failed = { valid: false, failure: 'voting-key', decoded: [{ compressed: keys[0]! }] };
    expect(runJobNow({ kind: 'keys', keys: [keys[0]!, bad, keys[1]!] })).toMatchObject(failed);
    expect(runJobNow({ kind: 'keys', keys: [encoding.encode('infinity')] })).toEqual({ valid: false, failure: 'voting-key', decoded: [] });
    const all = runJobNow({ kind: 'keys', keys: [...keys, keys[0]!] });
    expect(all.valid).toBe(true);
    expect(all.decoded.map(({ compressed }) => compressed)).toEqual(keys);
    expect(runJobNow({ kind: 'keys', keys: [] })).toEqual({ valid: true, decoded: [] });
    expect(runJobNow({ kind: 'keys', keys: Array.from({ length: 513 }, () => keys[0]!) })).toMatchObject({ valid: false });
  });
});

describe('key-roots jobs', () => {
  const lists = [mainnet.validators.map(({ voting_key: key, slots }) => ({ compressed: hexToBytes(key), slots: slots[1]! - slots[0]! })), []];

  it('give the root of each list, one per slice', () => {
    const job: VerificationJob = { kind: 'key-roots', lists };
    const result = runJobNow(job);
    expect(result).toEqual({ valid: true, decoded: [], roots: lists.map((list) => keyTreeRoot(list)) });
    expect(inSlices(job)).toEqual({ result, slices: 3 });
    expect(runJobNow({ kind: 'key-roots', lists: Array.from({ length: 1025 }, () => []) })).toMatchObject({ valid: false });
  });

  it('use the given hash', () => {
    let hashed = 0;
    const counting = createJobRunner(bigintMnt6, { blake2s: (bytes) => (hashed++, blake2s(bytes)) });
    expect(finish(counting({ kind: 'key-roots', lists }))).toEqual(runJobNow({ kind: 'key-roots', lists }));
    expect(hashed).toBeGreaterThan(60);
  });
});

describe('the keys of the main network', () => {
  it('are all valid', () => {
    const keys = mainnet.validators.map(({ voting_key: key }) => hexToBytes(key));
    expect(keys.length).toBe(30);
    expect(runJobNow({ kind: 'keys', keys }).valid).toBe(true);
  });
});

const [proven] = zkpVectors.simulated_proofs_tests_vk.proofs;
const zkProof: ZkProofJob = {
  kind: 'zk-proof',
  proof: hexToBytes(proven!.proof_compressed_475),
  verifyingKey: hexToBytes(zkpVectors.tests.raw_hex),
  keysCommitment: hexToBytes(zkpVectors.tests.meta_data.vksCommitment),
  genesisHash: hexToBytes(proven!.genesis_header_hash_blake2s!),
  finalHash: hexToBytes(proven!.final_header_hash_blake2s!),
};

describe('zk-proof jobs', () => {
  it('accept a proof of their own statement only', () => {
    expect(runJobNow(zkProof)).toEqual({ valid: true, decoded: [] });
    expect(runJobNow({ ...zkProof, finalHash: headerHash })).toEqual({ valid: false, failure: 'zk-proof', decoded: [] });
    expect(runJobNow({ ...zkProof, proof: new Uint8Array(475) })).toEqual({ valid: false, failure: 'zk-proof', decoded: [] });
  });

  it('give the same result in slices as at once', () => {
    expect(inSlices(zkProof)).toEqual({ result: { valid: true, decoded: [] }, slices: expect.any(Number) });
    expect(inSlices(zkProof).slices).toBeGreaterThan(1000);
  });
});

describe('slices', () => {
  it('are many, and give the same result as the whole', () => {
    const job = newJob();
    const good = inSlices(job);
    expect(good.slices).toBeGreaterThan(1000);
    expect(good.result).toEqual(runJobNow(job));
    const wrong = { ...job, sigHash: headerHash };
    expect(inSlices(wrong).result).toEqual(runJobNow(wrong));
    const keys: VerificationJob = { kind: 'keys', keys: [...newJob().signers.map(({ compressed }) => compressed), bad] };
    expect(inSlices(keys).result).toEqual(runJobNow(keys));
    expect(inSlices(proposer)).toEqual({ result: runJobNow(proposer), slices: expect.any(Number) });
  });

  it('of two jobs can be interleaved', () => {
    const jobs: VerificationJob[] = [newJob(), { ...newJob(), sigHash: headerHash }];
    const waiting = jobs.map((job, i) => ({ i, run: runJob(job) }));
    const valid: boolean[] = [];
    while (waiting.length > 0) {
      const next = waiting.shift()!;
      const step = next.run.next();
      if (step.done) valid[next.i] = step.value.valid;
      else waiting.push(next);
    }
    expect(valid).toEqual([true, false]);
  });
});
