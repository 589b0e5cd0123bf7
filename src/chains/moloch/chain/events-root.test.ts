import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { checkEventProof, eventsRoot, proveEvent } from './events-root.ts';
import { hashPair } from './hash.ts';

const ids = molochVectors.events.map(({ id }) => id);

describe('vectors: eventsRoots', () => {
  it.each(molochVectors.eventsRoots)('$n events: root and proofs', ({ n, root, proofs }) => {
    expect(eventsRoot(ids.slice(0, n))).toBe(root);
    for (const { index, siblings } of proofs) {
      expect(proveEvent(ids.slice(0, n), index)).toEqual(siblings);
      expect(checkEventProof({ id: ids[index]!, index, siblings }, { eventsRoot: root, eventsCount: n })).toBeUndefined();
    }
  });

  it('hole 8, paddingIndexOutOfRange: an index of the padding is refused, though the hashes fit', () => {
    const { event, index, n, root, siblings } = molochVectors.paddingIndexOutOfRange;
    expect(checkEventProof({ id: event, index, siblings }, { eventsRoot: root, eventsCount: 8 })).toBeUndefined();
    expect(checkEventProof({ id: event, index, siblings }, { eventsRoot: root, eventsCount: n })?.code).toBe('event-index');
  });

  it('a node is no leaf: a proof that is shorter or longer than the count asks for is refused', () => {
    const [a, b, c, d] = ids as [string, string, string, string];
    const header = { eventsRoot: eventsRoot([a, b, c, d]), eventsCount: 4 };
    expect(checkEventProof({ id: hashPair(a, b), index: 0, siblings: [hashPair(c, d)] }, header)?.code).toBe('event-siblings');
    expect(checkEventProof({ id: a, index: 0, siblings: [b, hashPair(c, d), a] }, header)?.code).toBe('event-siblings');
  });

  it('a proof holds at its own index alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), (count, at, other) => {
        const all = ids.slice(0, count);
        const index = at % count;
        const header = { eventsRoot: eventsRoot(all), eventsCount: count };
        const proof = { id: all[index]!, index, siblings: proveEvent(all, index) };
        expect(checkEventProof(proof, header)).toBeUndefined();
        const elsewhere = other % 64;
        expect(checkEventProof({ ...proof, index: elsewhere }, header) === undefined).toBe(elsewhere === index);
        for (const i of proof.siblings.keys()) expect(checkEventProof({ ...proof, siblings: proof.siblings.with(i, '00'.repeat(32)) }, header)?.code).toBe('events-root');
        expect(checkEventProof({ ...proof, id: '11'.repeat(32) }, header)?.code).toBe('events-root');
      }),
    );
  });

  it('no event is in a block without events', () => {
    expect(checkEventProof({ id: ids[0]!, index: 0, siblings: [] }, { eventsRoot: eventsRoot([]), eventsCount: 0 })?.code).toBe('event-index');
  });
});
