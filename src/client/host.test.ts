import { describe, expect, it } from 'vitest';
import { startHost } from './host.ts';

class FakeWorker extends EventTarget {
  postMessage(): void {}
  terminate(): void {}
}

const script = () => 'https://page.example/workers/hub.js';

describe('a host whose worker does not start', () => {
  it('names the script that could not be loaded', async () => {
    const worker = new FakeWorker();
    const host = startHost(() => worker as unknown as Worker, 'petrel/test', script);
    worker.dispatchEvent(new Event('error'));
    expect(await host.failed).toMatchObject({ code: 'worker-failed', data: { url: script() }, message: `worker-failed (url: ${script()})` });
  });

  it('names it if the browser refuses the constructor, too', () => {
    const refuse = () => {
      throw new TypeError('no');
    };
    expect(() => startHost(refuse, 'petrel/test', script)).toThrow(expect.objectContaining({ code: 'worker-failed', data: { reason: 'TypeError: no', url: script() } }));
  });

  it('names none for a function of the embedder', async () => {
    const worker = new FakeWorker();
    const host = startHost(() => worker as unknown as Worker, 'petrel/test');
    worker.dispatchEvent(new Event('error'));
    expect((await host.failed).data).toEqual({});
  });
});
