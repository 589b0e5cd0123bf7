import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import type { Hash } from '../../src/base/hash.ts';
import { blocksOfProof } from '../../src/chains/stacks/proofs/marf-segments.ts';
import { verifyMarfProof } from '../../src/chains/stacks/proofs/verify-marf-proof.ts';
import { decodeMarfProof, encodeMarfProof } from '../../src/chains/stacks/wire/marf-proof.ts';
import { sha512_256 } from '../../src/crypto/sha512-256.ts';
import { longTimeout, runs } from '../../test/support/runs.ts';
import { MarfDraft } from './marf-trie.ts';
import type { MarfBlock } from './marf-trie.ts';
import { proveKey } from './prove-key.ts';

/** Builds blocks, remembers the roots by id, and what each state has. */
class History {
  readonly blocks: MarfBlock[] = [];
  readonly states: ReadonlyMap<string, string>[] = [];
  readonly roots = new Map<Hash, Hash>();

  add(writes: readonly (readonly [string, string])[], parent?: number): number {
    const draft = new MarfDraft(parent === undefined ? undefined : this.blocks[parent]);
    for (const [key, value] of writes) draft.put(key, value);
    const block = draft.seal((stateRoot) => toHex(sha512_256(fromHex(`${stateRoot}${this.blocks.length.toString(16).padStart(8, '0')}`))));
    this.roots.set(block.id, block.stateRoot);
    this.states.push(new Map([...(parent === undefined ? [] : this.states[parent]!), ...writes]));
    return this.blocks.push(block) - 1;
  }

  verdict(at: number, key: string, changed: { readonly value?: string; readonly key?: string } = {}) {
    const proven = proveKey(this.blocks[at]!, key);
    if (!proven) return undefined;
    const proof = decodeMarfProof(encodeMarfProof(proven.proof));
    return verifyMarfProof(proof, { key, value: this.states[at]!.get(key)!, root: this.blocks[at]!.stateRoot, rootOfBlock: (block) => this.roots.get(block), ...changed });
  }
}

const writesOf = (block: number, count: number) => Array.from({ length: count }, (_, i) => [`key ${block} ${i}`, `value ${block} ${i}`] as const);

describe('the trie of a local chain', () => {
  it('a key has one segment at the block that wrote it, and its proof names that block later', () => {
    const history = new History();
    history.add(writesOf(0, 300));
    for (let block = 1; block < 40; block += 1) history.add(writesOf(block, 5), block - 1);
    expect(history.verdict(20, 'key 20 3')).toEqual({ ok: true, hops: [] });
    const { id, stateRoot } = history.blocks[20]!;
    for (let later = 21; later < 40; later += 1) {
      const verdict = history.verdict(later, 'key 20 3');
      expect(verdict).toMatchObject({ ok: true });
      expect(verdict?.ok && verdict.hops[0]).toMatchObject({ block: id, root: stateRoot });
    }
    expect(blocksOfProof(proveKey(history.blocks[21]!, 'key 20 3')!.proof)).toEqual([id]);
    expect(proveKey(history.blocks[39]!, 'key 99 0')).toBeUndefined();
  });

  it('nodes grow from 4 to 16, 48 and 256 children, and paths that they share are split', () => {
    const history = new History();
    history.add(writesOf(0, 6000));
    const ids = new Set<number>();
    for (let i = 0; i < 6000; i += 61) {
      for (const entry of proveKey(history.blocks[0]!, `key 0 ${i}`)!.proof) ids.add(entry.kind === 'node' ? entry.id : 0);
      expect(history.verdict(0, `key 0 ${i}`)).toEqual({ ok: true, hops: [] });
    }
    expect([...ids].toSorted()).toEqual([0, 2, 3, 4, 5]);
  });

  it('of any history, with forks: every key of every state is proven there, with its value and no other', () => {
    const block = fc.record({ back: fc.nat(3), writes: fc.array(fc.tuple(fc.nat(60).map((n) => `k${n}`), fc.nat(9).map((n) => `v${n}`)), { maxLength: 12 }) });
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 40 }), fc.nat(), (blocks, chosen) => {
        const history = new History();
        for (const [i, { back, writes }] of blocks.entries()) history.add(writes, i === 0 ? undefined : Math.max(0, i - 1 - (back === 3 ? 2 : 0)));
        const at = chosen % blocks.length;
        for (const [key, value] of history.states[at]!) {
          expect(history.verdict(at, key)).toMatchObject({ ok: true });
          expect(proveKey(history.blocks[at]!, key)!.value).toBe(value);
          expect(history.verdict(at, key, { value: `${value}x` })).toEqual({ ok: false, code: 'value' });
          expect(history.verdict(at, key, { key: `${key}x` })).toEqual({ ok: false, code: 'path' });
        }
      }),
      runs(25, 5000),
    );
  }, longTimeout);

  it('an old value is refused under a new root: the newer trie does not lead to it', () => {
    const history = new History();
    history.add(writesOf(0, 50));
    history.add([['key 0 7', 'newer']], 0);
    history.add(writesOf(2, 3), 1);
    const old = proveKey(history.blocks[0]!, 'key 0 7')!;
    const claim = { key: 'key 0 7', value: 'value 0 7', rootOfBlock: (block: Hash) => history.roots.get(block) };
    expect(verifyMarfProof(old.proof, { ...claim, root: history.blocks[0]!.stateRoot })).toMatchObject({ ok: true });
    expect(verifyMarfProof(old.proof, { ...claim, root: history.blocks[2]!.stateRoot })).toEqual({ ok: false, code: 'root' });
    // The upper segments of a key that is still where it was do not carry the old leaf.
    const other = proveKey(history.blocks[2]!, 'key 0 8')!.proof;
    const upper = other.slice(other.findIndex(({ kind }) => kind === 'shunt') + 1);
    expect(verifyMarfProof([...old.proof, ...upper], { ...claim, root: history.blocks[2]!.stateRoot }).ok).toBe(false);
  });
});
