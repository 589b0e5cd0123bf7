import type { Devnet } from '../../devnet/devnet.ts';

/** Closes a devnet whose clients were all honest. Rejects when a peer expelled one of them, because a real node would have done so too. */
export async function closeWithNobodyExpelled(devnet: Devnet): Promise<void> {
  const expelled = devnet.eventsOf('expelled');
  await devnet.close();
  if (expelled.length > 0) throw new Error(`peers have dropped clients: ${JSON.stringify(expelled.slice(0, 10))}`);
}
