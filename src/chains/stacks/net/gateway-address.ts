import type { DialRefusal } from '../../../engine/peers/dial-refusal.ts';
import { canonicalHost } from '../../../network/host.ts';

/** Characters of an address at most, as for the network file. */
const MAX_ADDRESS = 512;

export interface GatewayAddress {
  /** In one spelling: `https://host[:port][/path]`, without a slash at the end. */
  readonly url: string;
  readonly transport: 'http' | 'https';
  readonly loopback: boolean;
}

/** Reads the address of a gateway; undefined for everything else, also with a user, a query or a fragment. Never throws. */
export function gatewayAddress(text: string): GatewayAddress | undefined {
  if (text.length > MAX_ADDRESS || !/^https?:\/\//iu.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, hostname, port, pathname, username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '' || search !== '' || hash !== '' || text.includes('?') || text.includes('#') || port === '0') return undefined;
  const known = canonicalHost(hostname.startsWith('[') ? hostname.slice(1, -1) : hostname);
  if (!known) return undefined;
  const transport = protocol === 'https:' ? 'https' : 'http';
  const host = known.host.includes(':') ? `[${known.host}]` : known.host;
  return { url: `${transport}://${host}${port === '' ? '' : `:${port}`}${pathname.replace(/\/+$/u, '')}`, transport, loopback: known.loopback };
}

/** Why the address of a gateway, which the operator of this client has configured, is not asked; undefined if it can be. */
export function gatewayRefusal(text: string, { allowInsecure }: { readonly allowInsecure: boolean }): DialRefusal | undefined {
  const known = gatewayAddress(text);
  if (!known) return 'not-a-socket-address';
  return known.transport === 'https' || known.loopback || allowInsecure ? undefined : 'insecure';
}
