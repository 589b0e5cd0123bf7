import type { ReactNode } from 'react';
import { AddressText } from '../../ui/AddressText.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { Identicon } from '../../ui/Identicon.tsx';
import { texts } from '../texts.ts';

interface Props {
  readonly address: string;
  /** Beside the button that copies the address. */
  readonly button?: ReactNode;
  /** Below. */
  readonly children?: ReactNode;
}

/** An address: its drawing, its whole text, and a button that copies it. */
export function AddressBox({ address, button, children }: Props) {
  return (
    <div className="address">
      <Identicon address={address} size="medium" />
      <AddressText address={address} />
      <p className="buttons">
        <CopyText text={address} name={texts.address} />
        {button}
      </p>
      {children}
    </div>
  );
}
