import type { Component, Multiaddr } from '@multiformats/multiaddr';
import { CODE_DNS, CODE_DNS4, CODE_DNS6, CODE_DNSADDR, CODE_IP4, CODE_IP6, CODE_P2P, CODE_TCP, CODE_TLS, CODE_WS, CODE_WSS, multiaddr } from '@multiformats/multiaddr';

const IP_CODES: readonly number[] = [CODE_IP4, CODE_IP6];
const HOST_CODES: readonly number[] = [...IP_CODES, CODE_DNS, CODE_DNS4, CODE_DNS6, CODE_DNSADDR];

/** What the rules of this file need to know of a multiaddress `<host>/tcp/<port>/(ws|wss|tls/ws)[/p2p/<id>]`. */
export interface SocketAddress {
  /** Without `/p2p`. Two spellings of one address have the same text. */
  readonly text: string;
  readonly host: string;
  readonly hostKind: 'ip' | 'dns';
  readonly port: number;
  readonly transport: 'ws' | 'wss';
  readonly loopback: boolean;
  /** RFC 1918, link-local, unique local, carrier-grade NAT, or loopback: the host means something else elsewhere. */
  readonly privateHost: boolean;
  readonly peerId: string | undefined;
}

/** Parses text or binary form; undefined for anything that is not a multiaddress. Never throws. */
export function parseMultiaddr(address: string | Uint8Array): Multiaddr | undefined {
  try {
    const parsed = multiaddr(address);
    // The components are decoded lazily: garbage shows here at the latest.
    parsed.getComponents();
    return parsed;
  } catch {
    return undefined;
  }
}

/** The four numbers of an IPv4 address, or of the IPv4 address inside an IPv4-mapped IPv6 one. */
function ipv4Parts(host: string): readonly number[] | undefined {
  const parts = host.replace(/^::ffff:/i, '').split('.').map(Number);
  return parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255) ? parts : undefined;
}

/** The eight groups of an IPv6 address. `::ffff:1.2.3.4` is not handled here: it counts as IPv4. */
function ipv6Groups(host: string): readonly number[] {
  const [head = '', tail] = host.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const first = groups(head);
  const last = groups(tail);
  return [...first, ...Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => 0), ...last];
}

function hostClass(host: string, kind: 'ip' | 'dns'): { loopback: boolean; privateHost: boolean } {
  if (kind === 'dns') {
    const loopback = host === 'localhost' || host.endsWith('.localhost');
    return { loopback, privateHost: loopback || host.endsWith('.local') };
  }
  const v4 = ipv4Parts(host);
  if (v4 !== undefined) {
    const [a = 0, b = 0] = v4;
    const loopback = a === 127;
    const priv = a === 0 || a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128);
    return { loopback, privateHost: loopback || priv };
  }
  const groups = ipv6Groups(host);
  const first = groups[0] ?? 0;
  const loopback = groups.slice(0, 7).every((group) => group === 0) && groups[7] === 1;
  return { loopback, privateHost: loopback || (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 };
}

/** Reads an address that a WebSocket can dial; undefined for every other form (no host, no tcp, relayed, further components). */
export function socketAddress(address: Multiaddr): SocketAddress | undefined {
  const components = [...address.getComponents()];
  let peerId: string | undefined;
  if (components.at(-1)?.code === CODE_P2P) peerId = components.pop()?.value;
  const [host, tcp, ...rest] = components as [Component?, Component?, ...Component[]];
  if (host?.value === undefined || !HOST_CODES.includes(host.code) || tcp?.code !== CODE_TCP) return undefined;
  const tail = rest.map((component) => component.code);
  const secure = (tail.length === 1 && tail[0] === CODE_WSS) || (tail.length === 2 && tail[0] === CODE_TLS && tail[1] === CODE_WS);
  const plain = tail.length === 1 && tail[0] === CODE_WS;
  if (!secure && !plain) return undefined;
  const port = Number(tcp.value);
  if (!(port > 0 && port <= 65_535)) return undefined;
  const hostKind = IP_CODES.includes(host.code) ? 'ip' : 'dns';
  const text = peerId === undefined ? address.toString() : address.decapsulateCode(CODE_P2P).toString();
  return { text, host: host.value.toLowerCase(), hostKind, port, transport: secure ? 'wss' : 'ws', ...hostClass(host.value.toLowerCase(), hostKind), peerId };
}

/** Whether an address may be dialled, and why not. */
export type DialRefusal = 'not-a-socket-address' | 'insecure' | 'secure-needs-name' | 'loopback';

/**
 * The dialability rule. `wss` needs a DNS name. Plain `ws` needs `allowInsecure`, or a loopback seed. Loopback addresses are
 * dialled when they are seeds only: what a stranger's contact calls 127.0.0.1 is a service on this very machine.
 * Albatross network reference, 1.4.
 */
export function dialRefusal(address: SocketAddress | undefined, rule: { readonly source: 'seed' | 'contact'; readonly allowInsecure: boolean }): DialRefusal | undefined {
  if (address === undefined) return 'not-a-socket-address';
  if (address.loopback && rule.source === 'contact') return 'loopback';
  if (address.transport === 'wss') return address.hostKind === 'dns' ? undefined : 'secure-needs-name';
  return rule.allowInsecure || address.loopback ? undefined : 'insecure';
}

/**
 * What counts as one witness: the /24 of an IPv4 address, the /48 of an IPv6 address, the last two labels of a host name (a
 * stand-in for the registered part: no public suffix list is carried), and on loopback the peer id.
 */
export function subnetOf(address: SocketAddress | undefined, peerId: string): string {
  if (address === undefined || address.loopback) return peerId;
  if (address.hostKind === 'dns') return address.host.split('.').filter((label) => label !== '').slice(-2).join('.');
  const v4 = ipv4Parts(address.host);
  if (v4 !== undefined) return `${v4.slice(0, 3).join('.')}.0/24`;
  return `${ipv6Groups(address.host).slice(0, 3).map((group) => group.toString(16)).join(':')}::/48`;
}

/**
 * What a hoster or one attacker easily has many addresses of: the /16 of a public IPv4 address, the /32 of a public IPv6 one, from a text of
 * `subnetOf`. Undefined where no such thing is known: on loopback and private networks, where the operator is at home, and behind names.
 */
export function rangeOf(subnet: string): string | undefined {
  const v4 = /^(\d+\.\d+)\.\d+\.0\/24$/.exec(subnet);
  if (v4) return hostClass(`${v4[1]}.0.0`, 'ip').privateHost ? undefined : `${v4[1]}.0.0/16`;
  const v6 = /^([0-9a-f]+:[0-9a-f]+):[0-9a-f]+::\/48$/.exec(subnet);
  return v6 && !hostClass(`${v6[1]}::`, 'ip').privateHost ? `${v6[1]}::/32` : undefined;
}

/** The same for the far end of an incoming connection, whose port says nothing. */
export function remoteSubnet(address: Multiaddr, peerId: string): string {
  return subnetOf(socketAddress(address), peerId);
}

/**
 * What a ban of this address covers: the host, or, where hosts are shared by different nodes (loopback and private networks),
 * host and port.
 */
export function banKeyOf(address: SocketAddress): string {
  return address.privateHost ? `${address.host}:${address.port}` : address.host;
}
