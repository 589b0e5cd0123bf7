import { compareBytes, fromHex } from '../../../base/bytes.ts';
import { decodeHeader, HEADER_LENGTH, type Header } from '../wire/header.ts';
import type { StateEntry } from '../wire/state-entry.ts';
import { decodeValidatorSet, MAX_VALIDATORS, type ValidatorSet } from '../wire/validator-set.ts';
import { chainIdOf, hashOf, ZERO_HASH } from './hash.ts';
import { HotStuff2NetworkError } from './network-error.ts';
import { payloadRoot } from './payload-root.ts';
import { stateRoot } from './state-root.ts';

/** The parameters of a network, as its file has them. All hex is lower-case. No public network is known. */
export interface Hs2Network {
  readonly chain: 'hotstuff2';
  readonly name: string;
  /** SHA-256("hs2-light/1" 00 name), 64 hex digits. */
  readonly chainId: string;
  /** The 223 bytes of the header of genesis, in hex. */
  readonly genesis: string;
  /** SHA-256 of that header: the trust anchor. */
  readonly genesisHash: string;
  /** The entries of the state at genesis, keys and values in hex, ascending by key: no payload makes them. */
  readonly genesisState: readonly { readonly key: string; readonly value: string }[];
  /** The bytes of the set of validators that genesis names, in hex. Their number fixes the quorum: a file cannot ask for less. */
  readonly validators: string;
  /** A final block from which the client begins instead of genesis: the 223 bytes of its header and the set that it names, in hex. Nothing proves it. */
  readonly pinned?: { readonly header: string; readonly validators: string } | undefined;
  /** Multiaddresses, such as `/ip4/127.0.0.1/tcp/8660/ws`. */
  readonly seeds: readonly string[];
  /** Milliseconds between two blocks while the network makes blocks; undefined: it may rest. */
  readonly blockTime?: number | undefined;
  /** A network for development: nothing on it is worth anything. */
  readonly development?: boolean | undefined;
}

/** What the hex fields of a network hold, decoded. */
export interface Hs2Genesis {
  readonly header: Header;
  readonly headerBytes: Uint8Array;
  readonly validators: ValidatorSet;
  readonly state: readonly StateEntry[];
}

const maxSeeds = 64;
const maxSeedLength = 512;
/** Entries, and hex digits of one key and one value: a genesis state travels in the network file. */
const maxGenesisEntries = 4096;
const maxKeyDigits = 2 * 1024;
const maxValueDigits = 2 * 65_536;
/** Set header, then 2 bytes of length and 96 of key for each validator. */
const maxSetDigits = 2 * (8 + MAX_VALIDATORS * 98);
const hour = 3_600_000;
const hash = /^[0-9a-f]{64}$/;

/**
 * Reads the parameters of a network from untrusted JSON: every field's type and range, and that chain id, genesis header, hash, validators and
 * state belong together. Unknown fields are dropped. Throws `HotStuff2NetworkError`.
 */
export function checkHotStuff2Network(value: unknown): Hs2Network {
  const fields = objectOf(value, '');
  if (fields['chain'] !== 'hotstuff2') throw new HotStuff2NetworkError('other-chain', 'chain', 'expected hotstuff2');
  const { blockTime, development } = fields;
  if (blockTime !== undefined && typeof blockTime !== 'number') throw new HotStuff2NetworkError('wrong-type', 'blockTime', `expected a number, got ${typeof blockTime}`);
  if (blockTime !== undefined && (!Number.isInteger(blockTime) || blockTime < 1 || blockTime > hour)) throw new HotStuff2NetworkError('out-of-range', 'blockTime', `expected 1 to ${hour}, got ${blockTime}`);
  if (development !== undefined && typeof development !== 'boolean') throw new HotStuff2NetworkError('wrong-type', 'development', `expected true or false, got ${typeof development}`);
  const network: Hs2Network = {
    chain: 'hotstuff2',
    name: text(fields, 'name', /^[a-z0-9][a-z0-9-]{0,63}$/),
    chainId: text(fields, 'chainId', hash),
    genesis: hex(fields['genesis'], 'genesis', 2 * HEADER_LENGTH, 2 * HEADER_LENGTH),
    genesisHash: text(fields, 'genesisHash', hash),
    genesisState: stateOf(fields['genesisState']),
    validators: hex(fields['validators'], 'validators', 2, maxSetDigits),
    seeds: seedsOf(fields['seeds']),
    ...(fields['pinned'] === undefined ? {} : { pinned: pinnedOf(fields['pinned']) }),
    ...(blockTime === undefined ? {} : { blockTime }),
    ...(development === undefined ? {} : { development }),
  };
  checkGenesis(network);
  checkPinned(network);
  return network;
}

/** Decodes the hex fields of a checked network. */
export function genesisOf(network: Hs2Network): Hs2Genesis {
  const headerBytes = fromHex(network.genesis);
  const state = network.genesisState.map(({ key, value }) => ({ key: fromHex(key), value: fromHex(value) }));
  return { header: decodeHeader(headerBytes), headerBytes, validators: decodeValidatorSet(fromHex(network.validators)), state };
}

/** The pinned block with its set; undefined: the client begins at genesis. Of a checked network. */
export function pinnedBlockOf({ pinned }: Hs2Network): { readonly header: Header; readonly headerBytes: Uint8Array; readonly validators: ValidatorSet } | undefined {
  if (!pinned) return undefined;
  const headerBytes = fromHex(pinned.header);
  return { header: decodeHeader(headerBytes), headerBytes, validators: decodeValidatorSet(fromHex(pinned.validators)) };
}

function checkPinned(network: Hs2Network): void {
  const { pinned, chainId } = network;
  if (!pinned) return;
  const { header } = decoded('pinned-invalid', 'pinned', () => pinnedBlockOf(network)!);
  if (header.chainId !== chainId || header.height === 0) throw new HotStuff2NetworkError('pinned-invalid', 'pinned', 'not a block of this chain above genesis');
  if (hashOf(fromHex(pinned.validators)) !== header.validators) throw new HotStuff2NetworkError('validators-hash', 'pinned', 'not the set that the pinned header names');
}

function checkGenesis(network: Hs2Network): void {
  const headerBytes = fromHex(network.genesis);
  const header = decoded('genesis-invalid', 'genesis', () => decodeHeader(headerBytes));
  if (network.chainId !== chainIdOf(network.name)) throw new HotStuff2NetworkError('chain-id', 'chainId', 'not the hash of the name');
  const wrong = genesisFault(header, network.chainId);
  if (wrong !== undefined) throw new HotStuff2NetworkError('genesis-invalid', 'genesis', wrong);
  if (hashOf(headerBytes) !== network.genesisHash) throw new HotStuff2NetworkError('genesis-hash', 'genesisHash', 'not the hash of the header of genesis');
  const set = fromHex(network.validators);
  decoded('validators-invalid', 'validators', () => decodeValidatorSet(set));
  if (hashOf(set) !== header.validators) throw new HotStuff2NetworkError('validators-hash', 'validators', 'not the set that genesis names');
  const { state } = genesisOf(network);
  if (state.some(({ key }, i) => i > 0 && compareBytes(state[i - 1]!.key, key) >= 0)) throw new HotStuff2NetworkError('genesis-state', 'genesisState', 'keys do not ascend');
  if (stateRoot(state) !== header.stateRoot) throw new HotStuff2NetworkError('genesis-state', 'genesisState', 'not the state root of genesis');
}

/** The rule of genesis that a header breaks: height 0, view 0, no parent, the empty payload, no announced set. */
function genesisFault(header: Header, chainId: string): string | undefined {
  if (header.chainId !== chainId) return 'another chain id';
  if (header.height !== 0 || header.view !== 0 || header.proposer !== 0) return 'height, view and proposer are 0';
  if (header.parent !== ZERO_HASH) return 'the parent is zero';
  // The payload of genesis is the count 0, in four bytes.
  if (header.payloadLength !== 4 || header.payloadRoot !== payloadRoot([])) return 'the payload is empty';
  return header.nextValidators === header.validators ? undefined : 'genesis announces no set';
}

function decoded<T>(code: 'genesis-invalid' | 'validators-invalid' | 'pinned-invalid', field: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw new HotStuff2NetworkError(code, field, (error as Error).message);
  }
}

function objectOf(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new HotStuff2NetworkError('not-an-object', field, 'expected an object');
  return value as Record<string, unknown>;
}

function text(fields: Record<string, unknown>, name: string, pattern: RegExp): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new HotStuff2NetworkError('wrong-type', name, `expected a text, got ${typeof value}`);
  if (!pattern.test(value)) throw new HotStuff2NetworkError('out-of-range', name, `does not match ${pattern.source}`);
  return value;
}

function hex(value: unknown, name: string, minDigits: number, maxDigits: number): string {
  if (typeof value !== 'string') throw new HotStuff2NetworkError('wrong-type', name, `expected a text, got ${typeof value}`);
  if (value.length < minDigits || value.length > maxDigits) throw new HotStuff2NetworkError('out-of-range', name, `expected ${minDigits} to ${maxDigits} digits, got ${value.length}`);
  if (!/^(?:[0-9a-f]{2})*$/.test(value)) throw new HotStuff2NetworkError('not-hex', name, 'expected pairs of lower-case hex digits');
  return value;
}

function pinnedOf(value: unknown): Hs2Network['pinned'] {
  const fields = objectOf(value, 'pinned');
  return { header: hex(fields['header'], 'pinned', 2 * HEADER_LENGTH, 2 * HEADER_LENGTH), validators: hex(fields['validators'], 'pinned', 2, maxSetDigits) };
}

function stateOf(value: unknown): Hs2Network['genesisState'] {
  if (!Array.isArray(value)) throw new HotStuff2NetworkError('wrong-type', 'genesisState', 'expected a list');
  if (value.length > maxGenesisEntries) throw new HotStuff2NetworkError('out-of-range', 'genesisState', `more than ${maxGenesisEntries} entries`);
  return value.map((entry: unknown) => {
    const fields = objectOf(entry, 'genesisState');
    return { key: hex(fields['key'], 'genesisState', 2, maxKeyDigits), value: hex(fields['value'], 'genesisState', 0, maxValueDigits) };
  });
}

/** Checks only the syntax: the network code decides whether an address can be dialled. */
function seedsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new HotStuff2NetworkError('wrong-type', 'seeds', 'expected a list');
  if (value.length > maxSeeds) throw new HotStuff2NetworkError('out-of-range', 'seeds', `more than ${maxSeeds}`);
  return value.map((seed: unknown) => {
    if (typeof seed !== 'string') throw new HotStuff2NetworkError('wrong-type', 'seeds', `expected texts, got ${typeof seed}`);
    if (seed.length > maxSeedLength || !seed.startsWith('/')) throw new HotStuff2NetworkError('out-of-range', 'seeds', 'expected multiaddresses');
    return seed;
  });
}
