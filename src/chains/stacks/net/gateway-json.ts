/**
 * The door for the JSON of each endpoint (Stacks reference, 8). What fails is `RequestError` (`malformed`), what answers another question is `PeerFault` of weight
 * `offence`. Fields that are not used are not looked at.
 * @module
 */
import { fromHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { PeerFault } from '../../../engine/sync/sync-peer.ts';
import type { ClaimedHeader } from '../chain/epoch2-backfill.ts';
import type { TenureInfo } from '../chain/unconfirmed-downloader.ts';
import type { SignerKey } from '../proofs/hand-over.ts';
import { EPOCH2_HEADER_LENGTH } from '../wire/epoch2-header.ts';
import { MAX_SIGNERS } from '../wire/header.ts';
import { tipHeaderOfJson, type TipHeader } from '../wire/header-json.ts';
import { decodeMarfProof, MAX_MARF_PROOF_BYTES } from '../wire/marf-proof.ts';
import type { GatewayCycles, GatewayInfo, Sortition, StateAnswer, TenureBlocks } from './gateway.ts';
import { digitsOf, flagOf, hexOf, integerOf, listOf, malformed, objectOf, optionalHexOf } from './json-fields.ts';

/** Far above Bitcoin's height of this century, as for the network file. */
const MAX_BURN_HEIGHT = 2 ** 31;
const U32 = 0xff_ff_ff_ff;
/** Blocks of a tenure in one answer at most: several days of one block each five seconds. */
const MAX_TENURE_BLOCKS = 65_536;
/** Sortitions in one answer: one, or two of `latest_and_last`. */
const MAX_SORTITIONS = 2;
/** Headers of epoch 2.x in one answer: `MAX_HEADERS` of the node (stacks-core, `net/api/getheaders.rs`). */
export const MAX_EPOCH2_HEADERS = 2100;
/** Digits of a stored value: a Clarity value has at most 1 MiB, and its type has some more. */
const MAX_VALUE_DIGITS = 2 * (1024 * 1024 + 1024);

export type WhichSortition = { readonly consensusHash: string } | { readonly burnHeight: number } | 'latest';

/** Of `/v2/info`. */
export function infoOfJson(value: unknown): GatewayInfo {
  const fields = objectOf(value, 'info');
  return {
    networkId: integerOf(fields, 'network_id', U32),
    burnHeight: integerOf(fields, 'burn_block_height', MAX_BURN_HEIGHT),
    tipHeight: integerOf(fields, 'stacks_tip_height'),
    tipConsensusHash: hexOf(fields, 'stacks_tip_consensus_hash', 20),
    isSynced: flagOf(fields, 'is_fully_synced'),
  };
}

/** Of `/v2/pox`. */
export function cyclesOfJson(value: unknown): GatewayCycles {
  const fields = objectOf(value, 'pox');
  return {
    firstBurnHeight: integerOf(fields, 'first_burnchain_block_height', MAX_BURN_HEIGHT),
    cycleLength: integerOf(fields, 'reward_cycle_length', MAX_BURN_HEIGHT),
    prepareLength: integerOf(fields, 'prepare_phase_block_length', MAX_BURN_HEIGHT),
  };
}

/** Of `/v3/tenures/info`. */
export function tenureInfoOfJson(value: unknown): TenureInfo {
  const fields = objectOf(value, 'tenure info');
  return {
    consensusHash: hexOf(fields, 'consensus_hash', 20),
    tenureStartBlockId: hexOf(fields, 'tenure_start_block_id', 32),
    parentConsensusHash: hexOf(fields, 'parent_consensus_hash', 20),
    parentTenureStartBlockId: hexOf(fields, 'parent_tenure_start_block_id', 32),
    tipBlockId: hexOf(fields, 'tip_block_id', 32),
    tipHeight: integerOf(fields, 'tip_height'),
  };
}

/** Of `/v3/tenures/tip/{consensus hash}`. Throws `StacksWireError` too. */
export function tenureTipOfJson(value: unknown, consensusHash: string): TipHeader {
  const tip = tipHeaderOfJson(value);
  // A header of epoch 2.x does not hold the hash.
  if (tip.kind === 'nakamoto' && tip.header.consensusHash !== consensusHash) throw otherThan('wrong-tenure', consensusHash, tip.header.consensusHash);
  return tip;
}

/** Of `/v3/tenures/blocks/{consensus hash}`. */
export function tenureBlocksOfJson(value: unknown, consensusHash: string): TenureBlocks {
  const fields = objectOf(value, 'tenure blocks');
  const got = hexOf(fields, 'consensus_hash', 20);
  if (got !== consensusHash) throw otherThan('wrong-tenure', consensusHash, got);
  const blocks = listOf(fields['stacks_blocks'], 'stacks_blocks', MAX_TENURE_BLOCKS).map((entry) => {
    const block = objectOf(entry, 'stacks_blocks');
    return { id: hexOf(block, 'block_id', 32), height: integerOf(block, 'height') };
  });
  if (blocks.some(({ height }, i) => i > 0 && height !== blocks[i - 1]!.height - 1)) malformed('stacks_blocks', 'heights do not descend by one');
  return { burnHeight: integerOf(fields, 'burn_block_height', MAX_BURN_HEIGHT), lastSortition: optionalHexOf(fields, 'last_sortition_ch', 20), blocks };
}

/** Of `/v3/sortitions…`: the first of the list. */
export function sortitionOfJson(value: unknown, which: WhichSortition): Sortition {
  const fields = objectOf(listOf(value, 'sortitions', MAX_SORTITIONS)[0], 'sortition');
  const sortition = {
    burnHeight: integerOf(fields, 'burn_block_height', MAX_BURN_HEIGHT),
    consensusHash: hexOf(fields, 'consensus_hash', 20),
    hasWinner: flagOf(fields, 'was_sortition'),
    minerKeyHash: optionalHexOf(fields, 'miner_pk_hash160', 20),
    committedBlockId: optionalHexOf(fields, 'committed_block_hash', 32),
    parentTenure: optionalHexOf(fields, 'stacks_parent_ch', 20),
    lastWinner: optionalHexOf(fields, 'last_sortition_ch', 20),
  };
  if (which === 'latest') return sortition;
  const [asked, got] = 'burnHeight' in which ? [which.burnHeight, sortition.burnHeight] : [which.consensusHash, sortition.consensusHash];
  if (got !== asked) throw otherThan('wrong-sortition', asked, got);
  return sortition;
}

/** Of `/v3/stacker_set/{cycle}`. A set without signers is an empty list. */
export function signerKeysOfJson(value: unknown): readonly SignerKey[] {
  const { signers } = objectOf(objectOf(value, 'stacker set')['stacker_set'], 'stacker_set');
  return listOf(signers ?? [], 'signers', MAX_SIGNERS).map((entry) => {
    const fields = objectOf(entry, 'signers');
    return { key: hexOf(fields, 'signing_key', 33), weight: integerOf(fields, 'weight', U32) };
  });
}

/** Of `/v2/clarity/marf/{path}`. A gateway without proofs leaves the field away, or empty. Throws `MarfError` and `StacksWireError` too. */
export function stateOfJson(value: unknown, withProof: boolean): StateAnswer {
  const fields = objectOf(value, 'state');
  const text = digitsOf(fields, 'data', MAX_VALUE_DIGITS);
  const proof = fields['proof'] ?? '';
  if (!withProof || proof === '' || proof === '0x') return { value: text, proof: undefined };
  const digits = digitsOf(fields, 'proof', 2 * MAX_MARF_PROOF_BYTES);
  return { value: text, proof: decodeMarfProof(fromHex(digits)) };
}

/** Of `/v2/headers/{count}`. */
export function epoch2HeadersOfJson(value: unknown, count: number): readonly ClaimedHeader[] {
  return listOf(value, 'headers', Math.min(count, MAX_EPOCH2_HEADERS)).map((entry) => {
    const fields = objectOf(entry, 'headers');
    return { consensusHash: hexOf(fields, 'consensus_hash', 20), header: fromHex(hexOf(fields, 'header', EPOCH2_HEADER_LENGTH)), parentBlockId: hexOf(fields, 'parent_block_id', 32) };
  });
}

/** Of `/v3/transaction/{id}` (stacks-core, `net/api/gettransaction.rs`): the block's id; undefined for a block that is not on the gateway's own chain. */
export function blockOfTransactionJson(value: unknown): Hash | undefined {
  const fields = objectOf(value, 'transaction');
  const id = hexOf(fields, 'index_block_hash', 32);
  // Older nodes do not say it.
  return fields['is_canonical'] === false ? undefined : id;
}

/**
 * Of `/extended/v1/tx/{id}` of the public API (stacks-blockchain-api, `schemas/entities/transactions.ts`), which names a block by height and hash, but not by id.
 * Undefined: the transaction is in no block.
 */
export function placeOfTransactionJson(value: unknown): { readonly height: number; readonly blockHash: string } | undefined {
  const fields = objectOf(value, 'transaction');
  if (fields['block_hash'] === undefined || fields['block_height'] === undefined || fields['canonical'] === false) return undefined;
  return { height: integerOf(fields, 'block_height'), blockHash: hexOf(fields, 'block_hash', 32) };
}

function otherThan(code: string, asked: string | number, got: string | number): PeerFault {
  return new PeerFault(code, 'offence', { asked, got });
}
