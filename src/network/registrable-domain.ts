import { isWildcardDns } from './wildcard-dns.ts';

/** Public Suffix List reader: the registrable part of a host name, null if it has none. */
type DomainOf = typeof import('tldts-icann').getDomain;

let domainOf: DomainOf | undefined;
let loading: Promise<boolean> | undefined;

/**
 * Loads the public suffix list (84 kB). A client that meets no name of an unknown operator needs none. Resolves with whether the list is
 * there. After a failure the next call tries again.
 */
export function loadPublicSuffixes(): Promise<boolean> {
  loading ??= import('tldts-icann').then(
    ({ getDomain }) => {
      domainOf = getDomain;
      return true;
    },
    () => {
      loading = undefined;
      return false;
    },
  );
  return loading;
}

/**
 * The part of a name that must be registered and paid for, by the public suffix list without its private section. Names below a suffix that
 * a company lends (dynamic DNS, web hosting) cost nothing, so they all count as one. All wildcard DNS services together count as one, too.
 * Undefined while the list is not loaded.
 */
export function registrableDomain(host: string): string | undefined {
  if (isWildcardDns(host)) return '*';
  return domainOf && (domainOf(host, { extractHostname: false, validateHostname: false, detectIp: false, mixedInputs: false }) ?? host);
}
