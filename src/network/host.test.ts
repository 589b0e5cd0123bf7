import { assert, constantFrom, oneof, property, string, stringMatching, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalHost } from './host.ts';

const form = (text: string) => canonicalHost(text)?.host;

describe('issue 11.1: a host has one canonical form', () => {
  it('is an IPv4 address in any spelling', () => {
    for (const text of ['198.51.100.7', '198.51.25607', '198.3367943', '3325256711', '0xc6336407', '0306.063.0144.07', '0xC6.51.0x6407', '198.51.100.7.', '198.51.100.%37', '１９８.51.100.7', '①⑨⑧。51。100。7', '[::ffff:198.51.100.7]', '::ffff:c633:6407', '0:0:0:0:0:FFFF:C633:6407', '::198.51.100.7', '::ffff:0:198.51.100.7', '64:ff9b::198.51.100.7', '2002:c633:6407::1', '2001:0:1234:5678:0:1:39cc:9bf8']) {
      expect([text, canonicalHost(text)]).toEqual([text, { host: '198.51.100.7', kind: 'ip', loopback: false, privateHost: false }]);
    }
  });

  it('is an IPv6 address in any spelling', () => {
    for (const text of ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', '[2001:db8:0::0.0.0.1]']) expect([text, form(text)]).toEqual([text, '2001:db8::1']);
  });

  it('is a name in any spelling', () => {
    for (const text of ['bücher.example', 'BÜCHER.example', 'xn--bcher-kva.example', 'xn--bcher-kva.Example.', 'b%C3%BCcher.example', 'bu\u0308cher.example', 'bücher。example', 'bü\u00adcher.example']) expect([text, form(text)]).toEqual([text, 'xn--bcher-kva.example']);
  });

  it('is undefined where no browser would dial', () => {
    for (const text of ['', '.', 'a..b', 'a..', '.a', '1.2.3.256', '1.2.3.4.5', 'a.1', 'a b', 'a:80000', 'user@', 'x:y', 'a/b', 'a?b', 'a#b', 'a!b.example', 'xn--', `${'a'.repeat(64)}.example`, `${'a.'.repeat(127)}bc`, '[::1', 'fe80::1%25eth0', '::1::']) expect([text, form(text)]).toEqual([text, undefined]);
  });

  it('two texts that a WebSocket treats as one host have one form, which it treats as the same host', () => {
    const digits = oneof(stringMatching(/^[0-9]{1,4}$/), stringMatching(/^0[0-7]{1,4}$/), stringMatching(/^0x[0-9a-fA-F]{1,8}$/));
    const address = tuple(digits, digits, digits, digits).chain((parts) => constantFrom(...[1, 2, 3, 4].map((count) => parts.slice(0, count).join('.'))));
    const odd = stringMatching(/^[a-zA-Z0-9.%:①。ｘÄß\t@/-]{1,12}$/);
    const inSix = stringMatching(/^\[(?:[0-9a-fA-F]{1,4}:){1,7}:?[0-9a-fA-F]{0,4}\]$/);
    const seen = new Map<string, string | undefined>();
    let usable = 0;
    assert(
      property(oneof(address, odd, inSix, string({ unit: 'binary', maxLength: 8 })), constantFrom('', '.'), (text, end) => {
        const spelled = text + end;
        let dialled: URL;
        try {
          dialled = new URL(`ws://${spelled}`);
        } catch {
          return form(spelled) === undefined || spelled.includes(':');
        }
        const known = form(spelled);
        if (known === undefined) return true;
        usable += 1;
        const { hostname } = dialled;
        const same = !seen.has(hostname) || seen.get(hostname) === known;
        seen.set(hostname, known);
        return same && form(known) === known && form(hostname) === known;
      }),
      { numRuns: 1000 },
    );
    expect(usable).toBeGreaterThan(50);
  });
});

describe('issue 11.7: the place of a host', () => {
  it('is this machine', () => {
    for (const text of ['localhost', 'LOCALHOST.', 'a.localhost', 'a.b.localhost.', 'localhost.localdomain', 'ip6-localhost', 'ip6-loopback', '%6cocalhost', 'ⓛocalhost', '127.0.0.1', '127.1', '2130706433', '017700000001', '0x7f.9.9.9', '0', '0.0.0.0', '0.1.2.3', '::', '::1', '::ffff:127.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '::ffff:0.0.0.0', '2001:0:1:2:3:4:80ff:fffe']) {
      expect([text, canonicalHost(text)]).toMatchObject([text, { loopback: true, privateHost: true }]);
    }
  });

  it('is the local network, or no public host', () => {
    const hosts = ['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '3232235777', '169.254.1.1', '100.64.0.1', '192.0.0.8', '198.18.0.1', '198.19.255.255', '224.0.0.1', '240.0.0.1', '255.255.255.255', '::ffff:10.0.0.1', '64:ff9b::a00:1', '2002:c0a8:101::1', 'fd00::1', 'fe80::1', 'fec0::1', 'ff02::1', '64:ff9b:1::1', '100::1', '2001:2::1', '5f00::1', 'printer', 'router.', 'nas.local', 'db.internal', 'x.lan', 'x.home.arpa', 'x.localdomain', '127.0.0.1.nip.io', '10-0-0-1.sslip.io', 'x.lvh.me', 'localtest.me', 'fritz.box', 'speedport.ip', 'router.asus.com', 'home.arpa', 'x.lndo.site', 'make-127.0.0.1.1u.ms'];
    for (const text of hosts) expect([text, canonicalHost(text)]).toMatchObject([text, { loopback: false, privateHost: true }]);
  });

  it('issue 11.8: is undefined when the text is longer than any host, however many colons it has', () => {
    for (const text of [`${':'.repeat(490)}g`, '1:'.repeat(245), 'a.'.repeat(400), '%61'.repeat(254), ':'.repeat(100_000)]) expect(canonicalHost(text)).toBeUndefined();
    expect(canonicalHost('%61'.repeat(63))).toMatchObject({ host: 'a'.repeat(63) });
  });

  it('is the open internet', () => {
    for (const text of ['1.2.3.4', '9.255.255.255', '11.0.0.0', '172.15.0.1', '172.32.0.1', '192.167.0.1', '192.0.1.1', '198.17.0.1', '198.20.0.1', '100.63.0.1', '100.128.0.1', '223.1.1.1', '128.0.0.1', '198.51.100.7', '2001:db8::1', '2606:4700::1', '2a00::1', 'seed.nimiq.com', 'localhost.example', 'mylocalhost.example', 'notlocal.example', 'x.sslip.io.example']) {
      expect([text, canonicalHost(text)]).toMatchObject([text, { loopback: false, privateHost: false }]);
    }
  });
});
