import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodedIf, someBits, withFlippedBit } from '../../../../test/support/decoded-if.ts';
import { recording } from '../../../../test/support/node-recordings.ts';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { walletTrie } from '../../../../test/support/wallet-proofs.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import { responseMessage } from '../wire/exchange.ts';
import { proofRequests } from '../wire/proof-requests.ts';
import { trieProof } from '../wire/trie.ts';
import type { KeyNibbles, TrieChild, TrieProof, TrieProofNode } from '../wire/trie.ts';
import { buildTrie, proveTrie } from './build-trie.ts';
import { ProofError } from './proof-error.ts';
import type { ProofErrorCode } from './proof-error.ts';
import { trieNodeHash } from './trie-hash.ts';
import { verifyTrieProof } from './verify-trie-proof.ts';

interface Case {
  readonly name: string;
  readonly proof: TrieProof;
  readonly keys: readonly KeyNibbles[];
  readonly root: string;
  readonly values: ReadonlyMap<KeyNibbles, string | undefined>;
}

function proofIn(response: string): TrieProof {
  const answer = decode(responseMessage(proofRequests['2.x']['trie-proof']), fromHex(response));
  if (!answer.ok || !answer.value.ok) throw new Error('refused');
  return answer.value.value.proof;
}

const wallet = walletTrie();
const walletValues = new Map(wallet.entries);
const recorded: readonly Case[] = [
  ...recording('trie-proofs').proofs.map(({ keys, response, stateRoot }, index): Case => ({
    name: `node ${index}, ${keys[0]?.name}`, proof: proofIn(response), keys: keys.map(({ key }) => key), root: stateRoot,
    values: new Map(keys.map(({ key, value }) => [key, value ?? undefined])),
  })),
  ...wallet.exchanges.map(({ name, keys, response }): Case => ({
    name: `wallet ${name}`, proof: proofIn(response), keys, root: wallet.stateRoot, values: new Map(keys.map((key) => [key, walletValues.get(key)])),
  })),
];

/** The values in hex, or the code of the refusal. */
function outcome(proof: TrieProof, keys: readonly KeyNibbles[], root: string): ReadonlyMap<KeyNibbles, string | undefined> | ProofErrorCode {
  try {
    return new Map([...verifyTrieProof(proof, keys, root)].map(([key, value]) => [key, value && toHex(value)]));
  } catch (error) {
    if (error instanceof ProofError) return error.code;
    throw error;
  }
}

/** The first two children in each other's place, and with each other's hash. */
function swaps({ children }: TrieProofNode): TrieProofNode['children'][] {
  const [first, second] = children.flatMap((child, place) => (child ? [{ child, place }] : []));
  if (first === undefined || second === undefined) return [];
  const put = (one: TrieChild, other: TrieChild): TrieProofNode['children'] => children.with(first.place, one).with(second.place, other);
  return [put(second.child, first.child), put({ ...first.child, hash: second.child.hash }, { ...second.child, hash: first.child.hash })];
}

describe.each(recorded.map((each) => [each.name, each] as const))('A4: %s', (_, { proof, keys, root, values }) => {
  it('is accepted', () => {
    expect(outcome(proof, keys, root)).toEqual(values);
    expect(outcome(proof, [...keys, ...keys], root)).toEqual(values);
  });

  it('is refused with one flipped bit', () => {
    const bytes = encode(trieProof, proof);
    // Long proofs are damaged only at some of their bits.
    for (const bit of someBits(bytes, 100)) {
      const damaged = decodedIf(trieProof, withFlippedBit(bytes, bit));
      expect(damaged === undefined ? 'undecodable' : outcome(damaged, keys, root)).toBeTypeOf('string');
    }
  });

  it('is refused with two children swapped, with a node left out, or with nodes in another order', () => {
    for (const [at, node] of proof.nodes.entries()) {
      for (const children of swaps(node)) expect(outcome({ ...proof, nodes: proof.nodes.with(at, { ...node, children }) }, keys, root)).toBeTypeOf('string');
      expect(outcome({ ...proof, nodes: proof.nodes.toSpliced(at, 1) }, keys, root)).toBeTypeOf('string');
      expect(outcome({ ...proof, nodes: [...proof.nodes.toSpliced(at, 1), node] }, keys, root)).toEqual(at === proof.nodes.length - 1 ? values : 'unlinked-node');
    }
  });

  it('is refused for other keys, and for another root', () => {
    const sorted = (each: Case): string => [each.root, ...each.keys.toSorted()].join();
    const others = recorded.filter((other) => sorted(other) !== sorted({ name: '', proof, keys, root, values }));
    for (const other of others) expect(outcome(other.proof, keys, root)).toBeTypeOf('string');
    expect(outcome(proof, keys, root.replace(/^./u, (digit) => (digit === '0' ? '1' : '0')))).toBe('wrong-root');
  });
});

const leafNode = (key: KeyNibbles, value = Uint8Array.of(1)): TrieProofNode => ({ key, value: { type: 'leaf', value }, children: Array.from({ length: 16 }, () => undefined) });
const branch = (key: KeyNibbles, below: readonly TrieProofNode[], value: TrieProofNode['value'] = { type: 'none' }): TrieProofNode => ({
  key, value,
  children: Array.from({ length: 16 }, (_, nibble) => {
    const child = below.find((each) => each.key.charAt(key.length) === nibble.toString(16));
    return child && { suffix: child.key.slice(key.length), hash: trieNodeHash(child) };
  }),
});

describe('every refusal', () => {
  const a = leafNode('a1');
  const b = leafNode('b2');
  const root = branch('', [a, b]);
  const state = trieNodeHash(root);
  const hybrid = branch('a1', [leafNode('a1c')], { type: 'hybrid-value', value: Uint8Array.of(2) });
  const hidden: TrieProofNode = { ...hybrid, value: { type: 'hybrid-hash', hash: '00'.repeat(32) } };
  const none: TrieProof['missingProvenBy'] = [];
  const odd = (child: TrieProofNode['children'][number]): TrieProofNode => ({ ...root, children: root.children.with(3, child) });

  const refusals: readonly (readonly [code: ProofErrorCode, what: string, nodes: readonly TrieProofNode[], absences: TrieProof['missingProvenBy'], keys: readonly KeyNibbles[], stateRoot?: string])[] = [
    ['no-nodes', 'an empty proof', [], none, ['a1']],
    ['too-many-nodes', 'more nodes than keys need', Array.from({ length: 84 }, () => a), none, ['a1']],
    ['too-many-nodes', 'no keys', [root], none, []],
    ['duplicate-node', 'a leaf twice', [a, a, root], none, ['a1']],
    ['unneeded-node', 'a leaf nobody asked for', [a, b, root], none, ['b2']],
    ['bad-child', 'a child without suffix', [odd({ suffix: '', hash: state })], none, ['a1']],
    ['bad-child', "a child in another nibble's place", [odd({ suffix: '4', hash: state })], none, ['a1']],
    ['bad-child', 'a child with a key that is too long', [odd({ suffix: `3${'0'.repeat(82)}`, hash: state })], none, ['a1']],
    ['wrong-value-kind', 'a leaf with children', [{ ...root, value: { type: 'leaf', value: Uint8Array.of(1) } }], none, ['a1']],
    ['wrong-value-kind', 'a hybrid value without children', [{ ...a, value: { type: 'hybrid-value', value: Uint8Array.of(1) } }, root], none, ['a1']],
    ['unlinked-node', 'a leaf without root', [a], none, ['a1']],
    ['unlinked-node', 'the root before the leaf', [root, a], none, ['a1']],
    ['unlinked-node', 'a root that does not name the leaf', [a, branch('', [b])], none, ['a1'], trieNodeHash(branch('', [b]))],
    ['unlinked-node', 'a root that names another key', [a, branch('', [leafNode('a2'), b])], none, ['a1'], trieNodeHash(branch('', [leafNode('a2'), b]))],
    ['wrong-node-hash', 'another value', [leafNode('a1', Uint8Array.of(2)), root], none, ['a1']],
    ['wrong-root', 'another tree', [a, branch('', [a])], none, ['a1']],
    ['key-not-proven', 'nothing about a key', [a, root], none, ['a1', 'b2']],
    ['key-not-proven', 'absence by a node that is not there', [root], [{ key: 'c3', provenBy: 'c' }], ['c3']],
    ['value-hidden', 'only the hash of the value', [hidden, branch('', [hidden])], none, ['a1'], trieNodeHash(branch('', [hidden]))],
    ['unasked-value', 'the value of a node on the way', [hybrid, branch('', [hybrid])], [{ key: 'a1d', provenBy: 'a1' }], ['a1d'], trieNodeHash(branch('', [hybrid]))],
    ['unasked-absence', 'a key nobody asked for', [a, root], [{ key: 'c3', provenBy: '' }], ['a1']],
    ['duplicate-absence', 'one key twice', [root], [{ key: 'c3', provenBy: '' }, { key: 'c3', provenBy: '' }], ['c3']],
    ['not-a-prefix', 'absence by a node elsewhere', [a, root], [{ key: 'c3', provenBy: 'a1' }], ['a1', 'c3']],
    ['child-hidden', 'a key that is there, said to be absent', [root], [{ key: 'a1', provenBy: '' }], ['a1']],
    ['child-hidden', 'a key below a child, said to be absent', [root], [{ key: 'a1c', provenBy: '' }], ['a1c']],
  ];
  it.each(refusals.map((each) => [each[0], each[1], each] as const))('%s: %s', (code, _, [, , nodes, missingProvenBy, keys, stateRoot = state]) => {
    expect(outcome({ nodes, missingProvenBy }, keys, stateRoot)).toBe(code);
  });

  it('has its counterpart that is accepted', () => {
    expect(outcome({ nodes: [a, b, root], missingProvenBy: [{ key: 'c3', provenBy: '' }, { key: 'a', provenBy: '' }] }, ['a1', 'b2', 'c3', 'a'], state)).toEqual(
      new Map([['a1', '01'], ['b2', '01'], ['c3', undefined], ['a', undefined]]),
    );
    // A branch that stands exactly at the key.
    const fork = branch('a', [leafNode('a1'), leafNode('a2')]);
    expect(outcome({ nodes: [fork, branch('', [fork])], missingProvenBy: none }, ['a'], trieNodeHash(branch('', [fork])))).toEqual(new Map([['a', undefined]]));
  });
});

it('nothing can be proven to be absent below a staking contract that has nothing below it', () => {
  const contract = `${'0'.repeat(39)}1`;
  const trie = buildTrie([[contract, Uint8Array.of(3)]]);
  expect(outcome(proveTrie(trie, [`${contract}${'7'.repeat(42)}`]), [`${contract}${'7'.repeat(42)}`], trie.hash)).toBe('unasked-value');
});

/** Keys of both lengths; many part late, and the staking contract's key is a prefix of the longer ones. */
const nibble = fc.constantFrom(...'0123456789abcdef');
const staking = `${'0'.repeat(39)}1`;
const tail = (length: number) => fc.tuple(fc.integer({ min: 0, max: length }), fc.array(nibble, { minLength: length, maxLength: length })).map(([zeros, digits]) => '0'.repeat(zeros) + digits.slice(zeros).join(''));
const trieKey = fc.oneof({ weight: 6, arbitrary: tail(40) }, { weight: 1, arbitrary: fc.constant(staking) }, { weight: 3, arbitrary: tail(42).map((digits) => staking + digits) });
// Nothing can be proven to be absent below a leaf, so the staking contract always has something below it.
const entriesOf = (keys: readonly KeyNibbles[]) => [...new Set([...keys, staking, `${staking}${'7'.repeat(42)}`])].map((key, at) => [key, Uint8Array.of(at & 0xff, 1, 2)] as const);

describe('random tries', () => {
  const world = fc.record({ keys: fc.uniqueArray(trieKey, { maxLength: 40 }), absent: fc.uniqueArray(trieKey, { maxLength: 6 }), asked: fc.array(fc.nat(41), { maxLength: 12 }) });
  const expected = (entries: ReturnType<typeof entriesOf>, keys: readonly KeyNibbles[]) => {
    const all = new Map(entries.map(([key, value]) => [key, toHex(value)]));
    return new Map(keys.map((key) => [key, all.get(key)]));
  };

  it('give proofs of one key and of many, present and absent', () => {
    fc.assert(
      fc.property(world, ({ keys, absent }) => {
        const entries = entriesOf(keys);
        const trie = buildTrie(entries);
        const all = [...new Set([...entries.map(([key]) => key), ...absent])];
        expect(outcome(proveTrie(trie, all), all, trie.hash)).toEqual(expected(entries, all));
        for (const key of all) expect(outcome(proveTrie(trie, [key]), [key], trie.hash)).toEqual(expected(entries, [key]));
      }),
      runs(25, 5000),
    );
  });

  it('never give another value when a proof is changed', () => {
    const change = fc.record({ kind: fc.constantFrom('bit', 'drop', 'repeat', 'swap', 'absence', 'other'), at: fc.nat(), to: fc.nat() });
    fc.assert(
      fc.property(world, fc.array(change, { minLength: 1, maxLength: 3 }), ({ keys, absent, asked }, changes) => {
        const entries = entriesOf(keys);
        const trie = buildTrie(entries);
        const wanted = [...new Set([...asked.map((at) => (entries[at % entries.length] ?? [staking])[0]), ...absent, staking])];
        let proof = proveTrie(trie, wanted);
        for (const { kind, at, to } of changes) {
          const { nodes, missingProvenBy } = proof;
          const node = nodes[at % nodes.length];
          const other = nodes[to % nodes.length];
          if (node === undefined || other === undefined) continue;
          if (kind === 'drop') proof = { ...proof, nodes: nodes.toSpliced(at % nodes.length, 1) };
          else if (kind === 'repeat') proof = { ...proof, nodes: nodes.toSpliced(to % nodes.length, 0, node) };
          else if (kind === 'swap') proof = { ...proof, nodes: nodes.with(at % nodes.length, other).with(to % nodes.length, node) };
          else if (kind === 'absence') proof = { ...proof, missingProvenBy: [...missingProvenBy, { key: wanted[at % wanted.length] ?? '', provenBy: other.key }] };
          else if (kind === 'other') proof = { ...proof, nodes: nodes.with(at % nodes.length, { ...node, value: other.value }) };
          else {
            const bytes = encode(trieProof, proof);
            proof = decodedIf(trieProof, withFlippedBit(bytes, at % (8 * bytes.length))) ?? proof;
          }
        }
        const result = outcome(proof, wanted, trie.hash);
        // Refused, or not changed in the end.
        expect(typeof result === 'string' ? undefined : result).toEqual(typeof result === 'string' ? undefined : expected(entries, wanted));
      }),
      runs(300, 100_000),
    );
  }, longTimeout);
});
