import { toHex } from '../src/base/bytes.ts';
import type { TrieProof } from '../src/chains/albatross/wire/trie.ts';
import type { HistoryTreeProof } from '../src/chains/albatross/wire/history.ts';
import type { ResponseBody } from '../src/chains/albatross/wire/requests.ts';
import { flipped } from './faults.ts';
import { proveTrie } from '../src/chains/albatross/proofs/build-trie.ts';
import { serveTransactionsProof } from './ledger/serve-proofs.ts';
import { entryHash } from './ledger/entry-hash.ts';
import { changed, type PeerAnswer, type PeerFault } from './peer-fault.ts';
import { forWire } from './serve.ts';

/** Blocks by which a stale proof of accounts is behind. */
const STALE = 5;

function trie(says: string, change: (proof: TrieProof) => TrieProof): PeerFault {
  return { says, answer: changed('trie-proof', (value) => (value.ok ? { body: { ok: true, value: { ...value.value, proof: change(value.value.proof) } } } : undefined)) };
}

function history(says: string, change: (proof: HistoryTreeProof) => HistoryTreeProof): PeerFault {
  return { says, answer: changed('transactions-proof', (value) => (value.ok ? { body: { ok: true, value: { ...value.value, proof: change(value.value.proof) } } } : undefined)) };
}

function receipts(says: string, change: (honest: ResponseBody<'receipts'>['receipts'], unknown: string) => ResponseBody<'receipts'>['receipts']): PeerFault {
  return { says, answer: changed('receipts', (value, _body, { random }): PeerAnswer => ({ body: { receipts: change(value.receipts, toHex(random.bytes(32))) } })) };
}

/** The last byte of a value in the proof, which is an amount's or a list's. */
function falseValue({ nodes, missingProvenBy }: TrieProof): TrieProof {
  const at = nodes.findIndex(({ value }) => 'value' in value);
  return {
    missingProvenBy,
    nodes: nodes.map((node, i) => (i === at && 'value' in node.value ? { ...node, value: { ...node.value, value: flipped(node.value.value, node.value.value.length - 1) } } : node)),
  };
}

/** Ways in which a peer misbehaves with proofs, receipts and transactions. */
export const PROOF_FAULTS: Readonly<Record<string, PeerFault>> = {
  'trie-value': trie('changes a value in a proof of accounts', falseValue),
  'trie-node': trie('leaves a node out of a proof of accounts', ({ nodes, missingProvenBy }) => ({ nodes: nodes.slice(1), missingProvenBy })),
  'trie-absent': trie('says with a proof that accounts are absent which are there', ({ nodes }) => ({
    nodes: nodes.filter(({ key }) => key === ''),
    missingProvenBy: nodes.filter(({ value }) => 'value' in value).map(({ key }) => ({ key, provenBy: '' })).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  })),
  'trie-stale': {
    says: `proves accounts as they were ${STALE} blocks ago`,
    answer: changed('trie-proof', (value, { keys }, { view }) => {
      const old = view.at(view.head.height - STALE);
      return value.ok && old ? { body: { ok: true, value: { proof: proveTrie(view.stateOf(old).accounts, keys), blockHash: old.hash } } } : undefined;
    }),
  },
  'trie-block': {
    says: 'names a block that does not exist beside a proof of accounts',
    answer: changed('trie-proof', (value, _body, { random }) => (value.ok ? { body: { ok: true, value: { ...value.value, blockHash: toHex(random.bytes(32)) } } } : undefined)),
  },
  'trie-incomplete': { says: 'says that it has not all accounts', answer: changed('trie-proof', () => ({ body: { ok: false, error: { name: 'IncompleteTrie', heights: [] } } })) },
  'history-entry': history('changes the time of a proven transaction', (proof) => ({ ...proof, history: proof.history.map((entry) => ({ ...entry, blockTime: entry.blockTime + 1 })) })),
  'history-node': history('leaves a hash out of a proof of transactions', (proof) => ({ ...proof, nodes: proof.nodes.slice(1) })),
  'history-block': {
    says: 'sends another block than the one that a proof of transactions leads to',
    answer: changed('transactions-proof', (value, _body, { view }) => {
      const other = value.ok ? [view.electionHead, view.macroHead, view.head].find(({ block }) => block.header.historyRoot !== value.value.block.header.historyRoot) : undefined;
      return value.ok && other ? { body: { ok: true, value: { proof: value.value.proof, block: forWire(other.block, false) } } } : undefined;
    }),
  },
  'history-other': {
    says: 'proves another transaction than the one asked for',
    answer: changed('transactions-proof', (value, { hashes, blockNumber }, { view }) => {
      const proving = value.ok ? view.at(value.value.block.header.blockNumber) : undefined;
      const other = proving && view.stateOf(proving).history.entries.map(entryHash).find((hash) => !hashes.includes(hash));
      return other === undefined ? undefined : { body: serveTransactionsProof(view, { hashes: [other], blockNumber: blockNumber ?? proving?.height }, ({ block }) => forWire(block, false)) };
    }),
  },
  'history-none': { says: 'knows no transaction', answer: changed('transactions-proof', () => ({ body: { ok: false, error: { name: 'TransactionNotFound', heights: [] } } })) },
  'receipts-omitted': receipts("leaves the newest of an address' receipts out", (honest) => honest.slice(1)),
  'receipts-forged': receipts('adds the receipt of a transaction that does not exist', (honest, unknown) => [{ transactionHash: unknown, blockNumber: honest[0]?.blockNumber ?? 1 }, ...honest]),
  'receipts-height': receipts('names another height in each receipt', (honest) => honest.map((receipt) => ({ ...receipt, blockNumber: receipt.blockNumber - 1 }))),
  'blocks-hop': {
    says: 'leaves an election block out of the way to an old one',
    answer: changed('blocks-proof', (value) => (value.ok && value.value.proof.proof.length > 0 ? { body: { ok: true, value: { proof: { proof: value.value.proof.proof.slice(1) } } } } : undefined)),
  },
  censor: { says: 'takes transactions and forgets them', forgets: 'transactions' },
  silent: { says: 'takes subscriptions to addresses and tells nothing', forgets: 'subscriptions' },
};
