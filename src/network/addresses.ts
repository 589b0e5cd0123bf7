import type { Component, Multiaddr } from '@multiformats/multiaddr';
import { peerIdFromString } from '@libp2p/peer-id';
import { CODE_DNS, CODE_DNS4, CODE_DNS6, CODE_DNSADDR, CODE_IP4, CODE_IP6, CODE_P2P, CODE_QUIC, CODE_QUIC_V1, CODE_TCP, CODE_TLS, CODE_UDP, CODE_WS, CODE_WSS, multiaddr } from '@multiformats/multiaddr';
import { equalBytes } from '../base/bytes.ts';
import type { DialRefusal } from '../engine/peers/dial-refusal.ts';
import { ipv6Network, nameNetwork, operatorNetwork } from '../engine/peers/witness-network.ts';
import { canonicalHost, ipv4Parts, ipv6Groups } from './host.ts';
import { registrableDomain } from './registrable-domain.ts';

/** Without `dnsaddr`: it is not a host but a list of other addresses, which only a DNS server knows. */
const HOST_CODES: readonly number[] = [CODE_IP4, CODE_IP6, CODE_DNS, CODE_DNS4, CODE_DNS6];

const PLAIN_CODES: readonly number[] = [...HOST_CODES, CODE_DNSADDR, CODE_TCP, CODE_UDP, CODE_QUIC, CODE_QUIC_V1, CODE_TLS, CODE_WS, CODE_WSS];

/** The parts of a multiaddress `<host>/tcp/<port>/(ws|wss|tls/ws)[/p2p/<id>]` that the rules of this file need. */
export interface SocketAddress {
  /** The address to dial, without `/p2p`: `/(ip4|ip6|dns4)/<host>/tcp/<port>/(ws|wss)`. Two spellings of one address have the same text. */
  readonly text: string;
  /** In the canonical form of `host.ts`. */
  readonly host: string;
  readonly hostKind: 'ip' | 'dns';
  readonly port: number;
  readonly transport: 'ws' | 'wss';
  readonly loopback: boolean;
  /** Loopback, or a host that is not public: from another place the same address may mean another host. */
  readonly privateHost: boolean;
  readonly peerId: string | undefined;
}

/** Parses text or binary form; undefined for anything that is not a multiaddress. Never throws. */
export function parseMultiaddr(address: string | Uint8Array): Multiaddr | undefined {
  try {
    const parsed = multiaddr(address);
    // The components are decoded lazily, so invalid bytes throw here at the latest.
    parsed.getComponents();
    return parsed;
  } catch {
    return undefined;
  }
}

/**
 * Whether these bytes are the canonical encoding of a host's address, with only such components as every release of the network's nodes
 * reads. (Those nodes refuse a message with bytes that are no address to them: names that are not UTF-8, codes that they do not know.)
 * Never throws.
 */
export function isPlainAddress(bytes: Uint8Array): boolean {
  const parsed = parseMultiaddr(bytes);
  if (parsed === undefined || bytes.length === 0 || !parsed.getComponents().every(({ code, value }) => PLAIN_CODES.includes(code) || (code === CODE_P2P && value !== undefined && isPeerId(value)))) return false;
  const again = parseMultiaddr(parsed.toString());
  return again !== undefined && equalBytes(again.bytes, bytes);
}

/** Bytes of a multihash that holds the key itself: rust-libp2p accepts no longer one as a peer id. */
const MAX_IDENTITY = 44;
/** Maximum characters of a peer id. */
const MAX_PEER_ID = 64;

function isPeerId(text: string): boolean {
  try {
    return text.length <= MAX_PEER_ID && peerIdFromString(text).toMultihash().bytes.length <= MAX_IDENTITY;
  } catch {
    return false;
  }
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
  const known = canonicalHost(host.value);
  if (known === undefined) return undefined;
  const { kind: hostKind, loopback, privateHost } = known;
  const protocol = hostKind === 'dns' ? 'dns4' : ipv4Parts(known.host) ? 'ip4' : 'ip6';
  const transport = secure ? 'wss' : 'ws';
  return { text: `/${protocol}/${known.host}/tcp/${port}/${transport}`, host: known.host, hostKind, port, transport, loopback, privateHost, peerId };
}

export interface DialRule {
  /** `seed`: the operator of this client configured it. `contact`: only peers have named it. */
  readonly source: 'seed' | 'contact';
  readonly allowInsecure: boolean;
  /** The operator of this client has configured an address of a private network: see `namesPrivateNetwork`. Default no. */
  readonly privateContacts?: boolean | undefined;
}

/**
 * The rule for which addresses are dialled. `wss` needs a DNS name. Plain `ws` needs `allowInsecure`, or a loopback seed. Loopback
 * addresses are dialled only when they are seeds: if an unknown peer's contact names 127.0.0.1, that is a service on this very machine. If
 * it names 192.168.1.1, that is a device in our local network, which an unknown peer must not make us dial, unless the network of nodes
 * itself is there. Albatross network reference, 1.4.
 */
export function dialRefusal(address: SocketAddress | undefined, { source, allowInsecure, privateContacts = false }: DialRule): DialRefusal | undefined {
  if (address === undefined) return 'not-a-socket-address';
  if (address.loopback && source === 'contact') return 'loopback';
  if (address.privateHost && source === 'contact' && !privateContacts) return 'private';
  if (address.transport === 'wss') return address.hostKind === 'dns' ? undefined : 'secure-needs-name';
  return allowInsecure || address.loopback ? undefined : 'insecure';
}

/** Whether one of these seeds is in a private network, other than on this machine: then peers may be there too. */
export function namesPrivateNetwork(seeds: readonly string[]): boolean {
  return seeds.some((seed) => {
    const { privateHost = false, loopback = false } = socketText(seed) ?? {};
    return privateHost && !loopback;
  });
}

/** Reads the text of an address that a WebSocket can dial; undefined for everything else. Never throws. */
export function socketText(text: string): SocketAddress | undefined {
  const parsed = parseMultiaddr(text);
  return parsed && socketAddress(parsed);
}

/**
 * The network that counts as one witness (`engine/peers/witness-network.ts`): the operator of a seed that the network file names, the /24 of an
 * IPv4 address, the /32 of an IPv6 address, the registrable part of a host name (see `registrable-domain.ts`: the list must be loaded), and on
 * loopback the peer id.
 * @param operators of seeds, by the address's text.
 */
export function subnetOf(address: SocketAddress | undefined, peerId: string, operators?: ReadonlyMap<string, string>): string {
  if (address === undefined) return peerId;
  const operator = operators?.get(address.text);
  if (operator !== undefined) return operatorNetwork(operator);
  if (address.loopback) return peerId;
  if (address.hostKind === 'dns') return nameNetwork(registrableDomain(address.host));
  const v4 = ipv4Parts(address.host);
  if (v4 !== undefined) return `${v4.slice(0, 3).join('.')}.0/24`;
  return ipv6Network(ipv6Groups(address.host).slice(0, 2).map((group) => group.toString(16)).join(':'));
}

/**
 * The range in which a hoster or one attacker easily gets many addresses, from a text of `subnetOf`: the /16 of a public IPv4 address, the
 * /32 of a public IPv6 address. Undefined where there is no such range: on loopback and private networks, which belong to the operator, and
 * for names.
 */
export function rangeOf(subnet: string): string | undefined {
  const v4 = /^(\d+\.\d+)\.\d+\.0\/24$/.exec(subnet);
  if (v4) return canonicalHost(`${v4[1]}.0.0`)?.privateHost ? undefined : `${v4[1]}.0.0/16`;
  const v6 = /^([0-9a-f]+:[0-9a-f]+::)\/32$/.exec(subnet);
  return v6 && !canonicalHost(v6[1]!)?.privateHost ? subnet : undefined;
}

/**
 * The key that a ban of this address covers: the host, or host and port where different nodes share a host (loopback and private networks).
 */
export function banKeyOf(address: SocketAddress): string {
  return address.privateHost ? `${address.host}:${address.port}` : address.host;
}
