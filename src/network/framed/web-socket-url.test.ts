import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { socketRefusal, socketUrlOf, socketUrlOfUrl } from './web-socket-url.ts';

it.each([
  ['/dns4/node.example.org/tcp/443/wss', 'wss://node.example.org:443/', '/dns4/node.example.org/tcp/443/wss'],
  ['/dns/Node.Example.org/tcp/443/tls/ws', 'wss://node.example.org:443/', '/dns4/node.example.org/tcp/443/wss'],
  ['/dns6/node.example.org/tcp/8443/wss/http-path/api%2Fsync', 'wss://node.example.org:8443/api/sync', '/dns4/node.example.org/tcp/8443/wss/http-path/api%2Fsync'],
  ['/ip4/127.0.0.1/tcp/9000/ws', 'ws://127.0.0.1:9000/', '/ip4/127.0.0.1/tcp/9000/ws'],
  ['/ip6/::1/tcp/9000/ws', 'ws://[::1]:9000/', '/ip6/::1/tcp/9000/ws'],
])('%s', (text, url, address) => {
  expect(socketUrlOf(text)).toMatchObject({ url, address });
  expect(socketUrlOf(address)).toEqual(socketUrlOf(text));
  expect(socketUrlOfUrl(url)).toEqual(socketUrlOf(text));
  expect(new URL(url).href.startsWith(url.slice(0, 8))).toBe(true);
});

it.each([
  '', '/', '/ip4/127.0.0.1', '/ip4/127.0.0.1/tcp/9000', '/ip4/127.0.0.1/udp/9000/ws', '/ip4/127.0.0.1/tcp/0/ws', '/ip4/127.0.0.1/tcp/65536/ws', '/ip4/127.0.0.1/tcp/09/ws', '/ip4/localhost/tcp/9000/ws',
  '/dns4/127.0.0.1/tcp/9000/ws', '/ip6/127.0.0.1/tcp/9000/ws', '/ip4/::1/tcp/9000/ws', '/dns4/a@b/tcp/9000/ws', '/dns4/a.org/tcp/9000/ws/p2p/x', '/dns4/a.org/tcp/9000/wss/ws', '/dnsaddr/a.org/tcp/9000/ws',
  '/dns4/a.org/tcp/9000/ws/http-path/..%2Fx', '/dns4/a.org/tcp/9000/ws/http-path/a%3Fb', '/dns4/a.org/tcp/9000/ws/http-path/a%23b', '/dns4/a.org/tcp/9000/ws/http-path/%zz', '/dns4/a.org/tcp/9000/ws/http-path/%2Fa',
  'ws://127.0.0.1:9000', `/dns4/${'a'.repeat(64)}.org/tcp/9000/ws`, `/dns4/a.org/tcp/9000/ws/http-path/${'a'.repeat(400)}`,
])('no address: %s', (text) => {
  expect(socketUrlOf(text)).toBeUndefined();
  expect(socketRefusal(text, { allowInsecure: true })).toBe('not-a-socket-address');
});

it.each(['http://a.org', 'ws://user@a.org', 'ws://a.org/?q', 'ws://a.org/#f', 'a.org', '', 'ws://'])('no URL: %s', (text) => {
  expect(socketUrlOfUrl(text)).toBeUndefined();
});

it('uses the default ports of URLs', () => {
  expect(socketUrlOfUrl('ws://a.org')?.port).toBe(80);
  expect(socketUrlOfUrl('wss://a.org/x')?.address).toBe('/dns4/a.org/tcp/443/wss/http-path/x');
});

it('refuses what a page cannot or may not dial', () => {
  expect(socketRefusal('/dns4/a.org/tcp/80/ws', { allowInsecure: false })).toBe('insecure');
  expect(socketRefusal('/dns4/a.org/tcp/80/ws', { allowInsecure: true })).toBeUndefined();
  expect(socketRefusal('/ip4/127.0.0.1/tcp/80/ws', { allowInsecure: false })).toBeUndefined();
  expect(socketRefusal('/dns4/localhost/tcp/80/ws', { allowInsecure: false })).toBeUndefined();
  expect(socketRefusal('/ip4/8.8.8.8/tcp/443/wss', { allowInsecure: true })).toBe('secure-needs-name');
  expect(socketRefusal('/dns4/a.org/tcp/443/wss', { allowInsecure: false })).toBeUndefined();
});

it('takes any text without throwing; what it takes has one spelling', () => {
  const part = fc.oneof(fc.constantFrom('ip4', 'ip6', 'dns', 'dns4', 'tcp', 'ws', 'wss', 'tls', 'http-path', '127.0.0.1', '::1', 'a.org', '443'), fc.string());
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.array(part, { maxLength: 9 }).map((parts) => `/${parts.join('/')}`)), (text) => {
      const known = socketUrlOf(text);
      socketUrlOfUrl(text);
      return known === undefined || JSON.stringify(socketUrlOf(known.address)) === JSON.stringify(known);
    }),
  );
  expect(socketUrlOf('/')).toBeUndefined();
});
