import { afterEach, describe, expect, it, vi } from 'vitest';
import { callListener } from './call-listener.ts';

afterEach(() => vi.unstubAllGlobals());

describe('calling a listener', () => {
  it('passes the arguments, and does not throw what the listener throws', () => {
    const reported: (() => void)[] = [];
    vi.stubGlobal('queueMicrotask', (task: () => void) => reported.push(task));
    const heard = vi.fn<(first: string, second: number) => void>();
    callListener(heard, 'a', 1);
    expect(heard.mock.calls).toEqual([['a', 1]]);
    expect(reported).toEqual([]);
    const broken = () => {
      throw new Error('broken');
    };
    expect(() => callListener(broken)).not.toThrow();
    expect(reported).toHaveLength(1);
    expect(() => reported[0]?.()).toThrow('broken');
  });
});
