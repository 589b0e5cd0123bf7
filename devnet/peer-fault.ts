import type { RequestBody, ResponseBody } from '../src/chains/albatross/wire/requests.ts';
import type { Random } from '../src/base/random.ts';
import type { DevBlock } from './dev-block.ts';
import type { PeerView } from './peer-view.ts';
import type { ProvenBlock } from './prover.ts';
import { serve, type AskedKind, type ServedKind } from './serve.ts';

/** A peer's reply: a body, raw bytes (instead of the encoded response), an error of the network layer, or nothing at all. */
export type PeerAnswer = { readonly body: ResponseBody<AskedKind> } | { readonly raw: Uint8Array } | { readonly error: 'rate-limited' | 'no-receiver' } | 'stall';

export interface PeerFaultContext {
  readonly view: PeerView;
  readonly random: Random;
}

/** A way in which a peer misbehaves, independent of the blocks. */
export interface PeerFault {
  readonly says: string;
  /** Undefined: the peer answers honestly. */
  readonly answer?: ((kind: AskedKind, body: RequestBody<AskedKind>, context: PeerFaultContext) => PeerAnswer | undefined) | undefined;
  /** Payloads that the peer publishes on `block-header` in place of the honest one. */
  readonly announce?: (block: DevBlock, context: PeerFaultContext) => readonly Uint8Array[];
  /** The proof that the peer answers and announces in place of the honest one. */
  readonly prove?: (honest: ProvenBlock, context: PeerFaultContext) => ProvenBlock | undefined;
  /** What the peer takes as if nothing were wrong, and does nothing with. */
  readonly forgets?: 'transactions' | 'subscriptions';
}

/** The honest answer, for a fault that changes a part of it. */
function honest<K extends ServedKind>(kind: K, body: RequestBody<AskedKind>, { view }: PeerFaultContext): ResponseBody<K> {
  return serve(view, kind, body as RequestBody<K>);
}

/** A fault that replaces the honest answer to one kind of request. Undefined: the honest answer stays. */
export function changed<K extends ServedKind>(kind: K, change: (value: ResponseBody<K>, body: RequestBody<K>, context: PeerFaultContext) => PeerAnswer | undefined): PeerFault['answer'] {
  return (asked, body, context) => (asked === kind ? change(honest(kind, body, context), body as RequestBody<K>, context) : undefined);
}
