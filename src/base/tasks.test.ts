import { describe, expect, it } from 'vitest';
import { joinSignals, Tasks } from './tasks.ts';

const untilAborted = (signal: AbortSignal) => new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));

describe('Tasks', () => {
  it('ends all tasks on stop and reports no error for them', async () => {
    const errors: unknown[] = [];
    const tasks = new Tasks((error) => errors.push(error));
    tasks.run(untilAborted);
    tasks.run(untilAborted);
    expect(tasks.size).toBe(2);
    await tasks.stop(new Error('over'));
    expect(tasks.size).toBe(0);
    expect(errors).toEqual([]);
  });

  it('reports a task that fails by itself', async () => {
    const error = new Error('broken');
    const told = new Promise<unknown>((resolve) => {
      new Tasks(resolve).run(async () => {
        throw error;
      });
    });
    expect(await told).toBe(error);
  });

  it('starts no task after stop', async () => {
    const tasks = new Tasks(() => {});
    await tasks.stop(new Error('over'));
    let ran = false;
    tasks.run(async () => {
      ran = true;
    });
    expect(ran).toBe(false);
  });
});

describe('joinSignals', () => {
  it('aborts with the first signal that aborts', () => {
    const [a, b] = [new AbortController(), new AbortController()];
    const joined = joinSignals(a.signal, undefined, b.signal);
    b.abort('b');
    a.abort('a');
    expect(joined.signal.reason).toBe('b');
  });

  it('is aborted at once when a signal already is', () => {
    expect(joinSignals(AbortSignal.abort('x')).signal.reason).toBe('x');
  });

  it('ignores its signals after release', () => {
    const controller = new AbortController();
    const joined = joinSignals(controller.signal);
    joined.release();
    controller.abort();
    expect(joined.signal.aborted).toBe(false);
  });
});
