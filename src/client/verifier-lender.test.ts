import { afterEach, expect, it, vi } from 'vitest';
import { lendVerifiers } from './verifier-lender.ts';

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

/** A worker that sends nothing by itself. */
class FakeWorker extends EventTarget {
  readonly postMessage = vi.fn<() => void>();
  readonly terminate = vi.fn<() => void>();
}

function setUp() {
  const { port1: hub, port2: page } = new MessageChannel();
  open.push(hub, page);
  const workers: FakeWorker[] = [];
  const start = () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  };
  const onFilesGone = vi.fn<() => void>();
  const lending = lendVerifiers(page, { signatures: start, zkp: start }, onFilesGone);
  const answers: { kind: string; id: number }[] = [];
  hub.addEventListener('message', ({ data }) => answers.push(data as { kind: string; id: number }));
  hub.start();
  const ask = (id: number) => hub.postMessage({ kind: 'lend-verifier', id, purpose: 'signatures' }, []);
  return { workers, onFilesGone, lending, answers, ask };
}

it('tries again after a worker that could not be loaded, and reports missing files only once', async () => {
  const { workers, onFilesGone, answers, ask, lending } = setUp();
  for (const id of [1, 2]) {
    ask(id);
    await vi.waitFor(() => expect(workers).toHaveLength(id));
    workers[id - 1]!.dispatchEvent(new Event('error'));
    await vi.waitFor(() => expect(answers.at(-1)).toMatchObject({ kind: 'no-verifier', id }));
  }
  expect(onFilesGone).toHaveBeenCalledTimes(1);
  ask(3);
  await vi.waitFor(() => expect(answers.at(-1)).toMatchObject({ kind: 'verifier', id: 3 }));
  lending.close();
  expect(workers[2]!.terminate).toHaveBeenCalled();
});

it('does not report missing files when a running worker fails', async () => {
  const { workers, onFilesGone, answers, ask, lending } = setUp();
  ask(1);
  await vi.waitFor(() => expect(workers).toHaveLength(1));
  workers[0]!.dispatchEvent(Object.assign(new Event('error'), { message: 'broken' }));
  await vi.waitFor(() => expect(answers.at(-1)).toMatchObject({ kind: 'no-verifier', id: 1 }));
  expect(onFilesGone).not.toHaveBeenCalled();
  lending.close();
});
