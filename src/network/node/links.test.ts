import type { Connection } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, it } from 'vitest';
import { nameNetwork } from '../../engine/peers/witness-network.ts';
import { socketText } from '../addresses.ts';
import { registrableDomain } from '../registrable-domain.ts';
import { SourceShares } from '../source-shares.ts';
import { systemRandom } from '../../base/system.ts';
import { type Link, Links, type Session } from './links.ts';
import { nextDial } from './next-dial.ts';
import { contactCandidate } from './dial-candidate.ts';

const SMALL = '12D3KooWAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
const GREAT = '12D3KooWZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ';

/** Links between `own` and the other node, opened in this order. */
function opened(own: string, directions: readonly ('inbound' | 'outbound')[]) {
  const links = new Links(own);
  const remotePeer = own === SMALL ? GREAT : SMALL;
  return {
    links,
    all: directions.map((direction, i) => {
      const connection = { id: `${i}`, direction, remotePeer, remoteAddr: multiaddr('/ip4/127.0.0.1/tcp/1/ws') } as unknown as Connection;
      return links.add(connection, {} as Session, 0);
    }),
  };
}

/** Joins the links one after the other; returns the indices of the links to close at each step. */
function join({ links, all }: ReturnType<typeof opened>): number[][] {
  return all.map((link) => {
    link.joined = true;
    return links.crossed(link).map((each) => all.indexOf(each));
  });
}

describe('two nodes that dialled each other', () => {
  it('keep the link that the smaller id dialled, whichever came first, and close none before that one has joined', () => {
    expect(join(opened(GREAT, ['outbound', 'inbound']))).toEqual([[], [0]]);
    expect(join(opened(GREAT, ['inbound', 'outbound']))).toEqual([[], [1]]);
    expect(join(opened(SMALL, ['outbound', 'inbound']))).toEqual([[], []]);
    expect(join(opened(SMALL, ['inbound', 'outbound']))).toEqual([[], []]);
  });

  it('keep links that only one of them dialled', () => {
    for (const own of [SMALL, GREAT]) {
      expect(join(opened(own, ['outbound']))).toEqual([[]]);
      expect(join(opened(own, ['inbound', 'inbound']))).toEqual([[], []]);
    }
  });
});

describe('issue 11: browsers with many ids', () => {
  const RELAY = '12D3KooWM9ujENZHQMZG7rdaY1QBYCufX642Ap9Wo5sAimLEFQZc';
  const BROWSER = '12D3KooWPBWxiBBu15py6YSiWq513ZxBhqEU9LTzQiL9D8hY3LJe';
  const links = new Links('me');
  const tellerOf = (remoteAddr: string, id: string) => links.tellerOf({ remoteAddr: multiaddr(remoteAddr), remotePeer: { toString: () => id }, direction: 'inbound' } as unknown as Connection);
  /** Each has its own relay, too, because anybody can name relays. */
  const browser = (n: number) => tellerOf(`/dns4/relay${n}.example/tcp/443/wss/p2p/${RELAY}/p2p-circuit/webrtc/p2p/${BROWSER}`, `browser${n}`);
  const node = (n: number) => tellerOf(`/ip4/8.8.${n}.1/tcp/80/ws`, `node${n}`);

  it('share the contact limit of one network, and displace none of the contacts that nodes reported', () => {
    const told = new SourceShares({ random: systemRandom, max: 384, share: 128 });
    for (let n = 0; n < 120; n++) told.add(`honest${n}`, node(n % 3));
    for (let id = 0; id < 20; id++) for (let n = 0; n < 64; n++) told.add(`evil${id}-${n}`, browser(id));
    expect(Array.from({ length: 120 }, (_, n) => told.has(`honest${n}`)).filter(Boolean)).toHaveLength(120);
    expect(told.size).toBe(120 + 128);
  });

  it('have one turn together when an address is dialled', () => {
    const candidate = (ip: string, turn: string) => contactCandidate(socketText(`/ip4/${ip}/tcp/80/ws`)!, { claimed: new Set([ip]), turns: new Set([turn]) });
    const ready = Array.from({ length: 20 }, (_, n) => [candidate(`11.${n}.1.1`, node(n % 3)), candidate(`12.${n}.1.1`, browser(n))]).flat();
    // Three networks and all browsers: the browsers get one of four turns, whatever the random numbers.
    const chosen = Array.from({ length: 100 }, (_, n) => nextDial({ random: { ...systemRandom, next: () => n / 100 }, ready, inUse: [], connected: new Map() })!);
    expect(chosen.filter(({ socket }) => socket!.host.startsWith('12.'))).toHaveLength(25);
  });
});

describe('issue 12: a peer that is known only by a host name', () => {
  const opening = (remoteAddr: string) => ({ id: remoteAddr, direction: 'outbound', remotePeer: 'peer', remoteAddr: multiaddr(remoteAddr) }) as unknown as Connection;

  it('is judged when its connection opens, and only if no operator is named for it', async () => {
    const links = new Links('me', new Map([['/dns4/seed.example/tcp/443/wss', 'someone']]));
    const [seed, node, other] = ['/dns4/seed.example/tcp/443/wss', '/dns4/x.node.example/tcp/443/wss', '/ip4/8.8.8.8/tcp/80/ws'].map((address) => links.add(opening(address), {} as Session, 0)) as [Link, Link, Link];
    for (const link of [seed, other]) await links.judge(link);
    // The list was not loaded for them.
    expect(registrableDomain('x.node.example')).toBeUndefined();
    expect([seed.subnet, node.subnet, other.subnet]).toEqual(['operator:someone', nameNetwork(undefined), '8.8.8.0/24']);
    await links.judge(node);
    expect(node.subnet).toBe('name:node.example');
  });
});
