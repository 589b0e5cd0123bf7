import type { Client } from '../../client/types.ts';
import { settled } from '../../page/accounts/settled.ts';
import { useStaker } from '../../react/wallet-hooks.ts';
import { Amount } from '../../ui/Amount.tsx';
import { AddressName } from '../parts/AddressName.tsx';
import { walletTexts } from '../wallet-texts.ts';

/** The stake of an address, to read. Nothing if it has none. */
export function Stake({ client, address }: { readonly client: Client; readonly address: string }) {
  const stake = settled(useStaker(client, address))?.value;
  if (!stake) return null;
  const { balance, inactiveBalance, inactiveRelease, retiredBalance, delegation } = stake;
  return (
    <section className="panel stake" aria-labelledby="stake-title" data-testid="stake">
      <h3 id="stake-title" className="label">{walletTexts.staking}</h3>
      <ul>
        <li><strong><Amount luna={balance} /></strong> {walletTexts.stakeActive}</li>
        {inactiveBalance > 0 && (
          <li>
            <strong><Amount luna={inactiveBalance} /></strong> {walletTexts.stakeInactive}
            {inactiveRelease !== undefined && `, ${walletTexts.stakeReleased(inactiveRelease)}`}
          </li>
        )}
        {retiredBalance > 0 && <li><strong><Amount luna={retiredBalance} /></strong> {walletTexts.stakeRetired}</li>}
      </ul>
      <p className="small quiet">{delegation === undefined ? walletTexts.stakeWithNone : walletTexts.stakeWith}</p>
      {delegation !== undefined && <AddressName address={delegation} name={undefined} />}
    </section>
  );
}
