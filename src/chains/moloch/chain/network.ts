import { fromHex } from '../../../base/bytes.ts';
import { isEd25519Point } from '../../../crypto/ed25519-point.ts';
import { decodeBlock, type WireBlock } from '../wire/block.ts';
import { MolochCodecError } from '../wire/codec-error.ts';
import { checkEvents } from './block-rules.ts';
import { blockHash, validatorsHash, ZERO_HASH } from './hash.ts';
import { MolochNetworkError, type MolochNetworkErrorCode } from './network-error.ts';

/** A pinned block (Moloch reference, 2.7 and 4.4). All hashes are hex. */
export interface PinnedCheckpoint {
  readonly height: number;
  readonly hash: string;
  readonly mmrRoot: string;
  readonly validatorsHash: string;
  readonly totalEvents: number;
  /** Without it the index of a snapshot is a hint only. */
  readonly stateRoot?: string | undefined;
}

/** The parameters of a network, as its file has them. All hex is lower-case. No public network is known. */
export interface MolochNetwork {
  readonly chain: 'moloch';
  readonly name: string;
  /** The text that handshakes and snapshots carry. */
  readonly chainId: string;
  /** The bytes of the genesis block with its events, in hex. */
  readonly genesis: string;
  readonly genesisHash: string;
  /** The keys of the validators, in the order of the commitment. Their number fixes the threshold: a file cannot ask for less. */
  readonly validators: readonly string[];
  readonly checkpoint?: PinnedCheckpoint | undefined;
  /** Multiaddresses, such as `/ip4/127.0.0.1/tcp/8650/ws`. */
  readonly seeds: readonly string[];
  /** Milliseconds between two blocks while the network makes blocks; undefined: it may rest. */
  readonly blockTime?: number | undefined;
  /** A network for development: nothing on it is worth anything. */
  readonly development?: boolean | undefined;
}

const maxSeeds = 64;
const maxSeedLength = 512;
/** Hex digits of a genesis block: a megabyte. */
const maxGenesisDigits = 2 * 1024 * 1024;
/** Far more than a set that signs every block one by one can have. */
const MAX_VALIDATORS = 256;
const hour = 3_600_000;
const hash = /^[0-9a-f]{64}$/u;

/**
 * Reads the parameters of a network from untrusted JSON: every field's type and range, and that genesis, hash, validators and checkpoint belong together. Unknown fields are
 * dropped. The seal of genesis is not checked: its hash is the anchor. Throws `MolochNetworkError`.
 */
export function checkMolochNetwork(value: unknown): MolochNetwork {
  const fields = objectOf(value, '');
  if (fields['chain'] !== 'moloch') fail('other-chain', 'chain', 'expected moloch');
  const { blockTime, development, checkpoint } = fields;
  const validators = validatorsOf(fields['validators']);
  if (development !== undefined && typeof development !== 'boolean') fail('wrong-type', 'development', `expected true or false, got ${typeof development}`);
  const network: MolochNetwork = {
    chain: 'moloch',
    name: text(fields, 'name', /^[a-z0-9][a-z0-9-]{0,63}$/u),
    chainId: text(fields, 'chainId', /^[\x21-\x7e]{1,64}$/u),
    genesis: text(fields, 'genesis', /^(?:[0-9a-f]{2})+$/u, maxGenesisDigits),
    genesisHash: text(fields, 'genesisHash', hash),
    validators,
    ...(checkpoint === undefined ? {} : { checkpoint: checkpointOf(checkpoint, validators) }),
    seeds: seedsOf(fields['seeds']),
    ...(blockTime === undefined ? {} : { blockTime: integer(fields, 'blockTime', 1, hour) }),
    ...(development === undefined ? {} : { development: development as boolean }),
  };
  genesisOf(network);
  return network;
}

/** The genesis block of a network. Throws `MolochNetworkError` if it cannot be the first block, or has another hash. */
export function genesisOf(network: Pick<MolochNetwork, 'genesis' | 'genesisHash'>): WireBlock {
  const block = decodedGenesis(network.genesis);
  const { header } = block;
  if (header.height !== 0 || header.parent !== ZERO_HASH || header.mmrRoot !== ZERO_HASH) fail('genesis-invalid', 'genesis', 'height, parent and root must be zero');
  const fault = checkEvents({ ...block, signatures: [] });
  if (fault) fail('genesis-invalid', 'genesis', fault.code);
  if (blockHash(header) !== network.genesisHash) fail('genesis-hash-mismatch', 'genesisHash', `the block has ${blockHash(header)}`);
  return block;
}

function decodedGenesis(hex: string): WireBlock {
  try {
    return decodeBlock(fromHex(hex), { isKey: isEd25519Point });
  } catch (error) {
    if (error instanceof MolochCodecError) return fail('genesis-undecodable', 'genesis', error.message);
    throw error;
  }
}

function fail(code: MolochNetworkErrorCode, field: string, detail: string): never {
  throw new MolochNetworkError(code, field, detail);
}

function objectOf(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail('not-an-object', field, 'expected an object');
  return value as Record<string, unknown>;
}

function text(fields: Record<string, unknown>, name: string, pattern: RegExp, maxLength = 512, field = name): string {
  const value = fields[name];
  if (typeof value !== 'string') return fail('wrong-type', field, `expected a text, got ${typeof value}`);
  if (value.length > maxLength) fail('out-of-range', field, `${value.length} characters, at most ${maxLength}`);
  if (!pattern.test(value)) fail(pattern.source.includes('0-9a-f') ? 'not-hex' : 'out-of-range', field, `does not match ${pattern.source}`);
  return value;
}

function integer(fields: Record<string, unknown>, name: string, min: number, max: number, field = name): number {
  const value = fields[name];
  if (typeof value !== 'number') return fail('wrong-type', field, `expected a number, got ${typeof value}`);
  if (!Number.isInteger(value) || value < min || value > max) fail('out-of-range', field, `expected ${min} to ${max}, got ${value}`);
  return value;
}

function list(value: unknown, field: string, min: number, max: number): readonly unknown[] {
  if (!Array.isArray(value)) return fail('wrong-type', field, 'expected a list');
  if (value.length < min || value.length > max) fail('out-of-range', field, `${value.length} entries, expected ${min} to ${max}`);
  return value;
}

function validatorsOf(value: unknown): readonly string[] {
  const keys = list(value, 'validators', 1, MAX_VALIDATORS).map((key) => text({ validators: key }, 'validators', hash));
  if (new Set(keys).size < keys.length) fail('bad-validator', 'validators', 'a key is there twice');
  const wrong = keys.find((key) => !isEd25519Point(fromHex(key)));
  if (wrong) fail('bad-validator', 'validators', `${wrong} is no point of the curve`);
  return keys;
}

function checkpointOf(value: unknown, validators: readonly string[]): PinnedCheckpoint {
  const fields = objectOf(value, 'checkpoint');
  const hashOf = (name: string) => text(fields, name, hash, 64, `checkpoint.${name}`);
  const numberOf = (name: string, min: number) => integer(fields, name, min, Number.MAX_SAFE_INTEGER, `checkpoint.${name}`);
  const checkpoint: PinnedCheckpoint = {
    height: numberOf('height', 1),
    hash: hashOf('hash'),
    mmrRoot: hashOf('mmrRoot'),
    validatorsHash: hashOf('validatorsHash'),
    totalEvents: numberOf('totalEvents', 0),
    ...(fields['stateRoot'] === undefined ? {} : { stateRoot: hashOf('stateRoot') }),
  };
  if (checkpoint.validatorsHash !== validatorsHash(validators)) fail('other-validators', 'checkpoint.validatorsHash', 'it is not the hash of the validators of the file');
  return checkpoint;
}

function seedsOf(value: unknown): readonly string[] {
  return list(value, 'seeds', 0, maxSeeds).map((seed) => text({ seeds: seed }, 'seeds', /^\/[\x21-\x7e]+$/u, maxSeedLength));
}
