import { fromHex } from '../../../base/bytes.ts';
import { networkFields } from '../../../engine/network-fields.ts';
import { LAST_TIME, MAX_SIGNERS } from '../wire/header.ts';
import { cycleOf, type CycleRules } from './cycles.ts';
import { StacksNetworkError, type StacksNetworkErrorCode } from './network-error.ts';
import { faultOfSet, setOfKeys, type SignerSet } from './signer-set.ts';

/** A stage of the protocol and the Bitcoin height at which it begins. */
export interface Epoch {
  /** Such as `3.0`. */
  readonly id: string;
  readonly startHeight: number;
}

export interface CheckpointSigner {
  /** Compressed: 66 hex digits. */
  readonly key: string;
  readonly weight: number;
}

/** The only trusted start: a block and the signer set of its cycle. */
export interface StacksCheckpoint {
  readonly cycle: number;
  /** Bitcoin height of the sortition of the block's tenure; it lies in `cycle`. */
  readonly burnHeight: number;
  /** Ascending by key. */
  readonly signers: readonly CheckpointSigner[];
  readonly block: {
    readonly id: string;
    readonly height: number;
    /** Unix seconds, as in the header: how old the checkpoint is. */
    readonly time: number;
  };
}

/** The parameters of a network, as its file has them. All hex is lower-case. */
export interface StacksNetwork extends CycleRules {
  readonly chain: 'stacks';
  readonly name: string;
  /** Tells networks apart: names of database and locks derive from it. By convention the id of the parent of the first Nakamoto block. Only headers of epoch 2.x rest on it. */
  readonly genesisHash: string;
  /** 1 on the main network, 0x80000000 on test networks. */
  readonly networkId: number;
  /** The address that owns `.signers`. */
  readonly bootAddress: string;
  /** Ascending; 3.0 is among them. */
  readonly epochs: readonly Epoch[];
  readonly checkpoint: StacksCheckpoint;
  /** https, without a slash at the end; http only of this machine. */
  readonly gateways: readonly string[];
  /** A network for development: nothing on it is worth anything. */
  readonly development?: boolean | undefined;
}

/** Of main and test networks (Stacks reference, 4). */
const bootAddresses: readonly string[] = ['SP000000000000000000002Q6VF78', 'ST000000000000000000002AMW42H'];
const MAX_GATEWAYS = 16;
const MAX_EPOCHS = 64;
/** Far above Bitcoin's height of this century. */
const MAX_HEIGHT = 2 ** 31;
/** Far above the 2100 of the main network; an inventory could not hold more. */
const MAX_CYCLE_LENGTH = 2100;
const hash = /^[0-9a-f]{64}$/u;
/** Zeros are no block's id, but what a file has whose maker left it out. */
const realHash = /^(?!0{64})[0-9a-f]{64}$/u;

/**
 * Reads the parameters of a network from untrusted JSON: every field's type and range, and that epochs, cycles and checkpoint belong together. Unknown fields are
 * dropped. Throws `StacksNetworkError`.
 */
export function checkStacksNetwork(value: unknown): StacksNetwork {
  const fields = check.object(value, '');
  if (fields['chain'] !== 'stacks') fail('other-chain', 'chain', 'expected stacks');
  const development = check.optionalFlag(fields, 'development');
  const bootAddress = check.text(fields, 'bootAddress', /^S[0-9A-Z]+$/u);
  if (!bootAddresses.includes(bootAddress)) fail('bad-boot-address', 'bootAddress', bootAddress);
  const cycleLength = check.integer(fields, 'cycleLength', 2, MAX_CYCLE_LENGTH);
  const rules: CycleRules = {
    firstBurnHeight: check.integer(fields, 'firstBurnHeight', 0, MAX_HEIGHT),
    cycleLength,
    prepareLength: check.integer(fields, 'prepareLength', 1, cycleLength - 1),
  };
  const epochs = epochsOf(fields['epochs']);
  return {
    chain: 'stacks',
    name: check.name(fields),
    genesisHash: check.text(fields, 'genesisHash', realHash),
    networkId: check.integer(fields, 'networkId', 0, 2 ** 32 - 1),
    bootAddress,
    ...rules,
    epochs,
    checkpoint: checkpointOf(fields['checkpoint'], rules, nakamotoHeight(epochs)!),
    gateways: gatewaysOf(fields),
    ...(development === undefined ? {} : { development }),
  };
}

/** The Bitcoin height from which on blocks are Nakamoto blocks; undefined if no epoch is 3.0. */
export function nakamotoHeight(epochs: readonly Epoch[]): number | undefined {
  return epochs.find(({ id }) => id === '3.0')?.startHeight;
}

/** The signer set of the checkpoint. */
export function checkpointSet({ cycle, signers }: Pick<StacksCheckpoint, 'cycle' | 'signers'>): SignerSet {
  return setOfKeys(cycle, signers.map(({ key, weight }) => ({ key: fromHex(key), weight })));
}

function epochsOf(value: unknown): readonly Epoch[] {
  const epochs = check.list(value, 'epochs', 1, MAX_EPOCHS).map((entry) => {
    const fields = check.object(entry, 'epochs');
    return { id: check.text(fields, 'id', /^\d\.\d{1,2}$/u, 'epochs.id'), startHeight: check.integer(fields, 'startHeight', 0, MAX_HEIGHT, 'epochs.startHeight') };
  });
  if (epochs.some(({ startHeight }, i) => i > 0 && startHeight <= epochs[i - 1]!.startHeight)) fail('bad-epochs', 'epochs', 'heights do not ascend');
  if (new Set(epochs.map(({ id }) => id)).size < epochs.length) fail('bad-epochs', 'epochs', 'an epoch is there twice');
  if (nakamotoHeight(epochs) === undefined) fail('bad-epochs', 'epochs', 'epoch 3.0 is missing');
  return epochs;
}

function checkpointOf(value: unknown, rules: CycleRules, nakamoto: number): StacksCheckpoint {
  const fields = check.object(value, 'checkpoint');
  const block = check.object(fields['block'], 'checkpoint.block');
  const checkpoint: StacksCheckpoint = {
    cycle: check.integer(fields, 'cycle', 0, MAX_HEIGHT, 'checkpoint.cycle'),
    burnHeight: check.integer(fields, 'burnHeight', 0, MAX_HEIGHT, 'checkpoint.burnHeight'),
    signers: check.list(fields['signers'], 'checkpoint.signers', 1, MAX_SIGNERS).map(signerOf),
    block: {
      id: check.text(block, 'id', hash, 'checkpoint.block.id'),
      height: check.integer(block, 'height', 1, Number.MAX_SAFE_INTEGER, 'checkpoint.block.height'),
      time: check.integer(block, 'time', 0, LAST_TIME, 'checkpoint.block.time'),
    },
  };
  if (checkpoint.burnHeight < nakamoto) fail('bad-checkpoint', 'checkpoint.burnHeight', `below ${nakamoto}, the first height of Nakamoto`);
  const cycle = cycleOf(checkpoint.burnHeight, rules);
  if (cycle !== checkpoint.cycle) fail('bad-checkpoint', 'checkpoint.cycle', `burn height ${checkpoint.burnHeight} lies in cycle ${cycle}`);
  const fault = faultOfSet(checkpointSet(checkpoint));
  if (fault) fail('bad-signers', 'checkpoint.signers', fault);
  if (checkpoint.signers.some(({ key }, i) => i > 0 && key < checkpoint.signers[i - 1]!.key)) fail('bad-signers', 'checkpoint.signers', 'keys do not ascend');
  return checkpoint;
}

function signerOf(value: unknown): CheckpointSigner {
  const fields = check.object(value, 'checkpoint.signers');
  const key = check.text(fields, 'key', /^0[23][0-9a-f]{64}$/u, 'checkpoint.signers.key');
  return { key, weight: check.integer(fields, 'weight', 1, MAX_HEIGHT, 'checkpoint.signers.weight') };
}

/** The gateways of the file. `seeds`: those that the address of a page names, in place of the file's. */
function gatewaysOf(fields: Readonly<Record<string, unknown>>): readonly string[] {
  const field = fields['seeds'] === undefined ? 'gateways' : 'seeds';
  return check.list(fields[field], field, 0, MAX_GATEWAYS).map((value) => gatewayOf(value, field));
}

/** An address of a gateway, without a slash at its end: https, or http of this machine, because a page of https may ask no other one by http. */
function gatewayOf(value: unknown, field: string): string {
  if (typeof value !== 'string') return fail('wrong-type', field, `expected a text, got ${typeof value}`);
  if (value.length > 512 || !URL.canParse(value)) return fail('bad-gateway', field, 'no address');
  const { protocol, hostname, username, password, search, hash: fragment, href } = new URL(value);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere)) return fail('bad-gateway', field, `${protocol} of ${hostname}`);
  if (username || password || search || fragment) return fail('bad-gateway', field, 'name, password, query and fragment have no place here');
  return href.replace(/\/+$/u, '');
}

function fail(code: StacksNetworkErrorCode, field: string, detail: string): never {
  throw new StacksNetworkError(code, field, detail);
}

const check = networkFields(fail);
