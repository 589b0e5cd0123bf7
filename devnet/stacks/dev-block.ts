// Tests: `devnet/stacks/stacks-chain.test.ts`.
/**
 * Blocks of the local network: of epoch 2.x, and of Nakamoto with the signatures of miner and signers.
 * @module
 */
import { toHex } from '../../src/base/bytes.ts';
import type { Hash } from '../../src/base/hash.ts';
import { blockHash, blockId, epoch2BlockHash, epoch2BlockId, minerHash, transactionId, transactionRoot } from '../../src/chains/stacks/chain/hash.ts';
import { encodeBlock } from '../../src/chains/stacks/wire/block.ts';
import type { Epoch2Header } from '../../src/chains/stacks/wire/epoch2-header.ts';
import type { NakamotoHeader } from '../../src/chains/stacks/wire/header.ts';
import type { StacksTransaction } from '../../src/chains/stacks/wire/transaction.ts';
import type { DevKey } from './dev-key.ts';
import type { MarfBlock, MarfDraft } from './marf-trie.ts';
import type { DevSigner } from './signer-sets.ts';
import type { Sortition } from './sortition.ts';

export interface DevBlock {
  readonly id: Hash;
  readonly hash: Hash;
  readonly height: number;
  readonly parentId: Hash;
  /** Undefined: the first block. */
  readonly parent: DevBlock | undefined;
  readonly epoch2: Epoch2Header | undefined;
  /** Undefined: a block of epoch 2.x. */
  readonly header: NakamotoHeader | undefined;
  readonly transactions: readonly StacksTransaction[];
  readonly transactionIds: readonly Hash[];
  /** The sortition of its tenure. */
  readonly tenure: Sortition;
  /** The newest sortition that its miner knew. */
  readonly burnView: Sortition;
  /** Position in its tenure: 0 for the first block. */
  readonly position: number;
  /** Unix seconds. */
  readonly time: number;
  readonly state: MarfBlock;
}

/** The bytes of a Nakamoto block as they are served. */
export function bytesOf({ header, transactions }: DevBlock): Uint8Array {
  return encodeBlock({ header: header!, transactions });
}

/** The first block of a block's tenure. */
export function startOf(block: DevBlock): DevBlock {
  let at = block;
  while (at.position > 0) at = at.parent!;
  return at;
}

/** The block's ancestors and itself, newest first. */
export function* backFrom(block: DevBlock | undefined): Generator<DevBlock, undefined> {
  for (let at = block; at; at = at.parent) yield at;
  return undefined;
}

/** What is there before a block is sealed. */
export interface BlockContent {
  readonly parent: DevBlock | undefined;
  readonly tenure: Sortition;
  readonly burnView: Sortition;
  readonly position: number;
  readonly time: number;
  readonly draft: MarfDraft;
  readonly transactions: readonly StacksTransaction[];
}

/** The id that the first block names as its parent. */
const NO_PARENT = '0'.repeat(64);

export interface Epoch2Parts {
  /** Satoshis burnt with this block's commitment. */
  readonly burn: number;
  /** 80 bytes. */
  readonly vrfProof: Uint8Array;
  /** Hash160 of the miner's key. */
  readonly keyHash: string;
  /** The sortition that this block, of this hash, wins. */
  readonly tenureOf: (hash: Hash) => Sortition;
}

/** A block of epoch 2.x, whose sortition commits to its own hash. */
export function sealEpoch2(content: Omit<BlockContent, 'tenure' | 'burnView' | 'position'>, { burn, vrfProof, keyHash, tenureOf }: Epoch2Parts): DevBlock {
  const { parent, draft } = content;
  const height = (parent?.height ?? 0) + 1;
  const root = transactionRoot(content.transactions.map(({ bytes }) => transactionId(bytes)));
  const headerOf = (stateRoot: Hash): Epoch2Header => ({
    version: 7, burn, work: height, vrfProof, parent: parent?.hash ?? NO_PARENT, parentMicroblock: NO_PARENT, parentMicroblockSequence: 0, transactionRoot: root, stateRoot, microblockKeyHash: keyHash,
  });
  let tenure: Sortition | undefined;
  const state = draft.seal((stateRoot) => {
    const header = headerOf(stateRoot);
    tenure = tenureOf(epoch2BlockHash(header));
    return epoch2BlockId(header, tenure.consensusHash);
  });
  const epoch2 = headerOf(state.stateRoot);
  return { ...placed({ ...content, tenure: tenure!, burnView: tenure!, position: 0 }), id: state.id, hash: epoch2BlockHash(epoch2), height, epoch2, header: undefined, state };
}

export interface NakamotoParts {
  readonly version: number;
  readonly miner: DevKey;
  /** Those of the cycle's set that sign, ascending by key. */
  readonly signers: readonly DevSigner[];
}

export function sealNakamoto(content: BlockContent, { version, miner, signers }: NakamotoParts): DevBlock {
  const { parent, tenure, draft, time, transactions } = content;
  const height = parent!.height + 1;
  const root = transactionRoot(transactions.map(({ bytes }) => transactionId(bytes)));
  let signed: NakamotoHeader | undefined;
  const state = draft.seal((stateRoot) => {
    const bare: NakamotoHeader = {
      version, chainLength: height, burnSpent: Number(tenure.totalBurn), consensusHash: tenure.consensusHash, parentBlockId: parent!.id, transactionRoot: root, stateRoot, timestamp: time,
      minerSignature: new Uint8Array(65), signerSignatures: [], poxTreatment: { length: 1, bytes: Uint8Array.of(1) }, problematic: [],
    };
    signed = { ...bare, minerSignature: miner.sign(minerHash(bare)) };
    return blockId(signed);
  });
  const message = blockHash(signed!);
  const header = { ...signed!, signerSignatures: signers.map(({ key }) => key.sign(message)) };
  return { ...placed(content), id: state.id, hash: toHex(message), height, epoch2: undefined, header, state };
}

function placed({ parent, tenure, burnView, position, time, transactions }: BlockContent) {
  return { parentId: parent?.id ?? NO_PARENT, parent, tenure, burnView, position, time, transactions, transactionIds: transactions.map(({ bytes }) => transactionId(bytes)) };
}

/** The header with the signatures of these signers in place of its own: the id stays. */
export function signedBy(header: NakamotoHeader, keys: readonly DevKey[]): NakamotoHeader {
  const message = blockHash(header);
  return { ...header, signerSignatures: keys.map((key) => key.sign(message)) };
}

