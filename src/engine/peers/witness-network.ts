/**
 * Decides which peers count as one witness. Addresses in many different networks cost money, so an IPv4 /24 counts as one. An operator that
 * the network file names for a seed counts as one. On loopback every peer counts. Names and IPv6 addresses are cheap: with one server an
 * operator gets any number of names, an IPv6 address beside its IPv4 address, and networks of tunnel brokers for free. All cheap networks
 * together count as one, whatever their number, or as a little less than half where many witnesses are wanted.
 * @module
 */

const NAME = 'name:';
/** All names that could not be judged yet. No domain has this text. */
const UNJUDGED = `${NAME}?`;
const OPERATOR = 'operator:';
/** The /32 that a hoster or tunnel broker gets: its customers can have any number of networks in it. */
const IPV6 = '::/32';

/**
 * The network of a peer that is known only by a host name. `domain`: the part that must be paid for; undefined while that is not known. All
 * names of unknown domains are one network.
 */
export function nameNetwork(domain: string | undefined): string {
  return domain === undefined ? UNJUDGED : `${NAME}${domain}`;
}

/** Whether this is a name whose domain was not known yet. */
export function isUnjudged(network: string): boolean {
  return network === UNJUDGED;
}

/** The network of a seed whose operator the network file names. */
export function operatorNetwork(operator: string): string {
  return `${OPERATOR}${operator}`;
}

/** The network of a peer that is known by an IPv6 address. `prefix`: its first 32 bits, as `2001:db8`. */
export function ipv6Network(prefix: string): string {
  return `${prefix}${IPV6}`;
}

/** Whether only a host name or an IPv6 address tells this network from others. */
export function isCheapNetwork(network: string): boolean {
  return network.startsWith(NAME) || network.endsWith(IPV6);
}

/**
 * The networks that surely differ. A name that was not judged yet may have the domain of any other name, so beside it all names are one
 * network.
 */
export function distinctNetworks(networks: Iterable<string>): ReadonlySet<string> {
  const distinct = new Set(networks);
  return distinct.has(UNJUDGED) ? new Set(Array.from(distinct, (network) => (network.startsWith(NAME) ? UNJUDGED : network))) : distinct;
}

/**
 * How many networks these count as, when `wanted` must be independent. Cheap ones make up no majority: at most one, or less than half of
 * `wanted`.
 */
export function countNetworks(networks: Iterable<string>, wanted: number): number {
  const distinct = distinctNetworks(networks);
  const cheap = Array.from(distinct).filter(isCheapNetwork).length;
  return distinct.size - cheap + Math.min(cheap, Math.max(1, Math.floor((wanted - 1) / 2)));
}

/** Whether there are networks, and all of them are cheap. */
export function onlyCheap(networks: readonly string[]): boolean {
  return networks.length > 0 && networks.every(isCheapNetwork);
}
