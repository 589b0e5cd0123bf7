import { describe, expect, it } from 'vitest';
import { fuzzedWith, codesOf } from '../../../../test/support/stacks-fuzz.ts';
import { headerOfBlock, madeProofs, recordedProofs } from '../../../../test/support/stacks-proof-vectors.ts';
import type { RecordedProof } from '../../../../test/support/stacks-proof-vectors.ts';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { concatBytes, toHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { decodeMarfProof, encodeMarfProof } from '../wire/marf-proof.ts';
import type { MarfEntry, MarfNode } from '../wire/marf-proof.ts';
import { idAndRootOf } from './block-root.ts';
import { pathOfKey } from './marf-hash.ts';
import { blocksOfProof } from './marf-segments.ts';
import { verifyMarfProof } from './verify-marf-proof.ts';
import type { MarfClaim } from './verify-marf-proof.ts';

const all = [...recordedProofs, ...madeProofs];
const rootOfBlock = (block: Hash) => {
  const header = headerOfBlock(block);
  const found = header && idAndRootOf(header);
  return found?.id === block ? found.stateRoot : undefined;
};
const verify = ({ key, value, root, bytes }: RecordedProof, changed: Partial<MarfClaim> = {}, entries = decodeMarfProof(bytes)) => verifyMarfProof(entries, { key, value, root, rootOfBlock, ...changed });
/** The verdict's code, or that of the decoder. */
const codeOf = (proof: RecordedProof, bytes: Uint8Array): string | undefined => {
  let code: string | undefined;
  const decoding = codesOf((it) => {
    const verdict = verify(proof, {}, decodeMarfProof(it));
    code = verdict.ok ? undefined : verdict.code;
  }, bytes);
  return decoding ?? code;
};

describe('MARF proofs of the original code', () => {
  it.each(all.map((proof) => [proof.name, proof] as const))('%s', (_, proof) => {
    const entries = decodeMarfProof(proof.bytes);
    expect(toHex(encodeMarfProof(entries))).toBe(toHex(proof.bytes));
    const verdict = verify(proof);
    expect(verdict).toMatchObject({ ok: true });
    const hops = proof.hops.map(({ block, root, intermediate }) => ({ block, root, between: intermediate }));
    const known = proof.segments > 0 ? { path: proof.path, hops, blocks: hops.map(({ block }) => block), segments: hops.length + 1 } : {};
    expect({ path: toHex(pathOfKey(proof.key)), hops: verdict.ok && verdict.hops, blocks: blocksOfProof(entries), segments: proof.segments }).toMatchObject(known);
  });

  it('there are some of one to four segments, and some over blocks of epoch 2.x', () => {
    expect([...new Set(all.map(({ segments }) => segments))].toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(all.some(({ hops }) => hops.some(({ block }) => headerOfBlock(block)?.consensusHash !== undefined))).toBe(true);
  });

  it('are refused for another key, value or root, without the header of a block, and with another root in it', () => {
    for (const proof of all) {
      expect(verify(proof, { key: `${proof.key}0` })).toEqual({ ok: false, code: 'path' });
      expect(verify(proof, { value: `${proof.value}0` })).toEqual({ ok: false, code: 'value' });
      expect(verify(proof, { root: proof.root.replace(/^./u, (digit) => (digit === '0' ? '1' : '0')) })).toEqual({ ok: false, code: 'root' });
    }
    for (const proof of all.filter(({ hops }) => hops.length > 0)) {
      for (const { block } of proof.hops) {
        expect(verify(proof, { rootOfBlock: (id) => (id === block ? undefined : rootOfBlock(id)) })).toEqual({ ok: false, code: 'header' });
        expect(verify(proof, { rootOfBlock: (id) => (id === block ? '0'.repeat(64) : rootOfBlock(id)) })).toEqual({ ok: false, code: 'block-root' });
      }
    }
  });

  it('cut, with a byte more, or with any bit flipped, they are refused', () => {
    // The long variant flips every byte of one proof of each number of segments: some minutes. All proofs would take an hour, and go through the same code.
    const whole = new Set(runs(0, 1).numRuns === 1 ? [0, 1, 2, 3, 4].map((segments) => all.find((proof) => proof.segments === segments)) : []);
    const codes = new Set<string | undefined>();
    for (const [i, proof] of all.entries()) {
      const long = whole.has(proof);
      const { bytes } = proof;
      expect(codeOf(proof, concatBytes(bytes, Uint8Array.of(0)))).toBe('trailing');
      for (let length = i; length < bytes.length; length += long ? 1 : 2999) expect(codeOf(proof, bytes.slice(0, length))).toBeDefined();
      // Everything outside the large root nodes, and a sample of these.
      for (let at = 0; at < bytes.length; at += long ? 1 : at < 300 ? 7 : 1613) {
        const code = codeOf(proof, bytes.with(at, bytes[at]! ^ (1 << (at % 8))));
        expect([at, code === undefined]).toEqual([at, false]);
        codes.add(code);
      }
    }
    for (const code of ['value', 'path', 'slot', 'root', 'pointer', 'size']) expect([code, codes.has(code)]).toEqual([code, true]);
  }, longTimeout);

  it('damaged or random bytes throw nothing but coded errors', () => {
    const { numRuns } = runs(300, 1_000_000);
    const [small] = [...all].sort((a, b) => a.bytes.length - b.bytes.length);
    const codes = fuzzedWith((bytes) => verify(small!, {}, decodeMarfProof(bytes)), small!.bytes, numRuns);
    expect(codes.has('truncated')).toBe(true);
  }, longTimeout);
});

describe('what an entry may be', () => {
  const one = all.find(({ segments }) => segments === 1)!;
  const three = all.find(({ segments }) => segments === 3)!;
  const code = (proof: RecordedProof, change: (entries: readonly MarfEntry[]) => readonly MarfEntry[]) => {
    const verdict = verify(proof, {}, change(decodeMarfProof(proof.bytes)));
    return verdict.ok ? undefined : verdict.code;
  };
  const inNode = (entries: readonly MarfEntry[], at: number, change: (node: MarfNode) => Partial<MarfNode>) => entries.map((entry, i) => (i === at && entry.kind === 'node' ? { ...entry, ...change(entry) } : entry));

  it('a leaf, nodes up to a root of 256 slots, shunts, and so on; nothing is left over', () => {
    expect(code(one, () => [])).toBe('shape');
    expect(code(one, (entries) => entries.slice(1))).toBe('shape');
    expect(code(one, (entries) => entries.slice(0, 1))).toBe('shape');
    expect(code(one, (entries) => entries.slice(0, -1))).toBe('shape');
    expect(code(one, (entries) => [entries[0]!, entries.at(-1)!])).toBe('shape');
    expect(code(one, (entries) => [...entries, entries.at(-1)!])).toBe('shape');
    expect(code(one, (entries) => [...entries, entries[0]!])).toBe('shape');
    expect(code(one, (entries) => [...entries, entries[1]!])).toBe('shape');
    expect(code(one, (entries) => [...entries.slice(0, 1), ...entries])).toBe('shape');
    expect(code(three, (entries) => [...entries, ...entries.slice(1)])).toBe('pointer');
    expect(code(one, (entries) => [...entries, ...Array.from({ length: 65 }, () => entries.slice(1)).flat()])).toBe('hops');
  });

  it('exactly one slot leads on, to a child of the right kind', () => {
    expect(code(one, (entries) => inNode(entries, 1, ({ pointers, chr }) => ({ pointers: pointers.map((pointer) => (pointer.id === 0 ? { ...pointer, id: 1, chr } : pointer)) })))).toBe('slot');
    expect(code(one, (entries) => inNode(entries, 1, ({ pointers }) => ({ pointers: pointers.map((pointer) => ({ ...pointer, id: 0 })) })))).toBe('slot');
    expect(code(one, (entries) => inNode(entries, 1, ({ pointers }) => ({ pointers: pointers.map((pointer) => ({ ...pointer, id: 1, chr: 7 })) })))).toBe('slot');
    expect(code(one, (entries) => inNode(entries, 1, ({ pointers, chr }) => ({ pointers: pointers.map((pointer) => (pointer.chr === chr && pointer.id > 0 ? { ...pointer, id: 3 } : pointer)) })))).toBe('pointer');
    const junction = decodeMarfProof(three.bytes).findIndex((entry, i, entries) => entry.kind === 'node' && entries[i - 1]!.kind === 'shunt');
    expect(code(three, (entries) => inNode(entries, junction, ({ pointers, chr }) => ({ pointers: pointers.map((pointer) => (pointer.chr === chr ? { ...pointer, id: pointer.id & 0x7f } : pointer)) })))).toBe('pointer');
  });

  it('ancestors are put in where the list has a place', () => {
    const last = (index: number) => (entries: readonly MarfEntry[]) => entries.map((entry, i) => (i === entries.length - 1 && entry.kind === 'shunt' ? { ...entry, index } : entry));
    expect(code(one, last(1))).toBe('shunt');
    expect(code(three, last(0))).toBe('shunt');
    expect(code(three, last(50))).toBe('shunt');
    const between = all.find(({ hops }) => hops[0] && hops[0].intermediate > 0)!;
    const first = (index: number) => (entries: readonly MarfEntry[]) => {
      const at = entries.findIndex((entry) => entry.kind === 'shunt' && entry.index > 0);
      return entries.map((entry, i) => (i === at && entry.kind === 'shunt' ? { ...entry, index } : entry));
    };
    expect(code(between, first(1))).toBe('shunt');
    expect(code(between, first(50))).toBe('shunt');
  });
});
