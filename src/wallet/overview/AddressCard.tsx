import { Amount } from '../../ui/Amount.tsx';
import { Identicon } from '../../ui/Identicon.tsx';
import { shortAddress } from '../parts/AddressName.tsx';
import type { OwnAddress } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';
import type { BalanceVerdict } from './verdict.ts';

interface Props {
  readonly own: OwnAddress;
  readonly luna: bigint | undefined;
  readonly verdict: BalanceVerdict;
  /** Its history is shown. */
  readonly selected: boolean;
  readonly onSelect: () => void;
}

/** One address with its balance; choosing it shows its history. */
export function AddressCard({ own: { address, name }, luna, verdict, selected, onSelect }: Props) {
  return (
    <li>
      <button type="button" className="address-card" aria-pressed={selected} onClick={onSelect} data-testid="address-card" data-address={address} data-luna={luna === undefined ? undefined : String(luna)} data-kind={verdict.kind}>
        <Identicon address={address} />
        <span className="who">
          <strong>{name}</strong>
          <code className="quiet small" dir="ltr">{shortAddress(address)}</code>
        </span>
        <span className="value">{luna === undefined ? '…' : <Amount luna={luna} />}</span>
        {selected && <span className="visually-hidden">{walletTexts.selected}</span>}
      </button>
    </li>
  );
}
