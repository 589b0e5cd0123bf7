/**
 * Multiaddresses that a WebSocket can dial, and their URLs, without the packages of libp2p:
 * `/(ip4|ip6|dns|dns4|dns6)/<host>/tcp/<port>/(ws|wss|tls/ws)[/http-path/<percent-encoded path>]`.
 * @module
 */

import type { DialRefusal } from '../../engine/peers/dial-refusal.ts';
import { canonicalHost, ipv4Parts } from '../host.ts';

export interface SocketUrl {
  /** The multiaddress in one spelling: `dns4` for every name, `wss` for `tls/ws`. */
  readonly address: string;
  /** What `new WebSocket` takes. */
  readonly url: string;
  /** In the canonical form of `network/host.ts`. */
  readonly host: string;
  readonly port: number;
  readonly transport: 'ws' | 'wss';
  readonly loopback: boolean;
  readonly byName: boolean;
}

/** Characters of an address at most; as for the setting `seeds`. */
const MAX_ADDRESS = 256;
/** Characters of a path at most, decoded. */
const MAX_PATH = 128;
const HOST_KINDS: readonly string[] = ['ip4', 'ip6', 'dns', 'dns4', 'dns6'];
/** Characters of a path that a URL keeps as they are. */
const PATH = /^[A-Za-z0-9._~!$&'()*+,;=:@/-]*$/;

/** Reads a multiaddress; undefined for everything that a WebSocket cannot dial. Never throws. */
export function socketUrlOf(text: string): SocketUrl | undefined {
  if (text.length > MAX_ADDRESS || !text.startsWith('/')) return undefined;
  const [, kind = '', host = '', tcp, port = '', ...rest] = text.split('/');
  if (!HOST_KINDS.includes(kind) || tcp !== 'tcp' || !/^[1-9]\d{0,4}$/.test(port)) return undefined;
  const security = rest[0] === 'tls' && rest[1] === 'ws' ? 2 : rest[0] === 'ws' || rest[0] === 'wss' ? 1 : 0;
  if (security === 0) return undefined;
  const tail = rest.slice(security);
  if (tail.length > 0 && (tail.length !== 2 || tail[0] !== 'http-path')) return undefined;
  const path = decodedPath(tail[1] ?? '');
  const known = path === undefined ? undefined : socketUrl(security === 2 || rest[0] === 'wss' ? 'wss' : 'ws', host, Number(port), path);
  // A name is no address and an address is no name, whatever a URL would make of them.
  if (known === undefined || known.byName !== kind.startsWith('dns') || (!known.byName && (kind === 'ip4') !== (ipv4Parts(known.host) !== undefined))) return undefined;
  return known;
}

/** Reads a URL of scheme `ws` or `wss`; undefined for everything else, also with a user, a query or a fragment. Never throws. */
export function socketUrlOfUrl(text: string): SocketUrl | undefined {
  if (text.length > MAX_ADDRESS) return undefined;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if ((url.protocol !== 'ws:' && url.protocol !== 'wss:') || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  const path = decodedPath(url.pathname.slice(1));
  return path === undefined ? undefined : socketUrl(url.protocol === 'wss:' ? 'wss' : 'ws', url.hostname, Number(url.port || (url.protocol === 'wss:' ? 443 : 80)), path);
}

/** Why an address of the operator's will not be dialled; undefined if it can be. The same rules as for seeds that libp2p dials (`network/addresses.ts`). */
export function socketRefusal(text: string, { allowInsecure }: { readonly allowInsecure: boolean }): DialRefusal | undefined {
  const known = socketUrlOf(text);
  if (known === undefined) return 'not-a-socket-address';
  if (known.transport === 'wss') return known.byName ? undefined : 'secure-needs-name';
  return allowInsecure || known.loopback ? undefined : 'insecure';
}

function socketUrl(transport: 'ws' | 'wss', text: string, port: number, path: string): SocketUrl | undefined {
  const known = canonicalHost(text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text);
  if (known === undefined || !(port > 0 && port <= 65_535)) return undefined;
  const { host, loopback } = known;
  const byName = known.kind === 'dns';
  const kind = byName ? 'dns4' : ipv4Parts(host) ? 'ip4' : 'ip6';
  const address = `/${kind}/${host}/tcp/${port}/${transport}${path === '' ? '' : `/http-path/${encodeURIComponent(path)}`}`;
  return { address, url: `${transport}://${kind === 'ip6' ? `[${host}]` : host}:${port}/${path}`, host, port, transport, loopback, byName };
}

/** The path without its first slash; undefined if it is none. */
function decodedPath(text: string): string | undefined {
  try {
    const path = decodeURIComponent(text);
    // A URL would walk up at `..`, and drops `.`.
    const steps = path.split('/');
    return path.length <= MAX_PATH && !path.startsWith('/') && PATH.test(path) && !steps.includes('.') && !steps.includes('..') ? path : undefined;
  } catch {
    return undefined;
  }
}
