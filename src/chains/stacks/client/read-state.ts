/**
 * A value of the state with its proof, from one gateway, verified against the root of a header.
 * @module
 */
import { toHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import { PeerFault, type AskOptions } from '../../../engine/sync/sync-peer.ts';
import type { StacksItem } from '../chain/stacks-block.ts';
import { blocksOfProof } from '../proofs/marf-segments.ts';
import { pathOfKey } from '../proofs/marf-hash.ts';
import type { PassedHeader } from '../proofs/block-root.ts';
import { checkState, type ProofStatement, type StatementProblem } from '../proofs/statement.ts';
import type { MarfHop } from '../proofs/verify-marf-proof.ts';
import type { Gateway } from '../net/gateway.ts';

type Asked = Pick<Gateway, 'state' | 'passedHeader'>;

/**
 * - `absent`: the gateway says that there is no entry, which cannot be proven.
 * - `no-proofs`: it answered without a proof; a node whose trie is squashed does.
 * - `no-header`: it has no header of a block that its proof passes.
 */
export type StateMissing = 'absent' | 'no-proofs' | 'no-header';

export interface ShownState {
  readonly statement: ProofStatement;
  readonly hops: readonly MarfHop[];
  /** Bytes of the proof on the line. */
  readonly bytes: number;
}

/** The statement as the gateway gave it; nothing is verified. Rejects as the gateway's methods do. */
export async function fetchStatement(gateway: Asked, key: string, { id, block: { header } }: StacksItem, { signal }: AskOptions): Promise<{ readonly statement: ProofStatement; readonly bytes: number } | StateMissing> {
  const answer = await gateway.state(toHex(pathOfKey(key)), id, { signal, proof: true });
  if (!answer) return 'absent';
  const { value, proof } = answer.value;
  if (!proof || proof.length === 0) return 'no-proofs';
  const passed: PassedHeader[] = [];
  for (const block of blocksOfProof(proof)) {
    const one = await gateway.passedHeader(block, { signal });
    if (!one) return 'no-header';
    passed.push(one);
  }
  return { statement: { header, passed, proof, value }, bytes: answer.size };
}

/** The value under a key in the state after a block. Rejects with `PeerFault` for a proof that is false, or as the gateway's methods do. */
export async function readState(gateway: Asked, key: string, item: StacksItem, options: AskOptions & { readonly verify: Verify }): Promise<ShownState | StateMissing> {
  const fetched = await fetchStatement(gateway, key, item, options);
  if (typeof fetched === 'string') return fetched;
  const shown = await checkState(fetched.statement, key, options);
  if (!shown.ok) throw faultOfState(shown, key, item.id);
  return { statement: fetched.statement, hops: shown.hops, bytes: fetched.bytes };
}

/**
 * What a proof that does not hold says of the gateway that gave it: the rule of the signatures, or `false-headers`, `false-state`. That a header is older than
 * others, or that a proven value is no set, is no lie of it.
 */
export function faultOfState({ code, detail }: StatementProblem, key: string, block: Hash): PeerFault {
  const data = { rule: detail, key: key.slice(0, 200), block };
  switch (code) {
    case 'signers':
      return new PeerFault(detail, 'lie', data);
    case 'headers':
      return new PeerFault('false-headers', 'lie', data);
    case 'state':
      return new PeerFault('false-state', 'lie', data);
    case 'order':
    case 'hand-over':
      return new PeerFault(code, 'offence', data);
  }
}

export function refused(message: string): RequestError {
  return new RequestError('refused', message);
}
