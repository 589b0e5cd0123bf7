// Tests: `e2e/stacks.spec.ts`.
import type { Client } from '../../../client/types.ts';
import { useHead, useStatus } from '../../../react/hooks.ts';
import { stacksHead, stacksNetwork } from './details-of.ts';
import { HandOvers } from './HandOvers.tsx';
import { InventoryView } from './InventoryView.tsx';
import { StateReader } from './StateReader.tsx';
import { TransactionCheck } from './TransactionCheck.tsx';

/** The chain of signer sets, the reader of accounts and contracts, the check of a transaction, and the tenures of a cycle. */
export function StacksReader({ client }: { readonly client: Client }) {
  const status = useStatus(client);
  const head = useHead(client);
  const network = status && stacksNetwork(status.network);
  if (!network) return null;
  const cycle = stacksHead(head?.latest.details)?.cycle ?? network.checkpoint.cycle;
  return (
    <>
      <StateReader client={client} mainnet={network.mainnet} />
      <HandOvers client={client} network={network} cycle={cycle} />
      <TransactionCheck client={client} />
      <InventoryView client={client} cycle={cycle} />
    </>
  );
}
