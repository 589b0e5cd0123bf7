import { useId } from 'react';
import { Identicon } from '../../ui/Identicon.tsx';
import type { OwnAddress } from '../wallet-page.ts';
import { shortAddress } from './AddressName.tsx';

interface Props {
  readonly label: string;
  readonly own: readonly OwnAddress[];
  readonly value: string;
  readonly onChange: (address: string) => void;
}

/** One of the person's own addresses. With only one there is nothing to choose, and it is just shown. */
export function OwnSelect({ label, own, value, onChange }: Props) {
  const id = useId();
  return (
    <div className="text-field">
      {own.length > 1 ? <label htmlFor={id}>{label}</label> : <span className="as-label">{label}</span>}
      <div className="own-select">
        <Identicon address={value} />
        {own.length > 1 ? (
          <select id={id} value={value} onChange={({ target }) => onChange(target.value)}>
            {own.map(({ address, name }) => <option key={address} value={address}>{name} · {shortAddress(address)}</option>)}
          </select>
        ) : (
          <span className="who">
            <strong>{own[0]?.name}</strong>
            <code className="quiet small" dir="ltr">{shortAddress(value)}</code>
          </span>
        )}
      </div>
    </div>
  );
}
