import { HEADER_KINDS, serveHeaders, type HeaderKind } from '../src/chains/albatross/serve/serve.ts';
import type { RequestBody, ResponseBody } from '../src/chains/albatross/wire/requests.ts';
import type { Block } from '../src/chains/albatross/wire/types.ts';
import type { ChainView } from './dev-block.ts';
import { serveBlocksProof, serveReceipts, serveTransactionsProof, serveTrieProof } from './ledger/serve-proofs.ts';

/** The kinds of requests that a node with the whole state and history answers from its chain alone. */
type ProofKind = 'transactions-proof' | 'receipts' | 'trie-proof' | 'blocks-proof';

/** The kinds of requests that such a node answers for a light client. It answers all others with `no-receiver`. */
export type ServedKind = HeaderKind | ProofKind | 'subscribe';
export const SERVED_KINDS: readonly ServedKind[] = [...HEADER_KINDS, 'transactions-proof', 'receipts', 'trie-proof', 'blocks-proof', 'subscribe'];

/** Nodes of 1.x also answer requests for zero-knowledge proofs, those of 2.x requests for their mempool. Neither is part of the chain. */
export type AskedKind = ServedKind | 'zkp' | 'mempool-hashes' | 'mempool-transactions';

/** A block in wire form. Empty bodies are not stored. */
export function forWire(block: Block, includeBody: boolean): Block {
  if (block.type === 'macro') return { ...block, body: includeBody ? (block.body ?? { transactions: [] }) : undefined };
  return { ...block, body: includeBody ? (block.body ?? { equivocationProofs: [], transactions: [] }) : undefined };
}

/** Answers a request as a full node does. Albatross block reference, 6.1; network reference, 3.6. */
export function serve<K extends ServedKind>(view: ChainView, kind: K, body: RequestBody<K>): ResponseBody<K> {
  const own: { readonly [Kind in Exclude<ServedKind, HeaderKind>]: (asked: RequestBody<Kind>) => ResponseBody<Kind> } = {
    subscribe: () => ({ ok: true, value: undefined }),
    'transactions-proof': (asked) => serveTransactionsProof(view, asked, ({ block }) => forWire(block, false)),
    receipts: (asked) => serveReceipts(view, asked),
    'trie-proof': (asked) => serveTrieProof(view, asked),
    'blocks-proof': (asked) => serveBlocksProof(view, asked),
  };
  // Sound because each handler gets bodies of its own kind only.
  if (kind in own) return (own as unknown as Record<string, (asked: unknown) => unknown>)[kind]!(body) as ResponseBody<K>;
  const answer = serveHeaders(view, kind as HeaderKind, body as RequestBody<HeaderKind>, forWire) as ResponseBody<K>;
  // A node walks from successor to successor, and returns the blocks before the first pruned one. Here that is none, because it
  // prunes whole epochs.
  if (kind === 'missing-blocks' && 'ok' in answer && !answer.ok && answer.error === 'FailedToGetBlocks') return { ok: true, value: { blocks: [] } } as unknown as ResponseBody<K>;
  return answer;
}
