import { createServer, type AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createChannelTurns, createTurnTaker } from './yield-turn.ts';

/** Sends a request over a socket from another thread, and marks it in shared memory as sent. */
const CALLER = `
  const { createConnection } = require('node:net');
  const { workerData: { port, sent } } = require('node:worker_threads');
  const socket = createConnection(port, '127.0.0.1');
  socket.end('question', () => Atomics.store(new Int32Array(sent), 0, 1));
`;

describe.each([
  ['createTurnTaker', createTurnTaker],
  ['createChannelTurns', createChannelTurns],
])('%s', (_name, create) => {
  it('lets timers run in between', async () => {
    const turns = create();
    const timer = { fired: false };
    setTimeout(() => (timer.fired = true), 0);
    while (!timer.fired) await turns.turn();
    turns.close();
    expect(timer.fired).toBe(true);
  });

  it('resumes waiting callers in order, and all of them on close', async () => {
    const turns = create();
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((n) => turns.turn().then(() => order.push(n))));
    expect(order).toEqual([1, 2, 3]);
    const last = turns.turn();
    turns.close();
    await last;
  });
});

describe('createTurnTaker', () => {
  // A peer's request must not wait until a long verification is finished.
  it('lets a request over a socket be handled within a few turns', async () => {
    const seen = { heard: false };
    const server = createServer((socket) => socket.on('data', () => (seen.heard = true)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const sent = new Int32Array(new SharedArrayBuffer(4));
    const turns = createTurnTaker();
    const caller = new Worker(CALLER, { eval: true, workerData: { port: (server.address() as AddressInfo).port, sent: sent.buffer } });
    // Slices of work, as in the verifier pool. Only turns after the request was sent count.
    let late = 0;
    while (!seen.heard && late < 100) {
      if (Atomics.load(sent, 0) === 1) late++;
      for (const until = performance.now() + 4; performance.now() < until; );
      await turns.turn();
    }
    turns.close();
    await caller.terminate();
    server.close();
    expect(late).toBeLessThan(10);
  });
});
