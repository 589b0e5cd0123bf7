import { toHex } from '../../../base/bytes.ts';
import { encode } from '../../../base/postcard/codec.ts';
import type { Hash } from '../../../base/hash.ts';
import { blake2b } from '../../../crypto/blake2b.ts';
import { trieProofNode } from '../wire/trie.ts';
import type { TrieProofNode } from '../wire/trie.ts';

/**
 * The hash by which the parent, or a header's `stateRoot`, names a node: Blake2b over the node as on the wire, where the value of a node
 * with children is replaced by its own Blake2b hash. So a proof can show such a node without its value. Albatross proofs reference, 2.1.
 * Throws `EncodeError` for a node that has no encoding.
 */
export function trieNodeHash(node: TrieProofNode): Hash {
  const { value } = node;
  const hashed: TrieProofNode = value.type === 'hybrid-value' ? { ...node, value: { type: 'hybrid-hash', hash: toHex(blake2b(value.value)) } } : node;
  return toHex(blake2b(encode(trieProofNode, hashed)));
}
