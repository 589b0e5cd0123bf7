import type { Client, Status } from '../../client/types.ts';
import { useAccount } from '../../react/wallet-hooks.ts';
import { isLive } from '../connection.ts';
import { texts } from '../texts.ts';
import { AddressBox } from './AddressBox.tsx';
import { Amount } from './Amount.tsx';
import { Verdict } from './Verdict.tsx';

/** The balance of the host's address, and what it rests on. */
export function BalanceView({ client, status, address }: { readonly client: Client; readonly status: Status | undefined; readonly address: string }) {
  const { latest, final, error } = useAccount(client, address);
  const shown = latest && final && latest.value.balance === final.value.balance ? final : latest;
  return (
    <>
      {shown ? (
        <p className="figure" data-testid="balance" data-luna={shown.value.balance}>
          <Amount luna={BigInt(shown.value.balance)} />
        </p>
      ) : (
        <p className="figure waiting" role="status">{isLive(status) ? texts.asking : texts.waits}</p>
      )}
      {shown && <Verdict answer={shown} asOf={!isLive(status)} />}
      {error !== undefined && isLive(status) && <p className="warn small" role="status">{texts.noAnswer}</p>}
      <AddressBox address={address} receive />
    </>
  );
}
