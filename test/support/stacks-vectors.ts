/** The files of `test/vectors/stacks/` for headers, blocks, inventories and frames. Bytes are hex, or base64 where the name ends in `_b64`. */
import { readFileSync } from 'node:fs';

export interface RecordedTenureChange {
  readonly cause: number;
  readonly tenure: string;
  readonly prev_tenure: string;
  readonly burn_view: string;
  readonly prev_tenure_end: string;
  readonly previous_tenure_blocks: number;
}

export interface RecordedSortition {
  readonly height: number;
  readonly consensus_hash: string;
  readonly burn_hash: string;
  readonly ops_hash: string;
  readonly pox_id: string;
  readonly total_burn: string;
  readonly sortition: boolean;
  readonly epoch: string;
  readonly miner_pk_hash: string | null;
  readonly winning_block_id: string;
  readonly canonical_stacks_tip_height: number;
}

export interface RecordedHeader {
  readonly height: number;
  readonly burn_height: number;
  readonly cycle: number;
  readonly version: number;
  readonly block_hash: string;
  readonly block_id: string;
  readonly miner_hash: string;
  readonly consensus_hash: string;
  readonly parent_block_id: string;
  readonly state_index_root: string;
  readonly tx_merkle_root: string;
  readonly tx_count: number;
  readonly weight_signed: number;
  readonly threshold: number;
  readonly header_b64: string;
  readonly tenure_change: readonly RecordedTenureChange[];
}

export interface RecordedChain {
  readonly network_id: string;
  readonly first_block_height: number;
  readonly pox: { readonly cycle: number; readonly prepare: number };
  readonly signer_sets: Readonly<Record<string, readonly { readonly signing_key: string; readonly weight: number; readonly stacked_amt: string }[]>>;
  readonly signer_test_private_keys: readonly string[];
  readonly sortitions: readonly RecordedSortition[];
  readonly headers: readonly RecordedHeader[];
  readonly blocks: readonly { readonly height: number; readonly block_id: string; readonly txids: readonly string[]; readonly block_b64: string }[];
}

export interface RecordedWanted {
  readonly burn_height: number;
  readonly consensus_hash: string;
  readonly winning_block_id: string;
}

export interface RecordedAvailable {
  readonly burn_height: number;
  readonly tenure_id: string;
  readonly start_block_id: string;
  readonly start_snapshot: string;
  readonly start_reward_cycle: number;
  readonly end_block_id: string;
  readonly end_snapshot: string;
  readonly end_reward_cycle: number;
  readonly fetch_end_block: boolean;
}

interface Inventories {
  readonly inventories: readonly { readonly cycle: number; readonly bits: string; readonly wire: string }[];
  readonly wanted: readonly { readonly cycle: number; readonly wanted: readonly RecordedWanted[]; readonly available: readonly RecordedAvailable[] }[];
}

export interface RecordedExchange {
  readonly what: string;
  readonly req: string;
  readonly rep: string;
  readonly decoded: { readonly name: string; readonly data?: Readonly<Record<string, unknown>>; readonly signer: string; readonly payload: string };
}

interface MainnetHeader {
  readonly header: string;
  readonly block_hash: string;
  readonly block_id: string;
  readonly miner_hash: string;
  readonly miner_pubkey: string;
  readonly miner_hash160: string;
  readonly signers_recovered: readonly string[];
  readonly block?: string;
  readonly txids?: readonly string[];
  readonly tx_merkle_root?: string;
}

export interface RecordedEpoch2Header {
  readonly id: string;
  readonly ch: string;
  readonly parent_block_id: string;
  readonly header: string;
  readonly parent_block: string;
  readonly bh: string;
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../vectors/stacks/${name}.json`, import.meta.url), 'utf8'));

export const chainA = read('chain-a') as RecordedChain;
export const chainB = read('chain-b') as RecordedChain;
export const inventoriesA = read('inventories-a') as Inventories;
export const exchanges = [read('p2p-a'), read('p2p-b')].flatMap((it) => (it as { readonly exchanges: readonly RecordedExchange[] }).exchanges);
export const mainnetHeaders = (read('mainnet-headers') as { readonly headers: readonly MainnetHeader[] }).headers;
export const epoch2Headers = (read('epoch2-headers') as { readonly headers2x: readonly RecordedEpoch2Header[] }).headers2x;

/** The bytes of base64, as an array of their own. */
export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
