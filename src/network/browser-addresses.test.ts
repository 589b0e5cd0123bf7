import { assert, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMultiaddr, socketAddress } from './addresses.ts';
import { browserAddress, isRelayed, parseBrowserAddress } from './browser-addresses.ts';

const RELAY = '12D3KooWM9ujENZHQMZG7rdaY1QBYCufX642Ap9Wo5sAimLEFQZc';
const ME = '12D3KooWPBWxiBBu15py6YSiWq513ZxBhqEU9LTzQiL9D8hY3LJe';
const good = `/dns4/relay.example/tcp/443/wss/p2p/${RELAY}/p2p-circuit/webrtc/p2p/${ME}`;

describe('addresses of browsers', () => {
  it('name the relay and the browser', () => {
    const address = parseBrowserAddress(good);
    expect(address).toMatchObject({ text: good, peerId: ME, relay: { text: '/dns4/relay.example/tcp/443/wss', host: 'relay.example', peerId: RELAY } });
    expect(parseBrowserAddress(`/dns4/relay.example/tcp/443/tls/ws/p2p/${RELAY}/p2p-circuit/webrtc/p2p/${ME}`)?.relay.transport).toBe('wss');
    expect(isRelayed(parseMultiaddr(good)!)).toBe(true);
    // Code that dials sockets must not accept such an address.
    expect(socketAddress(parseMultiaddr(good)!)).toBeUndefined();
  });

  it.each([
    '',
    'nonsense',
    '/ip4/127.0.0.1/tcp/1/ws',
    `/ip4/127.0.0.1/tcp/1/ws/p2p/${RELAY}`,
    // Without one of the ids, without a separate host, with further components, through two relays, to the relay itself.
    `/ip4/127.0.0.1/tcp/1/ws/p2p-circuit/webrtc/p2p/${ME}`,
    `/ip4/127.0.0.1/tcp/1/ws/p2p/${RELAY}/p2p-circuit/webrtc`,
    `/ip4/127.0.0.1/tcp/1/ws/p2p/${RELAY}/p2p-circuit/p2p/${ME}`,
    `${good}/p2p-circuit/webrtc/p2p/${RELAY}`,
    `/ip4/127.0.0.1/tcp/1/ws/p2p/${RELAY}/p2p-circuit/webrtc/p2p/${RELAY}`,
    `/ip4/127.0.0.1/tcp/1/p2p/${RELAY}/p2p-circuit/webrtc/p2p/${ME}`,
    `/webrtc/p2p/${ME}`,
    good.replace('relay', 'r'.repeat(600)),
  ])('have no other form: %s', (text) => {
    expect(parseBrowserAddress(text)).toBeUndefined();
  });

  it('are parsed without exceptions', () => {
    assert(property(string({ maxLength: 600 }), (text) => parseBrowserAddress(text) === undefined || isRelayed(parseMultiaddr(text)!)));
    assert(
      property(uint8Array({ maxLength: 200 }), (bytes) => {
        const parsed = parseMultiaddr(bytes);
        return parsed === undefined || browserAddress(parsed) === undefined || isRelayed(parsed);
      }),
    );
    expect(browserAddress(parseMultiaddr(good)!)).toBeDefined();
  });
});
