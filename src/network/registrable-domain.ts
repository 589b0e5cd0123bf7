import { getDomain } from 'tldts-icann';
import { isWildcardDns } from './wildcard-dns.ts';

/**
 * The part of a name that must be registered and paid for, by the public suffix list without its private section. Names below a suffix that
 * a company lends (dynamic DNS, web hosting) cost nothing, so they all count as one. All wildcard DNS services together count as one, too.
 */
export function registrableDomain(host: string): string {
  return isWildcardDns(host) ? '*' : (getDomain(host, { extractHostname: false, validateHostname: false, detectIp: false, mixedInputs: false }) ?? host);
}
