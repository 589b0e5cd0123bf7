import { describe, expect, it } from 'vitest';
import { Emitter } from './emitter.ts';

interface Events {
  count: number;
  text: string;
}

describe('Emitter', () => {
  it('calls the listeners of an event in their order, until they are removed', () => {
    const emitter = new Emitter<Events>();
    const seen: string[] = [];
    emitter.on('count', (value) => seen.push(`a${value}`));
    const remove = emitter.on('count', (value) => seen.push(`b${value}`));
    emitter.on('text', (value) => seen.push(value));
    emitter.emit('count', 1);
    remove();
    emitter.emit('count', 2);
    emitter.emit('text', 'c');
    expect(seen).toEqual(['a1', 'b1', 'a2', 'c']);
  });

  it('lets a listener add and remove listeners while it is called', () => {
    const emitter = new Emitter<Events>();
    const seen: string[] = [];
    const remove = emitter.on('count', () => {
      remove();
      emitter.on('count', () => seen.push('late'));
    });
    emitter.on('count', () => seen.push('second'));
    emitter.emit('count', 1);
    expect(seen).toEqual(['second']);
    emitter.emit('count', 2);
    expect(seen).toEqual(['second', 'second', 'late']);
  });

  it('throws the first error after all listeners have run', () => {
    const emitter = new Emitter<Events>();
    const seen: number[] = [];
    for (const text of ['first', 'second']) {
      emitter.on('count', () => {
        throw new Error(text);
      });
    }
    emitter.on('count', (value) => seen.push(value));
    expect(() => emitter.emit('count', 1)).toThrow('first');
    expect(seen).toEqual([1]);
  });

  it('gives the first error, even if it is undefined, to `failed` instead', () => {
    const failures: unknown[] = [];
    const emitter = new Emitter<Events>((error, name) => failures.push([name, error]));
    for (const error of [undefined, new Error('second')]) {
      emitter.on('text', () => {
        // oxlint-disable-next-line only-throw-error
        throw error;
      });
    }
    emitter.emit('text', '');
    expect(failures).toEqual([['text', undefined]]);
  });
});
