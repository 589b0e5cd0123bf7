import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../../test/support/runs.ts';
import { itemOfVector } from '../../../../test/support/hotstuff2/items.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decodeOperations, encodeOperation, encodePayload } from '../wire/payload.ts';
import type { Operation } from '../wire/payload.ts';
import { decodeChunk } from '../wire/state-entry.ts';
import { KeyValueState } from './state.ts';
import { stateRoot } from './state-root.ts';

const genesisState = (run: typeof vectors.n4) => new KeyValueState(run.genesisState.map(({ key, value }) => ({ key: fromHex(key), value: fromHex(value) })));
const operation: fc.Arbitrary<Operation> = fc.record({ key: fc.uint8Array({ minLength: 1, maxLength: 2 }), value: fc.option(fc.uint8Array({ maxLength: 3 }), { nil: undefined }) }).map(({ key, value }) => (value ? { kind: 'put', key, value } : { kind: 'delete', key }));

describe('validate_state_transition and state_root: vectors', () => {
  it.each([vectors.n4, vectors.n7])('run $name: the root after every block is that of its header, and rollback leads back', (run) => {
    const state = genesisState(run);
    const items = run.blocks.map(itemOfVector);
    const undos = items.slice(1).map(({ block }) => state.applyDelta(block.payload!, block.header.stateRoot));
    expect(undos.every((undo) => typeof undo !== 'string')).toBe(true);
    for (const [i, undo] of [...undos.entries()].toReversed()) {
      expect(state.root()).toBe(items[i + 1]!.block.header.stateRoot);
      state.rollback(undo as Exclude<typeof undo, string>);
    }
    expect(state.root()).toBe(items[0]!.block.header.stateRoot);
  });

  it('the state at the height of the snapshot has the entries of its chunks', () => {
    const state = genesisState(vectors.n4);
    for (const { block, height } of vectors.n4.blocks.map(itemOfVector)) if (height > 0 && height <= vectors.snapshot.height) state.applyDelta(block.payload!, block.header.stateRoot);
    expect(state.entries).toEqual(vectors.snapshot.chunks.flatMap((chunk) => decodeChunk(fromHex(chunk))));
    expect(state.root()).toBe(vectors.snapshot.stateRoot);
  });
});

describe('validate_state_delta: each negative leaves the state as it was', () => {
  const [, block] = vectors.n4.blocks.map(itemOfVector);
  const operations = decodeOperations(block!.block.payload!);
  const more: Operation = { kind: 'put', key: Uint8Array.of(9), value: Uint8Array.of(9) };
  const two: readonly Operation[] = [{ ...more, value: Uint8Array.of(1) }, more];
  const wrong: readonly (readonly [string, readonly Operation[]])[] = [
    ['flipped value', operations.map((it) => (it.kind === 'put' ? { ...it, value: it.value.with(0, it.value[0]! ^ 1) } : it))],
    ['missing key', operations.slice(1)],
    ['extra key', [...operations, more]],
    ['deleted key', [...operations, { kind: 'delete', key: fromHex(vectors.n4.genesisState[0]!.key) }]],
  ];

  it.each(wrong)('%s', (_, changed) => {
    const state = genesisState(vectors.n4);
    const before = state.root();
    expect(state.applyDelta(encodePayload(changed.map(encodeOperation)), block!.block.header.stateRoot)).toBe('state-root');
    expect(state.root()).toBe(before);
    expect(typeof state.applyDelta(block!.block.payload!, block!.block.header.stateRoot)).toBe('object');
  });

  it('reordered operations of one key', () => {
    const state = new KeyValueState();
    const after = new KeyValueState();
    after.apply(two);
    expect(state.applyDelta(encodePayload(two.toReversed().map(encodeOperation)), after.root())).toBe('state-root');
    expect(typeof state.applyDelta(encodePayload(two.map(encodeOperation)), after.root())).toBe('object');
  });

  it('too many bytes: nothing is applied', () => {
    const state = new KeyValueState([], 20);
    const big = { kind: 'put', key: Uint8Array.of(1), value: new Uint8Array(40) } as const;
    expect(state.applyDelta(encodePayload([encodeOperation(big)]), '')).toBe('state-too-large');
    expect([state.bytes, state.entries.length, state.isTooLarge]).toEqual([0, 0, false]);
    expect(new KeyValueState([big], 20).isTooLarge).toBe(true);
  });
});

describe('state', () => {
  it('has the root of its sorted entries after any operations, and after they are turned back', () => {
    fc.assert(
      fc.property(fc.array(fc.array(operation, { maxLength: 8 }), { maxLength: 12 }), (batches) => {
        const state = new KeyValueState();
        const plain = new Map<string, { key: Uint8Array; value: Uint8Array }>();
        const steps = batches.map((batch) => {
          const before = state.root();
          for (const it of batch) {
            if (it.kind === 'put') plain.set(it.key.toString(), it);
            else plain.delete(it.key.toString());
          }
          const undo = state.apply(batch);
          const sorted = [...plain.values()].map(({ key, value }) => ({ key, value })).toSorted((a, b) => compare(a.key, b.key));
          expect(state.entries).toEqual(sorted);
          expect(state.root()).toBe(stateRoot(sorted));
          expect(state.bytes).toBe(sorted.reduce((sum, { key, value }) => sum + key.length + value.length + 6, 0));
          return { before, undo };
        });
        for (const { before, undo } of steps.toReversed()) {
          state.rollback(undo);
          expect(state.root()).toBe(before);
        }
      }),
      runs(60, 5_000),
    );
  });

  it('finds values by key', () => {
    const state = new KeyValueState([{ key: Uint8Array.of(2), value: Uint8Array.of(5) }]);
    expect(state.get(Uint8Array.of(2))).toEqual(Uint8Array.of(5));
    expect(state.get(Uint8Array.of(2, 0))).toBeUndefined();
  });
});

function compare(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}
