import { describe, expect, it } from 'vitest';
import { AskFailed } from './peer-asker.ts';
import type { PeerAsker } from './peer-asker.ts';
import { proveTarget } from './prove-target.ts';
import type { Fault } from './sync-chain.ts';
import type { PeerClaims, SyncPeer } from './sync-peer.ts';

const { signal } = new AbortController();
const id = 'ab'.repeat(32);

function setup() {
  const blamed: (readonly [string, Fault])[] = [];
  const asker = { ask: async (_: unknown, own: AbortSignal, work: (options: { signal: AbortSignal }) => Promise<unknown>) => ({ answer: await work({ signal: own }) }), blame: (peer: string, fault: Fault) => blamed.push([peer, fault]) } as unknown as PeerAsker<unknown>;
  const peerOf = (name: string, claims: Pick<PeerClaims, 'height' | 'final'>, proves: Promise<number>) => ({ id: name, claims: { earliest: 0, snapshot: undefined, ...claims }, proveTarget: async () => ({ height: await proves, id, proven: true }) }) as unknown as SyncPeer<unknown>;
  const run = (...peers: readonly SyncPeer<unknown>[]) => proveTarget({ peers, asker, atLeast: 0, seen: new Map(), late: () => undefined, signal });
  return { blamed, peerOf, run };
}

describe('a peer that claims a newest block, and another height as final', () => {
  it('is blamed if it proves less than it calls final, and only then', async () => {
    const { blamed, peerOf, run } = setup();
    expect((await run(peerOf('a', { height: 100, final: 60 }, Promise.resolve(60)))).target?.height).toBe(60);
    expect(blamed).toEqual([]);
    await run(peerOf('b', { height: 100, final: 70 }, Promise.resolve(60)), peerOf('c', { height: 100 }, Promise.resolve(60)));
    expect(blamed.map(([peer, { code, data }]) => [peer, code, data!['claimed']])).toEqual([['b', 'claim-not-proven', 70], ['c', 'claim-not-proven', 100]]);
  });

  it('is reported if it is silent about a claim that would be of use, and only then', async () => {
    const told: unknown[] = [];
    const asker = { ask: () => Promise.reject(new AskFailed('silent', 'timeout', { code: 'timeout' })), unproven: (...args: readonly unknown[]) => told.push(args) } as unknown as PeerAsker<unknown>;
    const peers = [['a', 100], ['b', 40]].map(([name, height]) => ({ id: name, claims: { height, earliest: 0, snapshot: undefined } }) as unknown as SyncPeer<unknown>);
    expect(await proveTarget({ peers, asker, atLeast: 50, seen: new Map(), late: () => undefined, signal })).toEqual({ target: undefined, answered: 0 });
    expect(told).toEqual([['a', 100, 49]]);
  });

  it('that proves another block of one height contradicts only what the same signers have proven', async () => {
    const asker = { ask: async (_: unknown, own: AbortSignal, work: (options: { signal: AbortSignal }) => Promise<unknown>) => ({ answer: await work({ signal: own }) }), blame: () => undefined } as unknown as PeerAsker<unknown>;
    const run = (...by: readonly (string | undefined)[]) => proveTarget({
      peers: by.map((set, i) => ({ id: `${i}`, claims: { height: 10, earliest: 0, snapshot: undefined }, proveTarget: async () => ({ height: 9, id: `${i}`, proven: true, by: set }) }) as unknown as SyncPeer<unknown>),
      asker, atLeast: 0, seen: new Map(), late: () => undefined, signal,
    });
    expect((await run('old', 'new')).target?.height).toBe(9);
    await expect(run('old', 'old')).rejects.toMatchObject({ code: 'halted' });
    await expect(run(undefined, undefined)).rejects.toMatchObject({ code: 'halted' });
  });

  it('is not waited for once what it calls final is proven', async () => {
    const { peerOf, run } = setup();
    const silent = new Promise<number>(() => undefined);
    expect((await run(peerOf('a', { height: 100, final: 60 }, Promise.resolve(60)), peerOf('b', { height: 101, final: 60 }, silent))).target?.height).toBe(60);
  });
});
