import type { DiscoveryErrorCode } from '../src/chains/albatross/net/discovery.ts';

/**
 * Why a node ends a connection for what the other side did in discovery or did not do about pings. Albatross network reference, 1.6 and 2.8. That a handshake takes longer
 * than 3 s ends it too, but is nobody's fault on a busy machine: the official client does so while it verifies.
 */
export const EXPELLED_FOR: ReadonlySet<string> = new Set<DiscoveryErrorCode | 'no-ping'>([
  'duplicate-discovery-stream', 'malformed-discovery', 'unexpected-discovery-message', 'wrong-genesis', 'bad-contact', 'wrong-identity', 'bad-challenge',
  'too-frequent-updates', 'no-ping',
]);
