import type { Devnet } from '../../devnet/devnet.ts';

/** Faults of blocks that a light client passes on with right: a skip block of one peer breaks no rule, and the proofs of version 1 do not cover a skip block's roots. */
const BEYOND_A_LIGHT_CLIENT: ReadonlySet<string> = new Set(['skip', 'skip-moved']);

/**
 * Closes a devnet whose clients were all honest. Rejects when a peer expelled one of them, or refused what one passed on, because a real node would have done so too.
 * `signed`: the test made blocks with the validators' keys, which clients rightly pass on.
 */
export async function closeWithNobodyExpelled(devnet: Devnet, { signed = false } = {}): Promise<void> {
  const expelled = devnet.eventsOf('expelled');
  const untold = new Set(devnet.eventsOf('faulty-block').flatMap(({ fault, hash }) => (BEYOND_A_LIGHT_CLIENT.has(fault) ? [hash] : [])));
  const refused = devnet.eventsOf('gossip-refused').filter(({ hash }) => hash === undefined || !untold.has(hash));
  await devnet.close();
  if (refused.length > 0 && !signed) throw new Error(`clients have passed on what is not valid: ${JSON.stringify(refused.slice(0, 10))}`);
  if (expelled.length > 0) throw new Error(`peers have dropped clients: ${JSON.stringify(expelled.slice(0, 10))}`);
}
