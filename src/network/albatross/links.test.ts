import type { Connection } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, it } from 'vitest';
import type { DiscoverySession } from './discovery.ts';
import { Links } from './links.ts';

const SMALL = '12D3KooWAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
const GREAT = '12D3KooWZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ';

/** Links of `own` to the other, opened in this order. */
function opened(own: string, directions: readonly ('inbound' | 'outbound')[]) {
  const links = new Links(own);
  const remotePeer = own === SMALL ? GREAT : SMALL;
  return {
    links,
    all: directions.map((direction, i) => {
      const connection = { id: `${i}`, direction, remotePeer, remoteAddr: multiaddr('/ip4/127.0.0.1/tcp/1/ws') } as unknown as Connection;
      return links.add(connection, {} as DiscoverySession, 0);
    }),
  };
}

/** Joins one after the other; the places of those that are to go at each step. */
function join({ links, all }: ReturnType<typeof opened>): number[][] {
  return all.map((link) => {
    link.joined = true;
    return links.crossed(link).map((each) => all.indexOf(each));
  });
}

describe('two nodes that have dialled each other', () => {
  it('keep the link that the lesser id dialled, whichever was first, and close none before that one has joined', () => {
    expect(join(opened(GREAT, ['outbound', 'inbound']))).toEqual([[], [0]]);
    expect(join(opened(GREAT, ['inbound', 'outbound']))).toEqual([[], [1]]);
    expect(join(opened(SMALL, ['outbound', 'inbound']))).toEqual([[], []]);
    expect(join(opened(SMALL, ['inbound', 'outbound']))).toEqual([[], []]);
  });

  it('keep links that were dialled by one of them', () => {
    for (const own of [SMALL, GREAT]) {
      expect(join(opened(own, ['outbound']))).toEqual([[]]);
      expect(join(opened(own, ['inbound', 'inbound']))).toEqual([[], []]);
    }
  });
});
