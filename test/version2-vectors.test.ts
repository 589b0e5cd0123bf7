import { describe, expect, it } from 'vitest';
import { blockHash, macroHeaderHash, macroVoteHash, microHeaderHash, skipBlockSigHash, validatorsRoot, voteSigHash } from '../src/chains/albatross/chain/hashes.ts';
import { proposerSlot, validatorAt } from '../src/chains/albatross/chain/slots.ts';
import { bitSetOf } from '../src/chains/albatross/wire/bit-set.ts';
import { bitSet, block as blockCodec, blockHeaderMessage, macroHeader, microHeader, tendermintProof } from '../src/chains/albatross/wire/blocks.ts';
import { fromHex, toHex } from '../src/base/bytes.ts';
import { headerMessageOf } from '../src/chains/albatross/wire/gossip.ts';
import { decode, encode } from '../src/base/postcard/codec.ts';
import type { Block, MacroHeader, TendermintProof } from '../src/chains/albatross/wire/types.ts';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { loadGenesis } from '../src/chains/albatross/chain/network-parameters.ts';
import { blake2b } from '../src/crypto/blake2b.ts';
import { blake2s } from '../src/crypto/blake2s.ts';
import { ed25519PublicKey } from '../src/crypto/ed25519.ts';
import { verifyVrfSeed, vrfEntropy } from '../src/crypto/vrf.ts';
import bls from './vectors/bls.json' with { type: 'json' };
import file from './vectors/version2.json' with { type: 'json' };

/** Fields that only explain the vector to people. */
const REMARKS = new Set(['provenance', 'seen', 'note', 'what', 'name', 'voting']);

const unread = new Set<string>();
(function collect(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) unread.add(path);
  else for (const [key, part] of Object.entries(value)) if (!REMARKS.has(key)) collect(part, `${path}/${key}`);
})(file, '');

/** The same values. Each value that a test reads is removed from `unread`. */
function watched<T>(value: T, path = ''): T {
  if (typeof value !== 'object' || value === null) {
    unread.delete(path);
    return value;
  }
  return new Proxy(value, { get: (target, key, receiver) => (Object.hasOwn(target, key) && key !== 'length' ? watched(Reflect.get(target, key, receiver) as unknown, `${path}/${String(key)}`) : Reflect.get(target, key, receiver)) });
}

const vectors = watched(file);

const macros: Readonly<Record<string, Readonly<Record<string, unknown>> & { readonly header: string }>> = {
  'election, version 2, three validators': vectors.election_v2_three_validators,
  'election, version 1, three validators': vectors.election_v1_three_validators_control,
  'election, version 2, one validator': vectors.election_v2_one_validator,
  'checkpoint, version 2': vectors.checkpoint_v2,
  'election 456 after version 1': vectors.election_456_v2_after_v1,
  'election 456 after version 2': vectors.election_456_v2_after_v2,
};

const macroOf = (hex: string): MacroHeader => decode(macroHeader, fromHex(hex));
const gossiped = (hex: string): Block => ({ ...decode(blockHeaderMessage, fromHex(hex)), body: undefined }) as Block;
const hash2s = (hex: string): string => toHex(blake2s(fromHex(hex)));

/** The bytes of the block hash or vote hash: the last bytes that were hashed. */
function preimageOf(header: MacroHeader, hash: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  let last = new Uint8Array();
  macroHeaderHash(header, {
    hash: (bytes) => {
      last = Uint8Array.from(bytes);
      return hash(bytes);
    },
  });
  return last;
}

/** The justification, if the vector has one in any form. */
function justificationOf(vector: Readonly<Record<string, unknown>>): TendermintProof | undefined {
  const { justification, aggregate_signature_all_512: signature, round_justification: round } = vector;
  if (typeof justification === 'string') return decode(tendermintProof, fromHex(justification));
  return typeof signature === 'string' && typeof round === 'number' ? { round, sig: { signature: fromHex(signature), signers: bitSetOf(Array.from({ length: 512 }, (_, slot) => slot)) } } : undefined;
}

/** Every field of a vector, computed by our code from the header and the justification. Version 2 reference, sections 1 to 3. */
function ours(header: MacroHeader, justification: TendermintProof | undefined): Readonly<Record<string, unknown>> {
  const { validators } = header;
  const root = validators && toHex(validatorsRoot(header.version, validators));
  const u16 = (value: number): string => value.toString(16).padStart(4, '0');
  const u32 = (value: number): string => value.toString(16).padStart(8, '0');
  const block = { type: 'macro', header, justification, body: undefined } as const;
  const message = justification && headerMessageOf(block);
  return {
    version: header.version,
    block_number: header.blockNumber,
    header: toHex(encode(macroHeader, header)),
    block: toHex(encode(blockCodec, block)),
    block_header_message: message && toHex(encode(blockHeaderMessage, message)),
    validators: validators?.map(({ address, votingKey, signingKey, slots }) => ({ address: toHex(address), voting_key: toHex(votingKey), signing_key: toHex(signingKey), slots: [slots.start, slots.end] })),
    validators_commitment: root,
    validators_root_v1: root,
    validators_commitment_preimage: validators?.map(({ address, votingKey, signingKey, slots }) => `${toHex(address)}${toHex(signingKey)}${toHex(votingKey)}${u16(slots.start)}${u16(slots.end)}`).join(''),
    payload_root_preimage: `${root ?? '00'}${toHex(blake2s(encode(bitSet, header.nextBatchInitialPunishedSet)))}${header.bodyRoot}`,
    payload_root: toHex(preimageOf(header, blake2b).slice(275, 307)),
    block_hash_preimage: toHex(preimageOf(header, blake2b)),
    block_hash: toHex(macroHeaderHash(header)),
    vote_hash_preimage: toHex(preimageOf(header, blake2s)),
    vote_hash: toHex(macroVoteHash(header)),
    vote_message: justification && `04${header.network.toString(16).padStart(2, '0')}${u32(justification.round)}${u32(header.blockNumber)}01${toHex(macroVoteHash(header))}`,
    vote_sig_hash: justification && toHex(voteSigHash(header, justification.round)),
    round_justification: justification?.round,
    justification: justification && toHex(encode(tendermintProof, justification)),
    aggregate_signature_all_512: justification && toHex(justification.sig.signature),
  };
}

describe('the version 2 vectors', () => {
  it.each(Object.keys(macros))('%s: every field equals ours', (name) => {
    const vector = macros[name]!;
    const made = Object.entries(ours(macroOf(vector.header), justificationOf(vector))).filter(([key]) => Object.hasOwn(vector, key));
    expect(made.length).toBeGreaterThan(8);
    expect(Object.fromEntries(made)).toEqual(Object.fromEntries(made.map(([key]) => [key, vector[key]])));
    const { validators_commitment_preimage: records, payload_root_preimage: payload, vote_message: vote } = vector;
    const hashed = [records, payload, vote].map((preimage) => typeof preimage === 'string' && hash2s(preimage));
    const named = [vector['validators_commitment'] ?? false, vector['payload_root'] ?? false, vector['vote_sig_hash'] ?? false];
    expect(hashed).toEqual(named);
  });

  it.each(['election_456_v2_after_v1', 'election_456_v2_after_v2'] as const)('%s follows its predecessor', (name) => {
    const vector = vectors[name];
    const parent = decode(microHeader, fromHex(vector.predecessor_header_455));
    expect([toHex(microHeaderHash(parent)), parent.version]).toEqual([macroOf(vector.header).parentHash, vector.election_328_version]);
  });

  it('micro blocks: hash, and the proposer among three validators', () => {
    let seed = macroOf(vectors.election_v2_three_validators.header).seed;
    const validators = macroOf(vectors.election_v2_three_validators.header).validators!;
    const seedOf330 = decode(microHeader, fromHex(vectors.skip_v2.header)).seed;
    for (const vector of vectors.micro_v2) {
      const block = decode(blockCodec, fromHex(vector.block));
      expect([blockHash(block), block.header.blockNumber]).toEqual([vector.hash, vector.block_number]);
      expect(block.header).toEqual(decode(microHeader, fromHex(vector.header)));
      if (vector.block_number === 331) seed = seedOf330;
      const slot = proposerSlot({ entropy: vrfEntropy(seed)!, offset: vector.block_number, disabled: { words: [] } });
      expect(slot).toBe(vector.slot);
      const proposer = validatorAt(validators, slot)!;
      expect(validators.indexOf(proposer)).toBe(vector.band);
      expect(verifyVrfSeed({ publicKey: proposer.signingKey, seed: block.header.seed, previousSeed: seed, nonce: vector.block_number })).toBe(true);
    }
  });

  it.each(['skip_v2', 'skip_v1_control'] as const)('%s: the message and the bytes that it covers', (name) => {
    const vector = vectors[name];
    const block = decode(blockCodec, fromHex(vector.block));
    const header = decode(microHeader, fromHex(vector.header));
    expect(block).toMatchObject({ type: 'micro', header: { version: vector.version, blockNumber: vector.block_number, stateRoot: vector.state_root } });
    expect([block.header, blockHash(block)]).toEqual([header, vector.hash]);
    expect(toHex(vrfEntropy(header.seed)!)).toBe(vector.seed_entropy);
    expect([toHex(skipBlockSigHash(header)!), hash2s(vector.message)]).toEqual([vector.sig_hash, vector.sig_hash]);
    expect(vector.message.includes(vector.seed_entropy)).toBe(true);
    expect(vector.message.endsWith(vector.state_root)).toBe(vector.version >= 2);
    expect(block.type === 'micro' && block.justification?.type === 'skip' && toHex(block.justification.proof.signature)).toBe(vector.aggregate_signature_all_512);
  });

  it('hashes that the client printed or accepted', () => {
    for (const { header, version, block_hash, client_printed_prefix } of vectors.oracle) {
      expect([macroOf(header).version, toHex(macroHeaderHash(macroOf(header)))]).toEqual([version, block_hash]);
      expect(block_hash.startsWith(client_printed_prefix)).toBe(true);
    }
    for (const { block_header_message, expected_prefix, printed_by_client } of vectors.oracle_edge_cases) {
      expect(blockHash(gossiped(block_header_message)).startsWith(expected_prefix)).toBe(printed_by_client);
    }
    for (const { block, version, announced_hash, client } of vectors.negatives) {
      const told = decode(blockCodec, fromHex(block));
      expect([told.header.version, blockHash(told) === announced_hash]).toEqual([version, client === 'accepted']);
    }
    for (const { network, header, version, block_number, block_hash } of vectors.other_networks) {
      const { network: id, version: own, blockNumber } = macroOf(header);
      expect([{ 24: 'mainalbatross', 5: 'testalbatross' }[id], own, blockNumber]).toEqual([network, version, block_number]);
      expect(toHex(macroHeaderHash(macroOf(header)))).toBe(block_hash);
    }
  });

  it('gossip: the light chain gives the same verdicts (light-chain-version-2.test.ts); here the hashes', () => {
    for (const { block_header_message, hash_prefix, client } of [...vectors.chain_v1_gossip, ...vectors.chain_v2_gossip]) {
      expect(blockHash(gossiped(block_header_message)).slice(0, 10)).toBe(hash_prefix);
      expect(['extended', 'rejected']).toContain(client);
    }
  });

  it('keys: those of the validators', () => {
    const { keys } = vectors;
    const { validators, seed } = macroOf(vectors.election_v2_three_validators.header);
    expect(validators!.map(({ signingKey }) => toHex(signingKey))).toEqual(Array.from(keys.signing_secret, (secret) => toHex(ed25519PublicKey(fromHex(secret)))));
    expect(validators!.map(({ votingKey }) => toHex(votingKey))).toEqual(bls.keys.slice(0, 3).map((key) => key.public));
    expect([keys.genesis_hash, keys.seed_of_328]).toEqual([unitAlbatross.genesisHash, toHex(seed)]);
    expect(blockHash(loadGenesis(unitAlbatross))).toBe(keys.genesis_hash);
  });

  // This test is last, because it checks which fields the tests above have read.
  it('are read to the last field', () => {
    expect([...unread]).toEqual([]);
  });
});
