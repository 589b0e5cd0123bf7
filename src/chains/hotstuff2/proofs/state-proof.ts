/**
 * Whether a key is in the state of a header, or not (HotStuff-2 reference, 4, message 8B): paths of RFC 9162, 2.1.3.2, then the wrapper "HS2S".
 * @module
 */
import { compareBytes } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { encodeStateEntry } from '../wire/state-entry.ts';
import type { StateLeaf, StateProofBody } from '../wire/state-proof-body.ts';
import { placeOf } from '../chain/state.ts';
import type { KeyValueState } from '../chain/state.ts';
import { stateRootOf } from '../chain/state-root.ts';
import { leafHash, rootOfPath, treePath, treeRoot } from '../chain/tree.ts';

/**
 * - `other-key`: the proven entry is of another key; `count`: the entries are of trees of other sizes; `state-root`: a path leads elsewhere;
 * - `neighbours`: between the proven entries, or before or after the one, there is room for the key.
 */
export type StateProofCode = 'other-key' | 'count' | 'state-root' | 'neighbours';

export type StateProofVerdict = { readonly ok: true; /** Undefined: the key is absent. */ readonly value: Uint8Array | undefined } | { readonly ok: false; readonly code: StateProofCode };

const refused = (code: StateProofCode): StateProofVerdict => ({ ok: false, code });

/** What the proof shows of the key, against the state root of a header. */
export function verifyStateProof({ present, leaves }: StateProofBody, key: Uint8Array, root: Hash): StateProofVerdict {
  const [first, second] = leaves;
  if (!first) return !present && stateRootOf(0, treeRoot([])) === root ? { ok: true, value: undefined } : refused('state-root');
  if (second && second.count !== first.count) return refused('count');
  if (leaves.some((leaf) => !leadsTo(leaf, root))) return refused('state-root');
  if (present) return compareBytes(first.key, key) === 0 ? { ok: true, value: first.value } : refused('other-key');
  return isBetween(leaves, key) ? { ok: true, value: undefined } : refused('neighbours');
}

function leadsTo({ index, count, key, value, path }: StateLeaf, root: Hash): boolean {
  const tree = rootOfPath(leafHash(encodeStateEntry({ key, value })), index, count, path);
  return tree !== undefined && stateRootOf(count, tree) === root;
}

/** Whether nothing can stand between these entries where the key would be. */
function isBetween([first, second]: readonly StateLeaf[], key: Uint8Array): boolean {
  const order = compareBytes(first!.key, key);
  if (second) return order < 0 && compareBytes(key, second.key) < 0 && second.index === first!.index + 1;
  if (order < 0) return first!.index === first!.count - 1;
  return order > 0 && first!.index === 0;
}

/** The proof for a key, from all entries of the state, ascending by key, and the hashes of their leaves. */
export function proveState({ entries, leaves }: Pick<KeyValueState, 'entries' | 'leaves'>, key: Uint8Array): StateProofBody {
  const { index, found } = placeOf(entries, key);
  const count = entries.length;
  const indices = found ? [index] : [index - 1, index].filter((at) => at >= 0 && at < count);
  return { present: found, leaves: indices.map((at) => ({ index: at, count, key: entries[at]!.key, value: entries[at]!.value, path: treePath(leaves, at) })) };
}
