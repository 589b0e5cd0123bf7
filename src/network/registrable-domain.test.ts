import { expect, it } from 'vitest';
import { countNetworks, nameNetwork } from '../engine/peers/witness-network.ts';
import { loadPublicSuffixes, registrableDomain } from './registrable-domain.ts';

it('issue 12: until the list is loaded, all names but those of wildcard services are one network', async () => {
  const network = (host: string) => nameNetwork(registrableDomain(host));
  expect(registrableDomain('x.sslip.io')).toBe('*');
  const before = ['a.example', 'b.example', 'c.example.org'].map(network);
  expect(new Set(before)).toEqual(new Set([nameNetwork(undefined)]));
  expect(await loadPublicSuffixes()).toBe(true);
  const after = ['a.example', 'b.example', 'c.example.org'].map(network);
  expect(new Set(after).size).toBe(3);
  expect([countNetworks(before, 9), countNetworks(after, 9), countNetworks([...before, ...after], 9)]).toEqual([1, 3, 1]);
});

it('issue 11.1: is the part of a name that its owner pays for', async () => {
  await loadPublicSuffixes();
  const domains = { 'aurora.seed.nimiq.com': 'nimiq.com', 'a.b.example.co.uk': 'example.co.uk', 'x.co.uk': 'x.co.uk', 'co.uk': 'co.uk', 'x.github.io': 'github.io', 'y.duckdns.org': 'duckdns.org', 'a.node.xn--p1ai': 'node.xn--p1ai', node: 'node' };
  for (const [host, domain] of Object.entries(domains)) expect([host, registrableDomain(host)]).toEqual([host, domain]);
});

it('issue 11.1: is the same for all wildcard DNS services', async () => {
  await loadPublicSuffixes();
  const hosts = ['203-0-113-7.sslip.io', '203.0.113.8.nip.io', 'x.traefik.me', '1-2-3-4.cprapid.com', 'lvh.me'];
  expect(new Set(hosts.map(registrableDomain)).size).toBe(1);
  expect(registrableDomain('sslip.io.example')).toBe('io.example');
});
