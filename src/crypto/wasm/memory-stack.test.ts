import { describe, expect, it } from 'vitest';
import { ElementStore } from './element-store.ts';
import { ARENA_START, ELEMENT_BYTES, MAX_PAGES } from './field-layout.ts';
import { MemoryStack } from './memory-stack.ts';

const PAGE = 65_536;
const stackOf = (maximum = 4) => new MemoryStack(new WebAssembly.Memory({ initial: ARENA_START / PAGE, maximum }));

function push(stack: MemoryStack, value: number): number {
  const element = stack.push();
  stack.doubles.fill(value, element / 8, (element + ELEMENT_BYTES) / 8);
  return element;
}

function valueOf(stack: MemoryStack, element: number): number {
  const [first, ...rest] = stack.doubles.subarray(element / 8, (element + ELEMENT_BYTES) / 8);
  return rest.every((value) => value === first) ? first! : Number.NaN;
}

describe('the stack of elements', () => {
  it('keeps the elements it is told to, in any order, also older ones and the same one twice', () => {
    const stack = stackOf();
    const old = push(stack, 1);
    const mark = stack.mark();
    const made = Array.from({ length: 6 }, (_, i) => push(stack, 10 + i));
    const kept = stack.release(mark, [made[5]!, old, made[1]!, made[5]!, made[2]!]);
    expect(kept.map((element) => valueOf(stack, element))).toEqual([15, 1, 11, 15, 12]);
    expect(kept[0]).toBe(kept[3]);
    expect(stack.mark()).toBe(mark + 3 * ELEMENT_BYTES);
    expect(stack.release(mark, [])).toEqual([]);
    expect(stack.mark()).toBe(mark);
  });

  it('grows without loss, up to its bound, and still works after that', () => {
    const stack = new MemoryStack(new WebAssembly.Memory({ initial: ARENA_START / PAGE, maximum: MAX_PAGES }));
    const mark = stack.mark();
    const first = push(stack, 7);
    expect(() => {
      for (;;) stack.push();
    }).toThrow(expect.objectContaining({ name: 'FmaMemoryError', code: 'out-of-memory' }));
    expect(stack.mark() - ARENA_START).toBe(Math.floor((MAX_PAGES * PAGE - ARENA_START) / ELEMENT_BYTES) * ELEMENT_BYTES);
    expect(valueOf(stack, first)).toBe(7);
    stack.release(mark, []);
    expect(valueOf(stack, push(stack, 8))).toBe(8);
  });

  it('has stores that outlive its releases', () => {
    const stack = stackOf();
    const store = new ElementStore(stack, 1);
    const mark = stack.mark();
    for (let i = 0; i < 5; i++) store.push(push(stack, i));
    stack.release(mark, []);
    push(stack, 99);
    expect(store.length).toBe(5);
    for (let i = 0; i < 5; i++) {
      const element = store.get(i);
      // The fourth number of each group is no coefficient.
      expect([...stack.doubles.subarray(element / 8, (element + ELEMENT_BYTES) / 8)]).toEqual(Array.from({ length: ELEMENT_BYTES / 8 }, (_, k) => (k % 4 === 3 ? 0 : i)));
    }
  });
});
