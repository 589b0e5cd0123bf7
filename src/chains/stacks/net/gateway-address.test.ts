import { expect, it } from 'vitest';
import { gatewayAddress, gatewayRefusal } from './gateway-address.ts';

it.each([
  ['https://api.example.org', 'https://api.example.org'],
  ['HTTPS://API.Example.Org/', 'https://api.example.org'],
  ['https://api.example.org:443/stacks//', 'https://api.example.org/stacks'],
  ['https://api.example.org:8443/a/b', 'https://api.example.org:8443/a/b'],
  ['https://api.example.org./', 'https://api.example.org'],
  ['http://127.1:20443', 'http://127.0.0.1:20443'],
  ['http://[::1]:20443/', 'http://[::1]:20443'],
  ['http://[0:0:0:0:0:0:0:1]:80', 'http://[::1]'],
])('%s has one spelling', (text, url) => {
  expect(gatewayAddress(text)?.url).toBe(url);
  expect(gatewayAddress(url)?.url).toBe(url);
});

it.each(['', 'api.example.org', 'ws://api.example.org', 'https:api.example.org', 'https://', 'https://user@api.example.org', 'https://a:b@api.example.org', 'https://api.example.org?x=1', 'https://api.example.org/?', 'https://api.example.org#a', 'https://api.example.org:0', 'https://api.example.org:99999', 'https://exa mple.org', `https://api.example.org/${'a'.repeat(512)}`, '/dns4/api.example.org/tcp/443/wss'])('%s is none', (text) => {
  expect(gatewayAddress(text)).toBeUndefined();
  expect(gatewayRefusal(text, { allowInsecure: true })).toBe('not-a-socket-address');
});

it('http is for this machine only, unless it is allowed', () => {
  for (const text of ['https://api.example.org', 'https://192.168.1.2', 'http://localhost:3999', 'http://127.0.0.1:20443', 'http://[::1]:20443']) expect(gatewayRefusal(text, { allowInsecure: false })).toBeUndefined();
  for (const text of ['http://api.example.org', 'http://192.168.1.2:20443']) {
    expect(gatewayRefusal(text, { allowInsecure: false })).toBe('insecure');
    expect(gatewayRefusal(text, { allowInsecure: true })).toBeUndefined();
  }
});
