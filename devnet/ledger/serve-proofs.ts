import { equalBytes } from '../../src/base/bytes.ts';
import type { Hash } from '../../src/base/hash.ts';
import { proveTrie } from '../../src/chains/albatross/proofs/build-trie.ts';
import { proveHistory } from '../../src/chains/albatross/proofs/history-tree.ts';
import { interlinkHops } from '../../src/chains/albatross/proofs/interlink-hops.ts';
import type { HistoricTransaction } from '../../src/chains/albatross/wire/history.ts';
import type { ProofRefusal } from '../../src/chains/albatross/wire/proof-refusal.ts';
import type { RequestBody, ResponseBody } from '../../src/chains/albatross/wire/requests.ts';
import type { ChainView, DevBlock } from '../dev-block.ts';
import { indexedAddresses } from './entry-addresses.ts';
import { entryHash } from './entry-hash.ts';

/** Keys in a request, and hashes; the number for hashes is likely, not confirmed. Albatross proofs reference, 0. */
const MAX_KEYS = 255;
const MAX_HASHES = 255;
const MAX_RECEIPTS = 500;

function refused(name: string, ...heights: number[]): { readonly ok: false; readonly error: ProofRefusal } {
  return { ok: false, error: { name, heights } };
}

/** Always at the peer's own head. Albatross proofs reference, 2. */
export function serveTrieProof(view: ChainView, { keys }: RequestBody<'trie-proof'>): ResponseBody<'trie-proof'> {
  if (keys.length === 0) return refused('EmptyKeys');
  if (keys.length > MAX_KEYS) return refused('TooManyKeys');
  if (new Set(keys).size < keys.length) return refused('DuplicateKeys');
  const { head } = view;
  return { ok: true, value: { proof: proveTrie(view.stateOf(head).accounts, keys), blockHash: head.hash } };
}

/** Newest first; an unknown `startAt` gives nothing. Albatross proofs reference, 3.2. */
export function serveReceipts(view: ChainView, { address, max, startAt }: RequestBody<'receipts'>): ResponseBody<'receipts'> {
  const all: { readonly transactionHash: Hash; readonly blockNumber: number }[] = [];
  for (const entries of epochsOf(view)) {
    for (const entry of entries.toReversed()) {
      if (indexedAddresses(entry).some((indexed) => equalBytes(indexed, address))) all.push({ transactionHash: entryHash(entry), blockNumber: entry.blockNumber });
    }
  }
  const before = startAt === undefined ? -1 : all.findIndex(({ transactionHash }) => transactionHash === startAt);
  if (startAt !== undefined && before < 0) return { receipts: [] };
  return { receipts: all.slice(before + 1, before + 1 + Math.min(max ?? MAX_RECEIPTS, MAX_RECEIPTS)) };
}

/** Albatross network reference, 3.6; proofs reference, 3.3. */
export function serveTransactionsProof(view: ChainView, { hashes, blockNumber }: RequestBody<'transactions-proof'>, forWire: (block: DevBlock) => DevBlock['block']): ResponseBody<'transactions-proof'> {
  const [first] = hashes;
  if (first === undefined) return refused('NoTransactionsProvided');
  if (hashes.length > MAX_HASHES) return refused('TooManyTransactionsProvided');
  if (blockNumber === undefined) {
    const proving = provingBlock(view, first);
    return proving ? proved(view, proving, [first], forWire) : refused('TransactionNotFound');
  }
  const { policy, head, electionHead, macroHead } = view;
  if (blockNumber > head.height) return refused('RequestedTxnProofFromFuture', blockNumber, head.height);
  if (policy.isMacro(blockNumber) && !policy.isElection(blockNumber) && blockNumber < electionHead.height) return refused('RequestedTxnProofFromFinalizedEpoch', blockNumber);
  if (!policy.isMacro(blockNumber) && blockNumber < macroHead.height - policy.blocksPerBatch) return refused('RequestedTxnProofFromFinalizedBatch', blockNumber);
  const block = view.at(blockNumber);
  return block ? proved(view, block, hashes, forWire) : refused('BlockNotFound', blockNumber);
}

function proved(view: ChainView, block: DevBlock, hashes: readonly Hash[], forWire: (block: DevBlock) => DevBlock['block']): ResponseBody<'transactions-proof'> {
  const { entries, leaves } = view.stateOf(block).history;
  const positions = entries.flatMap((entry, at) => (hashes.includes(entryHash(entry)) ? [at] : []));
  if (positions.length === 0) return refused('TransactionNotFound');
  const history = positions.flatMap((at) => entries[at] ?? []);
  return { ok: true, value: { proof: { ...proveHistory(leaves, positions), history }, block: forWire(block) } };
}

/**
 * The block that a node proves a transaction at, of which only the hash is known: the election block that ends its epoch, the newest macro
 * block, or its own block. The node of the reference takes the newest election block in place of the first, and so fails for older epochs.
 */
function provingBlock(view: ChainView, hash: Hash): DevBlock | undefined {
  for (const entries of epochsOf(view)) {
    const found = entries.find((entry) => entryHash(entry) === hash);
    if (!found) continue;
    const { policy, macroHead, electionHead } = view;
    if (found.blockNumber <= electionHead.height) return view.at(policy.electionBlockAfter(found.blockNumber - 1));
    return found.blockNumber <= macroHead.height ? macroHead : view.at(found.blockNumber);
  }
  return undefined;
}

/** The entries of every epoch, the newest epoch first. */
function epochsOf(view: ChainView): readonly (readonly HistoricTransaction[])[] {
  const epochs: (readonly HistoricTransaction[])[] = [];
  for (let block: DevBlock | undefined = view.head; block && block.height > view.policy.genesisNumber; block = view.at(view.policy.electionBlockBefore(block.height))) {
    epochs.push(view.stateOf(block).history.entries);
  }
  return epochs;
}

/** Albatross block reference, 8.3. */
export function serveBlocksProof(view: ChainView, { electionHead, blocks }: RequestBody<'blocks-proof'>): ResponseBody<'blocks-proof'> {
  const { policy } = view;
  if (!policy.isElection(electionHead) || electionHead > view.electionHead.height) return refused('BadBlockNumber', electionHead);
  const bad = blocks.find((height) => !policy.isElection(height) || height > electionHead || height <= policy.genesisNumber);
  if (bad !== undefined) return refused('BadBlockNumber', bad);
  const hops = new Set(blocks.flatMap((height) => interlinkHops(electionHead, height, policy)));
  const proof = Array.from(hops).flatMap((height) => {
    const block = view.at(height)?.block;
    return block?.type === 'macro' ? [{ ...block, body: undefined }] : [];
  });
  return { ok: true, value: { proof: { proof } } };
}
