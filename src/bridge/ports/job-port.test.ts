import { afterEach, describe, expect, it, vi } from 'vitest';
import { BEAT_INTERVAL, MAX_SILENCE, openJobPort, readServeMessage, serveJobs, serveMessage } from './job-port.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

function channel() {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  return { hub: port1, worker: port2 };
}

describe('job port', () => {
  it('runs jobs in order and answers each', async () => {
    const { hub, worker } = channel();
    serveJobs<number, number>(worker, (job) => job * 2, new ManualClock());
    const jobs = openJobPort<number, number>(hub, new ManualClock());
    expect(await Promise.all([jobs.run(1), jobs.run(2), jobs.run(3)])).toEqual([2, 4, 6]);
  });

  it('runs asynchronous jobs one after the other', async () => {
    const { hub, worker } = channel();
    const log: string[] = [];
    const run = async (job: number) => {
      log.push(`begin ${job}`);
      await Promise.resolve();
      log.push(`end ${job}`);
      return job;
    };
    serveJobs<number, number>(worker, run, new ManualClock());
    const jobs = openJobPort<number, number>(hub, new ManualClock());
    await Promise.all([jobs.run(1), jobs.run(2)]);
    expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  it("delivers a worker's reports about itself", async () => {
    const { hub, worker } = channel();
    const told: unknown[] = [];
    const server = serveJobs<number, number>(worker, (job) => job, new ManualClock());
    const jobs = openJobPort<number, number>(hub, new ManualClock(), (facts) => told.push(facts));
    server.tell({ tired: true });
    await jobs.run(1);
    expect(told).toEqual([{ tired: true }]);
  });

  it('delivers the error of a job that throws, and goes on', async () => {
    const { hub, worker } = channel();
    const run = (job: string) => {
      if (job === 'bad') throw Object.assign(new Error('no'), { code: 'broken' });
      return job;
    };
    serveJobs<string, string>(worker, run, new ManualClock());
    const jobs = openJobPort<string, string>(hub, new ManualClock());
    await expect(jobs.run('bad')).rejects.toMatchObject({ name: 'HubError', code: 'broken' });
    expect(await jobs.run('good')).toBe('good');
  });

  it('gives up a worker that is silent during a job, and rejects all of its jobs', async () => {
    const { hub } = channel();
    const clock = new ManualClock();
    const jobs = openJobPort<number, number>(hub, clock);
    const both = Promise.allSettled([jobs.run(1), jobs.run(2)]);
    clock.advance(MAX_SILENCE);
    for (const result of await both) expect(result).toMatchObject({ status: 'rejected', reason: { name: 'CallError', code: 'closed' } });
    await jobs.ended;
    await expect(jobs.run(3)).rejects.toMatchObject({ code: 'closed' });
  });

  it('does not give up a worker that is idle, or that sends signs of life', async () => {
    const { hub, worker } = channel();
    const clock = new ManualClock();
    const jobs = openJobPort<number, string>(hub, clock);
    clock.advance(MAX_SILENCE * 2);
    const messages: { kind: string; id: number }[] = [];
    worker.addEventListener('message', (event) => messages.push(event.data as { kind: string; id: number }));
    worker.start();
    const result = jobs.run(1);
    await vi.waitFor(() => expect(messages).toHaveLength(1));
    for (let i = 0; i < 3; i++) {
      const watched = vi.spyOn(clock, 'after');
      clock.advance(MAX_SILENCE - 1);
      worker.postMessage({ kind: 'beat', id: messages[0]?.id }, []);
      await vi.waitFor(() => expect(watched).toHaveBeenCalled());
      watched.mockRestore();
    }
    worker.postMessage({ kind: 'done', id: messages[0]?.id, result: 'ok' }, []);
    expect(await result).toBe('ok');
  });

  it('a worker sends a sign of life at the start and then once a second', async () => {
    const { hub, worker } = channel();
    const clock = new ManualClock();
    const kinds: string[] = [];
    hub.addEventListener('message', (event) => kinds.push((event.data as { kind: string }).kind));
    hub.start();
    serveJobs<number, number>(
      worker,
      (_, beat) => {
        for (let i = 0; i < 100; i++) {
          clock.advance(BEAT_INTERVAL / 10);
          beat();
        }
        return 1;
      },
      clock,
    );
    hub.postMessage({ kind: 'job', id: 1, job: 0 }, []);
    await vi.waitFor(() => expect(kinds.at(-1)).toBe('done'));
    expect(kinds.filter((kind) => kind === 'beat')).toHaveLength(11);
  });

  it('closing rejects jobs under way', async () => {
    const jobs = openJobPort<number, number>(channel().hub, new ManualClock());
    const job = jobs.run(1);
    jobs.close();
    await expect(job).rejects.toMatchObject({ code: 'closed' });
    await jobs.ended;
  });

  it('a page tells a worker which port to serve', () => {
    const { hub } = channel();
    expect(readServeMessage(serveMessage(hub))).toBe(hub);
    expect(readServeMessage({ kind: 'serve' })).toBeUndefined();
    expect(readServeMessage(5)).toBeUndefined();
  });
});
