import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../../test/support/manual-clock.ts';
import { type PeerId, RequestError } from '../../../../engine/peers/peer-net.ts';
import type { SyncNet, SyncPeer } from '../../sync/net.ts';
import type { AddressNotification } from '../../wire/gossip.ts';
import { services } from '../../wire/services.ts';
import { AddressPeers } from './address-peers.ts';
import { AddressWatch } from './address-watch.ts';

const address = (n: number) => new Uint8Array(20).fill(n);
const peer = (id: PeerId, rest: Partial<SyncPeer> = {}): SyncPeer => ({ id, services: services.fullBlocks, subnet: id, witness: true, ...rest });

/** A watch over these peers. `asked` has every subscription: peer, operation, first byte of each address. */
function setup(...joined: SyncPeer[]) {
  const clock = new ManualClock();
  const ended = new AbortController();
  const peers = [...joined];
  const asked: string[] = [];
  const refuses = new Set<PeerId>();
  const said = vi.fn<(hash: string, height: number, peer: PeerId) => void>();
  let tell: ((from: PeerId, message: AddressNotification) => void) | undefined;
  const request = async (id: PeerId, _: string, { operation, addresses }: { readonly operation: string; readonly addresses: readonly Uint8Array[] }) => {
    asked.push(`${id} ${operation} ${addresses.map(([first]) => first).join(' ')}`);
    if (refuses.has(id)) throw new RequestError('timeout', 'stands for a peer that is silent');
    return { ok: true };
  };
  const watch = new AddressWatch({
    clock, said, peers: new AddressPeers(), rank: (ids) => ids, signal: ended.signal,
    net: () => ({ peers: () => peers, request: request as unknown as SyncNet['request'] }),
    listen: (listener) => void (tell = listener),
  });
  /** Lets time pass, and then all that was begun come to its end. */
  const pass = async (ms: number) => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const receipts = (from: PeerId, count = 1) => tell!(from, { event: 'blockchain-extend', receipts: Array.from({ length: count }, () => ({ transactionHash: 'aa', blockNumber: 7 })) });
  return { watch, clock, ended, peers, asked, refuses, said, pass, receipts };
}

describe('AddressWatch', () => {
  it('asks two nodes with full blocks, and no browser', async () => {
    const { watch, asked, pass } = setup(peer('browser', { witness: false }), peer('light', { services: 0 }), peer('a'), peer('b'), peer('c'));
    watch.watch([address(1), address(2)]);
    await pass(0);
    expect(asked).toEqual(['a subscribe 1 2', 'b subscribe 1 2']);
    // What is watched already is not asked for again.
    watch.watch([address(1), address(3)]);
    await pass(0);
    expect(asked.slice(2)).toEqual(['a subscribe 3', 'b subscribe 3']);
  });

  it('takes receipts only from peers that it asked, and not more than a block has for one client', async () => {
    const { watch, said, pass, receipts } = setup(peer('a'), peer('b'), peer('c'));
    watch.watch([address(1)]);
    await pass(0);
    receipts('c');
    expect(said).not.toHaveBeenCalled();
    receipts('a');
    expect(said).toHaveBeenCalledExactlyOnceWith('aa', 7, 'a');
    receipts('b', 1000);
    expect(said).toHaveBeenCalledTimes(1 + 64);
  });

  it('asks another peer in the place of one that left, and takes nothing from the one that left', async () => {
    const { watch, peers, asked, said, pass, receipts } = setup(peer('a'), peer('b'), peer('c'));
    watch.watch([address(1)]);
    await pass(0);
    peers.splice(0, 1);
    watch.left('a');
    await pass(0);
    expect(asked.slice(2)).toEqual(['c subscribe 1']);
    receipts('a');
    expect(said).not.toHaveBeenCalled();
  });

  it('asks a peer at once that joins while there are too few', async () => {
    const { watch, peers, asked, pass } = setup();
    watch.watch([address(1)]);
    await pass(0);
    peers.push(peer('a'));
    watch.joined();
    await pass(0);
    expect(asked).toEqual(['a subscribe 1']);
  });

  it('asks a peer that refused again, after a while', async () => {
    const { watch, asked, refuses, pass } = setup(peer('a'));
    refuses.add('a');
    watch.watch([address(1)]);
    await pass(0);
    await pass(14_999);
    expect(asked).toHaveLength(1);
    await pass(1);
    expect(asked).toEqual(['a subscribe 1', 'a subscribe 1']);
  });

  it('ends the subscription two minutes after a page asked last, and then rests', async () => {
    const { watch, clock, asked, pass } = setup(peer('a'));
    watch.watch([address(1)]);
    for (let i = 0; i < 9; i++) await pass(15_000);
    expect(asked).toEqual(['a subscribe 1', 'a unsubscribe 1']);
    expect(clock.waiting).toBe(0);
  });

  it('does nothing more when the client ends', async () => {
    const { watch, clock, ended, pass } = setup(peer('a'));
    watch.watch([address(1)]);
    await pass(0);
    ended.abort();
    expect(clock.waiting).toBe(0);
  });

  it('refuses more addresses than a node takes', () => {
    const { watch } = setup(peer('a'));
    const many = Array.from({ length: 250 }, (_, i) => Uint8Array.from({ length: 20 }, (_, at) => (at === 0 ? i : 0)));
    watch.watch(many);
    watch.watch(many);
    expect(() => watch.watch([address(255)])).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });
});
