import { useId } from 'react';
import { AddressText } from '../../ui/AddressText.tsx';
import { Identicon } from '../../ui/Identicon.tsx';
import type { OwnedAddress } from '../owned-address.ts';
import { texts } from '../texts.ts';

interface Props {
  readonly type: 'radio' | 'checkbox';
  readonly legend: string;
  readonly addresses: readonly OwnedAddress[];
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (address: string, chosen: boolean) => void;
  readonly disabled: boolean;
}

/** The person's own addresses, one or several of which are chosen. */
export function AddressChoice({ type, legend, addresses, chosen, onChange, disabled }: Props) {
  const name = useId();
  return (
    <fieldset className="address-choice" disabled={disabled}>
      <legend className="label">{legend}</legend>
      {addresses.map(({ address, label }) => (
        <label key={address} data-testid="own-address" data-address={address}>
          <input type={type} name={name} checked={chosen.has(address)} onChange={({ target }) => onChange(address, target.checked)} />
          <Identicon address={address} />
          <span>
            <strong><bdi>{label || texts.unnamed}</bdi></strong>
            <AddressText address={address} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}
