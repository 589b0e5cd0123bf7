/** The files `proofs-a` and `marf-chain` of `test/vectors/stacks/`, and the headers that their proofs pass. Proofs are raw deflate in base64. */
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { chainA, epoch2Headers, fromBase64 } from './stacks-vectors.ts';

export interface RecordedHop {
  readonly block: string;
  readonly root: string;
  readonly intermediate: number;
}

interface StackedSigner {
  readonly signing_key: string;
  readonly weight: number;
}

export interface RecordedProof {
  readonly name: string;
  readonly key: string;
  readonly path: string;
  /** State root of the block that was asked. */
  readonly root: string;
  /** The block's id. */
  readonly tip: string;
  readonly height: number;
  /** Text of the value, without 0x. */
  readonly value: string;
  readonly segments: number;
  readonly hops: readonly RecordedHop[];
  readonly bytes: Uint8Array;
}

interface ProofsA {
  readonly handover: readonly { readonly cycle: number; readonly first_block_with_entry: number; readonly tenure_burn_height: number }[];
  readonly proofs: readonly {
    readonly name: string; readonly key: string; readonly path: string; readonly tip: string; readonly height: number; readonly root: string; readonly data: string; readonly segments: number;
    readonly hops: readonly RecordedHop[]; readonly proof_deflated: string;
    readonly decoded?: readonly { readonly principal: string; readonly hash160: string; readonly weight: number }[];
  }[];
  readonly accounts: readonly {
    readonly name: string; readonly principal: string; readonly tip: string; readonly height: number; readonly root: string;
    readonly reply: { readonly balance: string; readonly locked: string; readonly unlock_height: number; readonly nonce: number; readonly balance_proof_deflated: string; readonly nonce_proof_deflated: string };
    readonly balance: { readonly key: string; readonly data: string; readonly segments: number };
    readonly nonce: { readonly key: string; readonly data?: string; readonly segments?: number };
  }[];
}

interface MarfChain {
  readonly signer_sets: Readonly<Record<string, readonly (StackedSigner & { readonly hash160: string })[]>>;
  readonly signer_test_private_keys: Readonly<Record<string, string>>;
  readonly headers: readonly { readonly height: number; readonly cycle: number; readonly block_id: string; readonly state_index_root: string; readonly weight_signed: number; readonly header_b64: string }[];
  readonly proofs: readonly {
    readonly key: string; readonly path: string; readonly tip_height: number; readonly tip_block_id: string; readonly state_index_root: string; readonly data: string; readonly segments: number;
    readonly hops: readonly RecordedHop[]; readonly proof_deflated: string;
  }[];
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../vectors/stacks/${name}.json`, import.meta.url), 'utf8'));
const inflate = (text: string) => new Uint8Array(inflateRawSync(Buffer.from(text, 'base64')));
const plain = (data: string) => data.replace(/^0x/u, '');

export const proofsA = read('proofs-a') as ProofsA;
export const marfChain = read('marf-chain') as MarfChain;
/** What `/v3/stacker_set/{cycle}` answered. */
export const stackerSet = (cycle: number): readonly StackedSigner[] => {
  const { replies } = read('rpc-a') as { readonly replies: Readonly<Record<string, { readonly json: { readonly stacker_set: { readonly signers: readonly StackedSigner[] } } }>> };
  return replies[`/v3/stacker_set/${cycle}`]!.json.stacker_set.signers;
};

/** All proofs of the recorded chain. */
export const recordedProofs: readonly RecordedProof[] = [
  ...proofsA.proofs.map(({ data, proof_deflated, ...rest }) => ({ ...rest, value: plain(data), bytes: inflate(proof_deflated) })),
  ...proofsA.accounts.flatMap(({ name, tip, height, root, reply, balance, nonce }) =>
    [[balance, reply.balance_proof_deflated] as const, [nonce, reply.nonce_proof_deflated] as const].flatMap(([{ key, data }, proof], i) =>
      data === undefined ? [] : [{ name: `${name}, ${i === 0 ? 'balance' : 'nonce'}`, key, path: '', tip, height, root, value: plain(data), segments: 0, hops: [], bytes: inflate(proof) }]),
  ),
];

/** All proofs of the chain that was made with the original MARF code. */
export const madeProofs: readonly RecordedProof[] = marfChain.proofs.map(({ key, path, tip_block_id, tip_height, state_index_root, data, segments, hops, proof_deflated }) => ({
  name: `${key} at ${tip_height}`, key, path, tip: tip_block_id, height: tip_height, root: state_index_root, value: data, segments, hops, bytes: inflate(proof_deflated),
}));

/** The header of a block of either chain, with the consensus hash if it is of epoch 2.x. */
export function headerOfBlock(id: string): { readonly bytes: Uint8Array; readonly consensusHash?: string } | undefined {
  const older = epoch2Headers.find((header) => header.id === id);
  if (older) return { bytes: new Uint8Array(Buffer.from(older.header, 'hex')), consensusHash: older.ch };
  const header = [...chainA.headers, ...marfChain.headers].find((it) => it.block_id === id);
  return header && { bytes: fromBase64(header.header_b64) };
}
