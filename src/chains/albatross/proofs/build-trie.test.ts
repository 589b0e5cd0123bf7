import { describe, expect, it } from 'vitest';
import { recording } from '../../../../test/support/node-recordings.ts';
import { walletTrie } from '../../../../test/support/wallet-proofs.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decode } from '../../../base/postcard/codec.ts';
import { responseMessage } from '../wire/exchange.ts';
import { proofRequests } from '../wire/proof-requests.ts';
import type { TrieProof } from '../wire/trie.ts';
import { buildTrie, emptyTrie, proveTrie, trieWith } from './build-trie.ts';
import type { Trie } from './build-trie.ts';
import { trieNodeHash } from './trie-hash.ts';

const { stateRoot, entries, exchanges } = walletTrie();
const values = entries.map(([key, value]) => [key, fromHex(value)] as const);

function proofIn(response: string): TrieProof {
  const answer = decode(responseMessage(proofRequests['2.x']['trie-proof']), fromHex(response));
  if (!answer.ok || !answer.value.ok) throw new Error('refused');
  return answer.value.value.proof;
}

describe('a trie', () => {
  it('has the root that the official client accepted', () => {
    expect(buildTrie(values).hash).toBe(stateRoot);
    expect(buildTrie(values.toReversed()).hash).toBe(stateRoot);
  });

  it('grown value by value has the same root, and shrunk again is empty', () => {
    let trie = emptyTrie;
    for (const [key, value] of values) trie = trieWith(trie, [[key, Uint8Array.of(1, 2, 3)], [key, value]]);
    expect(trie.hash).toBe(stateRoot);
    for (const [key] of values) trie = trieWith(trie, [[key, undefined]]);
    expect(trie).toMatchObject({ key: '', value: undefined, hash: emptyTrie.hash });
    expect(trie.children.filter((child) => child !== undefined)).toEqual([]);
  });

  it('shares what did not change, and stays as it was', () => {
    const trie = buildTrie(values);
    const [key] = values[0] ?? [''];
    const other = trieWith(trie, [[key, Uint8Array.of(0)]]);
    expect(other.hash).not.toBe(stateRoot);
    expect(trie.hash).toBe(stateRoot);
    expect(other.children.filter((child, at) => child !== trie.children[at])).toHaveLength(1);
    expect(trieWith(trie, [['77'.repeat(20), undefined]]).hash).toBe(stateRoot);
    expect(trieWith(trie, [])).toBe(trie);
  });

  it.each(exchanges.map((exchange) => [exchange.name, exchange] as const))('is proven as the official client accepted it: %s', (_, { keys, response }) => {
    expect(proveTrie(buildTrie(values), keys)).toEqual(proofIn(response));
  });
});

it("nodes of a real node's proofs have the hashes that their parents and the header name", () => {
  const { proofs, head } = recording('trie-proofs');
  for (const { response } of proofs) {
    const { nodes } = proofIn(response);
    const named = new Map(nodes.flatMap(({ key, children }) => children.flatMap((child) => (child ? [[key + child.suffix, child.hash] as const] : []))));
    named.set('', head.stateRoot);
    expect(nodes.map(trieNodeHash)).toEqual(nodes.map(({ key }) => named.get(key)));
  }
});

it("a real node's proofs are ours, made of what its proofs together show of its trie", () => {
  const { proofs, head } = recording('trie-proofs');
  const shown = new Map(proofs.flatMap(({ response }) => proofIn(response).nodes.map((node) => [node.key, node] as const)));
  const values = new Map(proofs.flatMap(({ keys }) => keys.map(({ key, value }) => [key, value === null ? undefined : fromHex(value)] as const)));
  const trieAt = (key: string, hash: string): Trie => {
    const children = shown.get(key)?.children ?? Array.from({ length: 16 }, () => undefined);
    return { key, value: values.get(key), children: children.map((child) => child && trieAt(key + child.suffix, child.hash)), hash };
  };
  const trie = trieAt('', head.stateRoot);
  for (const { keys, response } of proofs) expect(proveTrie(trie, keys.map(({ key }) => key))).toEqual(proofIn(response));
});
