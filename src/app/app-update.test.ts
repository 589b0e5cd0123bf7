import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchAppUpdate } from './app-update.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class FakeWorker extends EventTarget {
  readonly said: unknown[] = [];
  postMessage(message: unknown): void {
    this.said.push(message);
  }
}

class FakeRegistration extends EventTarget {
  active: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
  installing: FakeWorker | null = null;
  asked = 0;
  async update(): Promise<void> {
    this.asked++;
  }
  /** Downloads and stores a build. */
  install(): FakeWorker {
    const worker = new FakeWorker();
    this.installing = worker;
    this.dispatchEvent(new Event('updatefound'));
    this.installing = null;
    this.waiting = worker;
    worker.dispatchEvent(new Event('statechange'));
    return worker;
  }
}

async function setUp(controlled: boolean, quiet = Promise.resolve()) {
  const registration = new FakeRegistration();
  if (controlled) registration.active = new FakeWorker();
  const container = Object.assign(new EventTarget(), { controller: controlled ? {} : null, register: vi.fn<() => Promise<FakeRegistration>>(async () => registration), getRegistration: async () => registration });
  const reload = vi.fn<() => void>();
  const update = watchAppUpdate(container as unknown as ServiceWorkerContainer, reload, quiet);
  update.ready.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(0);
  return { registration, container, reload, update };
}

describe('an update of the app', () => {
  it('is checked for when the page is quiet', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { container } = await setUp(false, promise);
    expect(container.register).not.toHaveBeenCalled();
    resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(container.register).toHaveBeenCalledTimes(1);
  });

  it('is offered when it is stored, and activated when the user accepts', async () => {
    const { registration, container, reload, update } = await setUp(true);
    expect(update.ready.get()).toBe(false);
    const next = registration.install();
    expect(update.ready.get()).toBe(true);
    expect(next.said).toEqual([]);
    const applied = update.apply();
    await vi.advanceTimersByTimeAsync(0);
    expect(next.said).toEqual([{ type: 'SKIP_WAITING' }]);
    expect(reload).not.toHaveBeenCalled();
    container.dispatchEvent(new Event('controllerchange'));
    await applied;
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('reloads the page even if the new worker does not take over', async () => {
    const { registration, reload, update } = await setUp(true);
    registration.install();
    const applied = update.apply();
    await vi.advanceTimersByTimeAsync(3_000);
    await applied;
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('is offered in a tab when another tab has activated it', async () => {
    const { container, update, reload } = await setUp(true);
    container.dispatchEvent(new Event('controllerchange'));
    expect(update.ready.get()).toBe(true);
    expect(reload).not.toHaveBeenCalled();
    await update.apply();
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('is checked for every hour, and the first installed build is not an update', async () => {
    const { registration, container, update } = await setUp(false);
    registration.install();
    container.dispatchEvent(new Event('controllerchange'));
    expect(update.ready.get()).toBe(false);
    await vi.advanceTimersByTimeAsync(7_200_000);
    expect(registration.asked).toBe(2);
  });

  it('without service workers, accepting only reloads the page', async () => {
    const reload = vi.fn<() => void>();
    const update = watchAppUpdate(undefined, reload, Promise.resolve());
    expect(update.ready.get()).toBe(false);
    await update.apply();
    expect(reload).toHaveBeenCalledTimes(1);
  });
});
