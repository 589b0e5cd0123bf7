/**
 * The requirements on every `SyncNet`, as tests that run on each implementation.
 * @module
 */

import { afterEach, describe, expect, it } from 'vitest';
import type { GossipVerdict, PeerId } from '../../src/engine/peers/peer-net.ts';
import type { SyncNet } from '../../src/chains/albatross/sync/net.ts';

/** The head of every peer: the first block after the genesis of unit-albatross. */
export const HEAD = 201;

/** A net and the peers at its other end. Peers are named by the order in which they were added, from 0. */
export interface NetWorld {
  readonly net: SyncNet;
  /** Adds a node of the network. Resolves with its id when the net has it. */
  add(): Promise<PeerId>;
  /** The peer leaves by itself. */
  leave(index: number): void;
  /** The peer tries to join again. Resolves when it has joined or was refused. */
  comeBack(index: number): Promise<void>;
  /** From now on the peer answers no `head` request. */
  fallSilent(index: number): void;
  /** The peer announces a block of its own. Resolves with the net's verdict. */
  announce(index: number): Promise<GossipVerdict>;
  /** Lets time pass until the promise is settled. */
  wait<T>(promise: Promise<T>): Promise<T>;
  /** Lets time pass until the condition holds. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/** The code of a `RequestError`; another error as it is. */
async function failureOf(request: Promise<unknown>): Promise<unknown> {
  try {
    return { answer: await request };
  } catch (error) {
    return error instanceof Error && error.name === 'RequestError' ? (error as Error & { code: string }).code : error;
  }
}

export function describeNet(name: string, make: () => Promise<NetWorld>): void {
  describe(`the net requirements: ${name}`, () => {
    let world: NetWorld | undefined;
    const start = async (peers: number) => {
      world = await make();
      const ids: PeerId[] = [];
      for (let n = 0; n < peers; n += 1) ids.push(await world.add());
      return { world, net: world.net, ids };
    };
    const idsOf = (net: SyncNet) => net.peers().map(({ id }) => id);

    afterEach(async () => {
      await world?.close();
      world = undefined;
    });

    it('lists peers in the order in which they joined, and tells of them until the listener is removed', async () => {
      const { world: { net, ...rest } } = await start(0);
      const seen: string[] = [];
      const offs = (['joined', 'left'] as const).map((event) => net.on(event, ({ id }) => seen.push(`${event} ${id}`)));
      const [first, second] = [await rest.add(), await rest.add()];
      expect(idsOf(net)).toEqual([first, second]);
      expect(net.peers().every(({ witness, services }) => witness && services === 9)).toBe(true);
      rest.leave(0);
      await rest.until(() => net.peers().length === 1);
      expect(seen).toEqual([`joined ${first}`, `joined ${second}`, `left ${first}`]);
      for (const off of offs) off();
      rest.leave(1);
      await rest.until(() => net.peers().length === 0);
      expect(seen).toHaveLength(3);
    });

    it('gives the answer of the peer that is asked, after it has told that the request leaves', async () => {
      const { world: { net, wait }, ids } = await start(2);
      const seen: string[] = [];
      const answer = await wait(net.request(ids[1] ?? '', 'head', {}, { onSent: () => seen.push('sent') }).finally(() => seen.push('over')));
      expect(answer.blockNumber).toBe(HEAD);
      expect(seen).toEqual(['sent', 'over']);
    });

    it('an answer that is an error of the protocol is no failure', async () => {
      const { world: { net, wait }, ids } = await start(1);
      const answer = await wait(net.request(ids[0] ?? '', 'block', { hash: 'ab'.repeat(32), includeBody: false }));
      expect(answer).toEqual({ ok: false, error: 'TargetHashNotFound' });
    });

    it('a request fails with a code if its peer is unknown, silent, or leaves meanwhile', async () => {
      const { world: { net, wait, ...rest }, ids } = await start(2);
      expect(await wait(failureOf(net.request('nobody', 'head', {})))).toBe('disconnected');
      rest.fallSilent(0);
      rest.fallSilent(1);
      expect(await wait(failureOf(net.request(ids[0] ?? '', 'head', {}, { timeout: 100 })))).toBe('timeout');
      const asked = failureOf(net.request(ids[1] ?? '', 'head', {}));
      rest.leave(1);
      await rest.until(() => net.peers().length === 1);
      expect(await wait(asked)).toBe('disconnected');
    });

    it('an aborted request fails with the reason of its signal', async () => {
      const { world: { net, wait, fallSilent }, ids } = await start(1);
      fallSilent(0);
      const abort = new AbortController();
      const asked = failureOf(net.request(ids[0] ?? '', 'head', {}, { signal: abort.signal }));
      const reason = new Error('no longer wanted');
      abort.abort(reason);
      expect(await wait(asked)).toBe(reason);
    });

    it('gives announcements to the listener, and its verdict back; without a listener none is accepted', async () => {
      const { world: { net, announce }, ids } = await start(1);
      const heard: PeerId[] = [];
      expect(await announce(0)).toBe('ignore');
      const off = net.onAnnouncement(async (from) => {
        heard.push(from);
        return 'accept';
      });
      expect(await announce(0)).toBe('accept');
      off();
      expect(await announce(0)).toBe('ignore');
      expect(heard).toEqual(ids);
    });

    it('a peer that lied leaves and stays out, until it is pardoned for that lie', async () => {
      const { world: { net, ...rest }, ids: [liar = '', other = ''] } = await start(2);
      net.report(liar, { kind: 'timeout' });
      expect(idsOf(net)).toEqual([liar, other]);
      net.report(liar, { kind: 'lie', code: 'bad-seed', evidence: { height: 3 } });
      await rest.until(() => net.peers().length === 1);
      await rest.comeBack(0);
      expect(idsOf(net)).toEqual([other]);
      net.pardon(liar, 'bad-seed');
      await rest.comeBack(0);
      await rest.until(() => net.peers().length === 2);
      expect(idsOf(net)).toEqual([other, liar]);
    });

    it('a peer that is disconnected without blame may come back', async () => {
      const { world: { net, ...rest }, ids: [peer = ''] } = await start(1);
      const left: PeerId[] = [];
      net.on('left', ({ id }) => left.push(id));
      net.disconnect(peer, 'surplus');
      await rest.until(() => left.length === 1);
      await rest.comeBack(0);
      await rest.until(() => net.peers().length === 1);
      expect(idsOf(net)).toEqual([peer]);
    });
  });
}
