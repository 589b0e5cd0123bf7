// Tests: `e2e/stacks.spec.ts`.
import type { Client } from '../../../client/types.ts';
import { useHead, useStatus } from '../../../react/hooks.ts';
import { stacksHead, stacksNetwork } from './details-of.ts';
import { HandOvers } from './HandOvers.tsx';
import { InventoryView } from './InventoryView.tsx';
import { StateReader } from './StateReader.tsx';
import { TransactionCheck } from './TransactionCheck.tsx';

/** The reader of accounts and contracts, and the check of a transaction. */
export function StateReaders({ client }: { readonly client: Client }) {
  const status = useStatus(client);
  const network = status && stacksNetwork(status.network);
  if (!network) return null;
  return (
    <>
      <StateReader client={client} mainnet={network.mainnet} />
      <TransactionCheck client={client} />
    </>
  );
}

/** The chain of signer sets, and the tenures of a cycle. */
export function CycleReaders({ client }: { readonly client: Client }) {
  const status = useStatus(client);
  const head = useHead(client);
  const network = status && stacksNetwork(status.network);
  if (!network) return null;
  const cycle = stacksHead(head?.latest.details)?.cycle ?? network.checkpoint.cycle;
  return (
    <>
      <HandOvers client={client} network={network} cycle={cycle} />
      <InventoryView client={client} cycle={cycle} />
    </>
  );
}
