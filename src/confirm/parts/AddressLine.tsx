import type { ReactNode } from 'react';
import { AddressText } from '../../ui/AddressText.tsx';
import { Identicon } from '../../ui/Identicon.tsx';

interface Props {
  readonly address: string;
  readonly size?: 'small' | 'medium';
  readonly children?: ReactNode;
}

/** A whole address with its drawing, and what is known of it. */
export function AddressLine({ address, size = 'medium', children }: Props) {
  return (
    <div className="address-line">
      <Identicon address={address} size={size} />
      <div>
        {children}
        <AddressText address={address} />
      </div>
    </div>
  );
}
