import { describe, expect, it } from 'vitest';
import { banKeyOf, dialRefusal, parseMultiaddr, rangeOf, socketAddress, subnetOf } from './addresses.ts';

function socket(text: string) {
  const parsed = parseMultiaddr(text);
  return parsed && socketAddress(parsed);
}

const ID = '12D3KooWMsJqYwgUP8GNzZmqbHgK2bH1Co9EUdUHRSFM43YhoS82';

describe('socketAddress', () => {
  it('reads the forms a WebSocket can dial', () => {
    expect(socket('/ip4/1.2.3.4/tcp/8443/ws')).toMatchObject({ host: '1.2.3.4', hostKind: 'ip', port: 8443, transport: 'ws', loopback: false, peerId: undefined });
    expect(socket(`/dns4/Seed.Nimiq.com/tcp/443/wss/p2p/${ID}`)).toMatchObject({ text: '/dns4/Seed.Nimiq.com/tcp/443/wss', host: 'seed.nimiq.com', hostKind: 'dns', transport: 'wss', peerId: ID });
    expect(socket('/dns4/a.example/tcp/443/tls/ws')).toMatchObject({ transport: 'wss' });
    expect(socket('/ip6/::1/tcp/80/ws')).toMatchObject({ loopback: true });
  });

  it('is undefined for everything else', () => {
    for (const text of ['/ip4/1.2.3.4/tcp/80', '/ip4/1.2.3.4/udp/80/quic-v1', '/dns4/a.example/tcp/443/wss/p2p-circuit', '/ip4/1.2.3.4/tcp/0/ws', '/ip4/1.2.3.4/ws', 'nonsense', '', '/ip4/999.1.1.1/tcp/1/ws']) {
      expect([text, socket(text)]).toEqual([text, undefined]);
    }
    expect(parseMultiaddr(Uint8Array.of(1, 2, 3))).toBeUndefined();
  });
});

describe('dialRefusal', () => {
  const strict = { source: 'seed', allowInsecure: false } as const;
  it('wants wss with a name', () => {
    expect(dialRefusal(socket('/dns4/a.example/tcp/443/wss'), strict)).toBeUndefined();
    expect(dialRefusal(socket('/ip4/1.2.3.4/tcp/443/wss'), strict)).toBe('secure-needs-name');
    expect(dialRefusal(socket('/dns4/a.example/tcp/80/ws'), strict)).toBe('insecure');
    expect(dialRefusal(socket('/ip4/10.0.0.1/tcp/80/ws'), strict)).toBe('insecure');
    expect(dialRefusal(socket('/dns4/a.example/tcp/80/ws'), { ...strict, allowInsecure: true })).toBeUndefined();
    expect(dialRefusal(undefined, strict)).toBe('not-a-socket-address');
  });

  it('dials loopback for seeds only', () => {
    for (const text of ['/ip4/127.0.0.1/tcp/8650/ws', '/ip4/127.9.9.9/tcp/8650/ws', '/ip6/::1/tcp/8650/ws', '/dns4/localhost/tcp/8650/ws']) {
      expect([text, dialRefusal(socket(text), strict)]).toEqual([text, undefined]);
      expect([text, dialRefusal(socket(text), { source: 'contact', allowInsecure: true })]).toEqual([text, 'loopback']);
    }
  });
});

describe('subnetOf', () => {
  it('is the /24, the /48, the registered part, or the peer id on loopback', () => {
    expect(subnetOf(socket('/ip4/1.2.3.4/tcp/1/ws'), ID)).toBe('1.2.3.0/24');
    expect(subnetOf(socket('/ip6/2001:db8:7::5/tcp/1/ws'), ID)).toBe('2001:db8:7::/48');
    expect(subnetOf(socket('/ip6/2001:db8:7:1::/tcp/1/ws'), ID)).toBe('2001:db8:7::/48');
    expect(subnetOf(socket('/dns4/aurora.seed.nimiq.com/tcp/443/wss'), ID)).toBe('nimiq.com');
    expect(subnetOf(socket('/ip4/127.0.0.1/tcp/1/ws'), ID)).toBe(ID);
    expect(subnetOf(undefined, ID)).toBe(ID);
  });
});

describe('rangeOf', () => {
  it('is the /16 or /32 of a public address', () => {
    expect(rangeOf('1.2.3.0/24')).toBe('1.2.0.0/16');
    expect(rangeOf('2001:db8:7::/48')).toBe('2001:db8::/32');
    for (const none of ['10.1.2.0/24', '192.168.7.0/24', 'fd00:1:2::/48', 'nimiq.com', ID]) expect(rangeOf(none)).toBeUndefined();
  });
});

describe('banKeyOf', () => {
  it('covers a host, but only one port where hosts are shared', () => {
    const key = (text: string) => banKeyOf(socket(text)!);
    expect(key('/ip4/1.2.3.4/tcp/1/ws')).toBe('1.2.3.4');
    expect(key('/ip4/127.0.0.1/tcp/1/ws')).toBe('127.0.0.1:1');
    for (const host of ['10.1.1.1', '172.16.0.1', '192.168.3.3', '169.254.1.1', '100.64.0.1']) expect(key(`/ip4/${host}/tcp/9/ws`)).toBe(`${host}:9`);
    for (const host of ['172.32.0.1', '192.169.3.3', '100.128.0.1']) expect(key(`/ip4/${host}/tcp/9/ws`)).toBe(host);
    expect(key('/ip6/fd00::1/tcp/9/ws')).toBe('fd00::1:9');
  });
});
