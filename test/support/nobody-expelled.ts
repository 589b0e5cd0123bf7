import type { Devnet } from '../../devnet/devnet.ts';

/** Closes a devnet whose clients were all honest. Rejects when a peer expelled one of them, or refused what one passed on, because a real node would have done so too. */
export async function closeWithNobodyExpelled(devnet: Devnet): Promise<void> {
  const expelled = devnet.eventsOf('expelled');
  const refused = devnet.eventsOf('gossip-refused');
  await devnet.close();
  if (refused.length > 0) throw new Error(`clients have passed on what is not valid: ${JSON.stringify(refused.slice(0, 10))}`);
  if (expelled.length > 0) throw new Error(`peers have dropped clients: ${JSON.stringify(expelled.slice(0, 10))}`);
}
