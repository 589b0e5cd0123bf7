import type { DiscoveryErrorCode } from '../src/chains/albatross/net/discovery.ts';

/**
 * Reasons for which a node ends a connection: what the other side did wrong in discovery, or an unanswered ping. Albatross network
 * reference, 1.6 and 2.8. A handshake that takes longer than 3 s ends the connection too, but is not on this list: the official
 * client can be that slow on a busy machine, while it verifies.
 */
export const EXPELLED_FOR: ReadonlySet<string> = new Set<DiscoveryErrorCode | 'no-ping'>([
  'duplicate-discovery-stream', 'malformed-discovery', 'unexpected-discovery-message', 'wrong-genesis', 'bad-contact', 'wrong-identity', 'bad-challenge',
  'too-frequent-updates', 'no-ping',
]);
