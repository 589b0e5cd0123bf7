import { HEADER_KINDS, serveHeaders, type HeaderKind } from '../src/chains/albatross/serve/serve.ts';
import type { RequestBody, ResponseBody } from '../src/chains/albatross/wire/requests.ts';
import type { Block } from '../src/chains/albatross/wire/types.ts';
import type { ChainView } from './dev-block.ts';

/** The kinds of requests that a full node answers for a header client. It answers all others with `no-receiver`. */
export type ServedKind = HeaderKind | 'subscribe';
export const SERVED_KINDS: readonly ServedKind[] = [...HEADER_KINDS, 'subscribe'];

/** Nodes of 1.x also answer requests for zero-knowledge proofs. A proof is not part of the chain. */
export type AskedKind = ServedKind | 'zkp';

/** A block in wire form. Empty bodies are not stored. */
export function forWire(block: Block, includeBody: boolean): Block {
  if (block.type === 'macro') return { ...block, body: includeBody ? (block.body ?? { transactions: [] }) : undefined };
  return { ...block, body: includeBody ? (block.body ?? { equivocationProofs: [], transactions: [] }) : undefined };
}

/** Answers a request as a full node does. Albatross block reference, 6.1; network reference, 3.6. */
export function serve<K extends ServedKind>(view: ChainView, kind: K, body: RequestBody<K>): ResponseBody<K> {
  if (kind === 'subscribe') return { ok: true, value: undefined } as ResponseBody<K>;
  const answer = serveHeaders(view, kind as HeaderKind, body as RequestBody<HeaderKind>, forWire) as ResponseBody<K>;
  // A node walks from successor to successor, and returns the blocks before the first pruned one. Here that is none, because it
  // prunes whole epochs.
  if (kind === 'missing-blocks' && 'ok' in answer && !answer.ok && answer.error === 'FailedToGetBlocks') return { ok: true, value: { blocks: [] } } as unknown as ResponseBody<K>;
  return answer;
}
