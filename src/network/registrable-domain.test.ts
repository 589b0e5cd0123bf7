import { expect, it } from 'vitest';
import { registrableDomain } from './registrable-domain.ts';

it('issue 11.1: is the part of a name that its owner pays for', () => {
  const domains = { 'aurora.seed.nimiq.com': 'nimiq.com', 'a.b.example.co.uk': 'example.co.uk', 'x.co.uk': 'x.co.uk', 'co.uk': 'co.uk', 'x.github.io': 'github.io', 'y.duckdns.org': 'duckdns.org', 'a.node.xn--p1ai': 'node.xn--p1ai', node: 'node' };
  for (const [host, domain] of Object.entries(domains)) expect([host, registrableDomain(host)]).toEqual([host, domain]);
});

it('issue 11.1: is the same for all wildcard DNS services', () => {
  const hosts = ['203-0-113-7.sslip.io', '203.0.113.8.nip.io', 'x.traefik.me', '1-2-3-4.cprapid.com', 'lvh.me'];
  expect(new Set(hosts.map(registrableDomain)).size).toBe(1);
  expect(registrableDomain('sslip.io.example')).toBe('io.example');
});
