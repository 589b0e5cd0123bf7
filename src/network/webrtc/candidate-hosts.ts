import { socketText } from '../addresses.ts';
import { parseBrowserAddress } from '../browser-addresses.ts';
import { canonicalHost } from '../host.ts';

/** Whether the browser may send packets to a host that only an unknown peer's candidate names. */
export type CandidateHosts = (host: string) => boolean;

/**
 * The name that a browser gives to its own private address, for one page. Only the machine that invented it answers to it (mDNS candidates,
 * draft-ietf-mmusic-mdns-ice-candidates).
 */
const MDNS_NAME = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.local$/i;

/**
 * Allows public addresses and mDNS names. Private addresses are allowed only if the operator of this client has configured a private host,
 * and addresses of this machine only if the operator has configured this machine: then the test bed is there.
 * @param named seeds and relays, as they were given.
 */
export function candidateHosts(named: readonly string[]): CandidateHosts {
  const hosts = named.flatMap((text) => socketText(text) ?? parseBrowserAddress(text)?.relay ?? []);
  const privateToo = hosts.some(({ privateHost }) => privateHost);
  const loopbackToo = hosts.some(({ loopback }) => loopback);
  return (text) => {
    if (MDNS_NAME.test(text)) return true;
    const host = canonicalHost(text);
    return host?.kind === 'ip' && (host.loopback ? loopbackToo : privateToo || !host.privateHost);
  };
}
