import { fromHex } from '../../../base/bytes.ts';
import { isEd25519Point } from '../../../crypto/ed25519-point.ts';
import { networkFields } from '../../../engine/network-fields.ts';
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
  const fields = check.object(value, '');
  if (fields['chain'] !== 'moloch') fail('other-chain', 'chain', 'expected moloch');
  const { checkpoint } = fields;
  const blockTime = check.optionalInteger(fields, 'blockTime', 1, hour);
  const development = check.optionalFlag(fields, 'development');
  const validators = validatorsOf(fields['validators']);
  const network: MolochNetwork = {
    chain: 'moloch',
    name: check.name(fields),
    chainId: check.text(fields, 'chainId', /^[\x21-\x7e]{1,64}$/u),
    genesis: check.hex(fields['genesis'], 'genesis', 2, maxGenesisDigits),
    genesisHash: check.text(fields, 'genesisHash', hash),
    validators,
    ...(checkpoint === undefined ? {} : { checkpoint: checkpointOf(checkpoint, validators) }),
    seeds: check.seedList(fields['seeds']).map(check.seed),
    ...(blockTime === undefined ? {} : { blockTime }),
    ...(development === undefined ? {} : { development }),
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

const check = networkFields(fail);

function validatorsOf(value: unknown): readonly string[] {
  const keys = check.list(value, 'validators', 1, MAX_VALIDATORS).map((key) => check.text({ validators: key }, 'validators', hash));
  if (new Set(keys).size < keys.length) fail('bad-validator', 'validators', 'a key is there twice');
  const wrong = keys.find((key) => !isEd25519Point(fromHex(key)));
  if (wrong) fail('bad-validator', 'validators', `${wrong} is no point of the curve`);
  return keys;
}

function checkpointOf(value: unknown, validators: readonly string[]): PinnedCheckpoint {
  const fields = check.object(value, 'checkpoint');
  const hashOf = (name: string) => check.text(fields, name, hash, `checkpoint.${name}`);
  const numberOf = (name: string, min: number) => check.integer(fields, name, min, Number.MAX_SAFE_INTEGER, `checkpoint.${name}`);
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
