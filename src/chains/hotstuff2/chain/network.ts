import { compareBytes, fromHex } from '../../../base/bytes.ts';
import { networkFields } from '../../../engine/network-fields.ts';
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
  const fields = check.object(value, '');
  if (fields['chain'] !== 'hotstuff2') throw new HotStuff2NetworkError('other-chain', 'chain', 'expected hotstuff2');
  const blockTime = check.optionalInteger(fields, 'blockTime', 1, hour);
  const development = check.optionalFlag(fields, 'development');
  const network: Hs2Network = {
    chain: 'hotstuff2',
    name: check.name(fields),
    chainId: check.text(fields, 'chainId', hash),
    genesis: check.hex(fields['genesis'], 'genesis', 2 * HEADER_LENGTH, 2 * HEADER_LENGTH),
    genesisHash: check.text(fields, 'genesisHash', hash),
    genesisState: stateOf(fields['genesisState']),
    validators: check.hex(fields['validators'], 'validators', 2, maxSetDigits),
    seeds: check.seedList(fields['seeds']).map(check.seed),
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

const check = networkFields((code, field, detail) => {
  throw new HotStuff2NetworkError(code, field, detail);
});

function pinnedOf(value: unknown): Hs2Network['pinned'] {
  const fields = check.object(value, 'pinned');
  return { header: check.hex(fields['header'], 'pinned', 2 * HEADER_LENGTH, 2 * HEADER_LENGTH), validators: check.hex(fields['validators'], 'pinned', 2, maxSetDigits) };
}

function stateOf(value: unknown): Hs2Network['genesisState'] {
  return check.list(value, 'genesisState', 0, maxGenesisEntries).map((entry) => {
    const fields = check.object(entry, 'genesisState');
    return { key: check.hex(fields['key'], 'genesisState', 2, maxKeyDigits), value: check.hex(fields['value'], 'genesisState', 0, maxValueDigits) };
  });
}
