import { beforeAll, describe, expect, it } from 'vitest';
import { isPlainAddress, banKeyOf, dialRefusal, namesPrivateNetwork, parseMultiaddr, rangeOf, socketAddress, subnetOf } from './addresses.ts';
import { loadPublicSuffixes } from './registrable-domain.ts';

function socket(text: string) {
  const parsed = parseMultiaddr(text);
  return parsed && socketAddress(parsed);
}

const ID = '12D3KooWMsJqYwgUP8GNzZmqbHgK2bH1Co9EUdUHRSFM43YhoS82';

describe('socketAddress', () => {
  it('reads the forms that a WebSocket can dial', () => {
    expect(socket('/ip4/1.2.3.4/tcp/8443/ws')).toMatchObject({ host: '1.2.3.4', hostKind: 'ip', port: 8443, transport: 'ws', loopback: false, peerId: undefined });
    expect(socket(`/dns4/Seed.Nimiq.com/tcp/443/wss/p2p/${ID}`)).toMatchObject({ text: '/dns4/seed.nimiq.com/tcp/443/wss', host: 'seed.nimiq.com', hostKind: 'dns', transport: 'wss', peerId: ID });
    expect(socket('/dns4/a.example/tcp/443/tls/ws')).toMatchObject({ transport: 'wss' });
    expect(socket('/ip6/::1/tcp/80/ws')).toMatchObject({ loopback: true });
  });

  it('is undefined for all others', () => {
    for (const text of ['/ip4/1.2.3.4/tcp/80', '/ip4/1.2.3.4/udp/80/quic-v1', '/dns4/a.example/tcp/443/wss/p2p-circuit', '/ip4/1.2.3.4/tcp/0/ws', '/ip4/1.2.3.4/ws', '/dnsaddr/a.example/tcp/443/wss', '/dns4/a..example/tcp/443/wss', '/ip6zone/eth0/ip6/fe80::1/tcp/80/ws', 'nonsense', '', '/ip4/999.1.1.1/tcp/1/ws']) {
      expect([text, socket(text)]).toEqual([text, undefined]);
    }
    expect(parseMultiaddr(Uint8Array.of(1, 2, 3))).toBeUndefined();
  });
});

describe('dialRefusal', () => {
  const strict = { source: 'seed', allowInsecure: false } as const;
  it('requires wss with a name', () => {
    expect(dialRefusal(socket('/dns4/a.example/tcp/443/wss'), strict)).toBeUndefined();
    expect(dialRefusal(socket('/ip4/1.2.3.4/tcp/443/wss'), strict)).toBe('secure-needs-name');
    expect(dialRefusal(socket('/dns4/a.example/tcp/80/ws'), strict)).toBe('insecure');
    expect(dialRefusal(socket('/ip4/10.0.0.1/tcp/80/ws'), strict)).toBe('insecure');
    expect(dialRefusal(socket('/dns4/a.example/tcp/80/ws'), { ...strict, allowInsecure: true })).toBeUndefined();
    expect(dialRefusal(undefined, strict)).toBe('not-a-socket-address');
  });

  it('allows loopback for seeds only', () => {
    for (const text of ['/ip4/127.0.0.1/tcp/8650/ws', '/ip4/127.9.9.9/tcp/8650/ws', '/ip6/::1/tcp/8650/ws', '/dns4/localhost/tcp/8650/ws']) {
      expect([text, dialRefusal(socket(text), strict)]).toEqual([text, undefined]);
      expect([text, dialRefusal(socket(text), { source: 'contact', allowInsecure: true })]).toEqual([text, 'loopback']);
    }
  });
});

describe('issue 11.7: strangers', () => {
  const contact = { source: 'contact', allowInsecure: true } as const;
  const hosts = {
    loopback: ['/dns4/127.0.0.1', '/dns4/2130706433', '/dns4/localhost.', '/dns4/x.localhost', '/dns4/0', '/ip4/0.0.0.0', '/ip6/::', '/ip6/::ffff:127.0.0.1', '/ip6/64:ff9b::7f00:1'],
    private: ['/ip4/10.0.0.1', '/dns4/3232235777', '/dns4/router', '/dns4/nas.local', '/ip6/fd00::1', '/ip6/::ffff:192.168.1.1', '/dns4/127-0-0-1.sslip.io'],
  };
  it('cannot make the client dial its own machine or network', () => {
    for (const [reason, texts] of Object.entries(hosts)) {
      for (const text of texts) expect([text, dialRefusal(socket(`${text}/tcp/8443/ws`), contact)]).toEqual([text, reason]);
      for (const text of texts) expect([text, dialRefusal(socket(`${text}/tcp/8443/ws`), { source: 'seed', allowInsecure: true })]).toEqual([text, undefined]);
    }
    expect(dialRefusal(socket('/dns4/localhost./tcp/443/wss'), contact)).toBe('loopback');
    expect(dialRefusal(socket('/dns4/router/tcp/443/wss'), contact)).toBe('private');
  });

  it('may give private addresses if the user has given one', () => {
    expect(namesPrivateNetwork(['/ip4/127.0.0.1/tcp/1/ws', '/dns4/a.example/tcp/443/wss', 'nonsense'])).toBe(false);
    expect(namesPrivateNetwork(['/ip4/127.0.0.1/tcp/1/ws', '/ip4/192.168.1.2/tcp/1/ws'])).toBe(true);
    expect(dialRefusal(socket('/ip4/192.168.1.1/tcp/1/ws'), { ...contact, privateContacts: true })).toBeUndefined();
    expect(dialRefusal(socket('/ip4/127.0.0.1/tcp/1/ws'), { ...contact, privateContacts: true })).toBe('loopback');
  });
});

describe('subnetOf', () => {
  beforeAll(loadPublicSuffixes);

  it('is the /24, the /32, the registered domain, or the peer id on loopback', () => {
    expect(subnetOf(socket('/ip4/1.2.3.4/tcp/1/ws'), ID)).toBe('1.2.3.0/24');
    expect(subnetOf(socket('/ip6/2001:db8:7::5/tcp/1/ws'), ID)).toBe('2001:db8::/32');
    expect(subnetOf(socket('/ip6/2001:db8:8:1::/tcp/1/ws'), ID)).toBe('2001:db8::/32');
    expect(subnetOf(socket('/dns4/aurora.seed.nimiq.com/tcp/443/wss'), ID)).toBe('name:nimiq.com');
    expect(subnetOf(socket('/ip4/127.0.0.1/tcp/1/ws'), ID)).toBe(ID);
    expect(subnetOf(undefined, ID)).toBe(ID);
  });

  it('issue 11.1: is the same for all spellings of one address', () => {
    const hosts = ['/ip4/198.51.100.7', '/dns4/198.51.25607', '/dns4/198.3367943', '/dns4/3325256711', '/dns/0xc6336407', '/dns6/198.51.100.7.', '/ip6/::ffff:198.51.100.7', '/ip6/64:ff9b::c633:6407', '/ip6/2002:c633:6407::9'];
    const sockets = hosts.map((host) => socket(`${host}/tcp/8443/ws`));
    expect(new Set(sockets.map((it) => it?.text))).toEqual(new Set(['/ip4/198.51.100.7/tcp/8443/ws']));
    expect(new Set(sockets.map((it) => subnetOf(it, ID)))).toEqual(new Set(['198.51.100.0/24']));
    expect(new Set(sockets.map((it) => banKeyOf(it!)))).toEqual(new Set(['198.51.100.7']));
    expect(socket('/dns4/3325256711/tcp/443/tls/ws')).toMatchObject({ text: '/ip4/198.51.100.7/tcp/443/wss', hostKind: 'ip' });
    expect(new Set(['/dns4/A.example', '/dns6/a.example.', '/dns/%61.example'].map((host) => socket(`${host}/tcp/443/tls/ws`)?.text))).toEqual(new Set(['/dns4/a.example/tcp/443/wss']));
  });

  it('issue 11.1: is the operator only at the address of a seed that names one', () => {
    const operators = new Map([['/dns4/a.example/tcp/443/wss', 'someone']]);
    expect(subnetOf(socket('/dns4/A.example./tcp/443/wss'), ID, operators)).toBe('operator:someone');
    expect(subnetOf(socket('/dns4/a.example/tcp/444/wss'), ID, operators)).toBe('name:a.example');
    expect(subnetOf(socket('/dns4/b.a.example/tcp/443/wss'), ID, operators)).toBe('name:a.example');
  });
});

describe('rangeOf', () => {
  it('is the /16 or /32 of a public address', () => {
    expect(rangeOf('1.2.3.0/24')).toBe('1.2.0.0/16');
    expect(rangeOf('2001:db8::/32')).toBe('2001:db8::/32');
    for (const none of ['10.1.2.0/24', '192.168.7.0/24', 'fd00:1::/32', 'nimiq.com', ID]) expect(rangeOf(none)).toBeUndefined();
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

it('issue 11.6: an address with a peer id that official nodes cannot read is not plain', () => {
  const host = parseMultiaddr('/dns4/a.example.org/tcp/443/wss')!.bytes;
  const key = Uint8Array.from({ length: 32 }, (_, at) => at + 1);
  const plain = (more: number) => {
    // A key's protobuf encoding, followed by an unknown field.
    const proto = Uint8Array.of(0x08, 1, 0x12, 0x20, ...key, ...(more > 0 ? [0x7a, more, ...new Uint8Array(more)] : []));
    return isPlainAddress(Uint8Array.of(...host, 0xa5, 0x03, proto.length + 2, 0, proto.length, ...proto));
  };
  expect([0, 10, 40].map(plain)).toEqual([true, false, false]);
});
