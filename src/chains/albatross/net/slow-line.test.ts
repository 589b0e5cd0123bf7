import { afterEach, describe, expect, it } from 'vitest';
import { Lines } from '../../../../test/support/lines.ts';
import { LONGEST_ROUND_TRIP, limitFor, lineLimits } from '../../../network/line-limits.ts';
import type { LineLimit } from '../../../network/line-limits.ts';
import { addressOf, joined, startNode, stopAll, subscribed } from '../../../../test/support/node-fixture.ts';

/**
 * Milliseconds one way: a round trip of 3 s, as in the issue. No limit below depends on the machine's speed; the duration of the
 * test depends on the line.
 */
const ONE_WAY = 1500;

const lines = new Lines(ONE_WAY);

afterEach(async () => {
  await stopAll();
  lines.close();
});

describe('issue 11.11: a slow line', () => {
  it('with a round trip of 3 s connects, answers and gossips', { timeout: 120_000 }, async () => {
    const server = await startNode();
    server.handle('head', async () => ({ blockNumber: 7, blockHash: '11'.repeat(32), macroHash: '22'.repeat(32), electionHash: '33'.repeat(32) }));
    const { address } = await lines.to(addressOf(server));
    const codes: string[] = [];
    const client = await startNode({ listen: [], services: 0, seeds: [address], topics: ['t'] });
    server.onGossip('t', async () => 'accept');
    client.events.on('down', ({ code }) => codes.push(code));
    await joined(client, server);
    // 5 s are less than the stream and the answer need together.
    expect(await client.request(server.peerId, 'head', {}, { timeout: 5000 })).toMatchObject({ blockNumber: 7 });
    await subscribed(client, server, 't');
    // After a sleep links have 2 s to answer, unless the line is slower.
    expect(await client.checkLinks(2000)).toBe(0);
    expect(client.peers().map(({ id }) => id)).toEqual([server.peerId]);
    expect(codes).toEqual([]);
  });

  it('with a round trip of 5 s fits into every limit twice', () => {
    expect(LONGEST_ROUND_TRIP).toBe(5000);
    const twice = Object.values(lineLimits).map((limit: number | LineLimit) => (typeof limit === 'number' ? limit / 2 : limitFor(limit, LONGEST_ROUND_TRIP) / (2 * limit.trips)));
    expect(Math.min(...twice)).toBe(LONGEST_ROUND_TRIP);
  });

  it('gets no more time than it needs: a fast line has the shortest limits', () => {
    const { upgrade, discoveryState, request } = lineLimits;
    expect([upgrade, discoveryState, request].map((limit) => limitFor(limit, 50))).toEqual([10_000, 3000, 200]);
    expect([upgrade, discoveryState, request].map((limit) => limitFor(limit, 2500))).toEqual([15_000, 5000, 10_000]);
    // A peer that delays on purpose gets no more than the slowest line; so does a line with unknown round trips.
    for (const roundTrip of [60_000, undefined]) expect([upgrade, discoveryState, request].map((limit) => limitFor(limit, roundTrip))).toEqual([30_000, 10_000, 20_000]);
  });
});
