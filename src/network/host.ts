import { isWildcardDns } from './wildcard-dns.ts';

/** A host in the canonical form that all other code compares, counts and dials. */
export interface Host {
  /**
   * An IPv4 address as four decimal numbers, an IPv6 address without brackets as RFC 5952 writes it, or a name in lower case (ASCII, no dot
   * at the end).
   */
  readonly host: string;
  readonly kind: 'ip' | 'dns';
  /** The host is this very machine. */
  readonly loopback: boolean;
  /**
   * Loopback, or a host that may be a different one elsewhere: a private network, a range that is not public, a name of the local network
   * or of a wildcard DNS service.
   */
  readonly privateHost: boolean;
}

/** Maximum octets of a name, without the dot at its end, and of a label (RFC 1035). */
const MAX_NAME = 253;
/** Maximum characters of a host: each octet of a name may be written as `%xx`. */
const MAX_TEXT = 3 * MAX_NAME;
/** Maximum characters of an IPv6 address with an IPv4 address at its end. */
const MAX_IPV6_TEXT = 45;
const LABEL = /^[a-z0-9_-]{1,63}$/;

/** Names that hosts files give to this machine. `localhost` and all names below it mean this machine by RFC 6761. */
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', 'localhost4', 'localhost6', 'localhost.localdomain', 'localhost4.localdomain4', 'localhost6.localdomain6', 'ip6-localhost', 'ip6-loopback']);

/**
 * Names, and ends of names, that are used inside local networks: RFC 6762 (with its appendix G) and 8375, `internal`, which ICANN has
 * reserved for that, and names by which widespread routers are reached from inside.
 */
const PRIVATE_ENDS = [
  'local', 'internal', 'lan', 'home', 'corp', 'private', 'intranet', 'localdomain', 'home.arpa',
  'asusrouter.com', 'congstar.box', 'easy.box', 'fritz.box', 'homerouter.cpe', 'hotspot.webui', 'ip', 'mobile.hotspot', 'mywifiext.net', 'o2.box', 'orbilogin.com', 'pi.hole', 'repeater.tplink.com', 'router.asus.com', 'routerlogin.com', 'routerlogin.net', 'tplinklogin.net', 'tplinkmodem.net', 'tplinkrepeater.net', 'tplinkwifi.net', 'wifi.box',
];

/**
 * The IPv4 ranges that are not public, as first numbers and prefix length: IANA's special-purpose registry, multicast and class E. The
 * documentation ranges are left out, because no host is there.
 */
const PRIVATE_V4: readonly (readonly [number, number, number])[] = [
  [0, 0, 8], [10, 0, 8], [100, 64, 10], [127, 0, 8], [169, 254, 16], [172, 16, 12], [192, 168, 16], [198, 18, 15], [224, 0, 3],
];

/**
 * Brings a host to one form, as the URL parser of every browser reads it: `198.3367943`, `0306.0x3364.07` and `3325256711` are addresses,
 * and so are `%31.1` and `①.1`. An IPv6 address may have brackets or not. Undefined for a host that cannot be dialled. Never throws.
 */
export function canonicalHost(text: string): Host | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const parsed = parsedHost(isIpv6Text(text) ? `[${text}]` : text);
  if (parsed === undefined) return undefined;
  if (parsed.startsWith('[')) return ofIpv6(parsed.slice(1, -1));
  const v4 = ipv4Parts(parsed);
  return v4 === undefined ? ofName(parsed.endsWith('.') ? parsed.slice(0, -1) : parsed) : ofIpv4(v4);
}

/** At least two colons, and only characters of an address. Runs in linear time, because the text is untrusted. */
function isIpv6Text(text: string): boolean {
  return text.length <= MAX_IPV6_TEXT && text.indexOf(':') !== text.lastIndexOf(':') && /^[0-9a-f:.]+$/i.test(text);
}

/** The host as a WebSocket reads the text, if the text is a host and nothing else. */
function parsedHost(text: string): string | undefined {
  try {
    const { href, hostname } = new URL(`ws://${text}`);
    return href === `ws://${hostname}/` ? hostname : undefined;
  } catch {
    return undefined;
  }
}

function ofName(host: string): Host | undefined {
  const labels = host.split('.');
  if (host.length > MAX_NAME || !labels.every((label) => LABEL.test(label))) return undefined;
  const loopback = LOOPBACK_NAMES.has(host) || labels.at(-1) === 'localhost';
  const privateHost = loopback || labels.length === 1 || PRIVATE_ENDS.some((end) => host === end || host.endsWith(`.${end}`)) || isWildcardDns(host);
  return { host, kind: 'dns', loopback, privateHost };
}

function ofIpv4(parts: readonly number[]): Host {
  const [a = 0, b = 0, c = 0] = parts;
  // All of 0/8 means this machine, if it means anything: on most systems 0.0.0.0 leads to it.
  const loopback = a === 127 || a === 0;
  const inRange = PRIVATE_V4.some(([first, second, bits]) => (a * 256 + b) >> (16 - bits) === (first * 256 + second) >> (16 - bits));
  const protocolAssignments = a === 192 && b === 0 && c === 0;
  return { host: parts.join('.'), kind: 'ip', loopback, privateHost: inRange || protocolAssignments };
}

function ofIpv6(host: string): Host {
  const groups = ipv6Groups(host);
  const loopback = host === '::' || host === '::1';
  const inside = loopback ? undefined : embeddedIpv4(groups);
  if (inside) return ofIpv4(inside);
  const local = localNat64(groups);
  if (local) return { ...ofIpv4(local), privateHost: true };
  const [a = 0, b = 0] = groups;
  // 2000::/3 is all that is given to the public; in it, 2001::/23 is reserved for protocols.
  return { host, kind: 'ip', loopback, privateHost: a >> 13 !== 1 || (a === 0x2001 && b < 0x200) };
}

/** The IPv4 address inside an IPv6 address that only rewrites it, or leads to it. */
function embeddedIpv4(groups: readonly number[]): readonly number[] | undefined {
  const octets = (at: number, mask = 0) => [0, 1].flatMap((index) => [((groups[at + index] ?? 0) ^ mask) >> 8, ((groups[at + index] ?? 0) ^ mask) & 0xff]);
  const start = groups.slice(0, 6).map((group) => group.toString(16)).join(':');
  // Compatible, mapped, translated (RFC 4291, 7915), and NAT64 (RFC 6052).
  if (['0:0:0:0:0:0', '0:0:0:0:0:ffff', '0:0:0:0:ffff:0', '64:ff9b:0:0:0:0'].includes(start)) return octets(6);
  // 6to4 (RFC 3056).
  if (groups[0] === 0x2002) return octets(1);
  // Teredo holds the client's address with all bits inverted (RFC 4380).
  return groups[0] === 0x2001 && groups[1] === 0 ? octets(6, 0xffff) : undefined;
}

/**
 * The IPv4 address in an address of `64:ff9b:1::/48` (RFC 8215), which translators of one network use. It means something inside that
 * network only. A network may divide the range (RFC 6052, 2.2) as it likes; this is the usual division, with a prefix of 96 bits.
 */
function localNat64(groups: readonly number[]): readonly number[] | undefined {
  const [a, b, c, , d = 0, , e = 0, f = 0] = groups;
  // Bits 64 to 71 are zero in every address that holds an IPv4 address. With a shorter prefix the last bits are zero, and no host is in 0/8.
  if (a !== 0x64 || b !== 0xff9b || c !== 1 || d >> 8 !== 0 || e >> 8 === 0) return undefined;
  return [e >> 8, e & 0xff, f >> 8, f & 0xff];
}

/** The four numbers of an IPv4 address in canonical form; undefined for other hosts. */
export function ipv4Parts(host: string): readonly number[] | undefined {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) ? host.split('.').map(Number) : undefined;
}

/** The eight groups of an IPv6 address in canonical form. */
export function ipv6Groups(host: string): readonly number[] {
  const [head = '', tail] = host.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const first = groups(head);
  const last = groups(tail);
  return [...first, ...Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => 0), ...last];
}
