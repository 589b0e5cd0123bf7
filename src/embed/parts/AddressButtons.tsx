import { useId, useState } from 'react';
import { CopyText } from '../../ui/CopyText.tsx';
import { QrCode } from '../../ui/QrCode.tsx';
import { texts } from '../texts.ts';

/** Copies an address; and, with `receive`, shows its QR code to whoever pays to it with a phone. */
export function AddressButtons({ address, receive }: { readonly address: string; readonly receive: boolean }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <p className={receive ? 'buttons pair' : 'buttons'}>
        <CopyText text={address} name={texts.address} />
        {receive && <button type="button" className="plain" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>{texts.receive}</button>}
      </p>
      <div id={id} className="receive" hidden={!open}>
        {open && <QrCode text={address} name={texts.address} />}
        <p className="quiet small">{texts.receiveHint}</p>
      </div>
    </>
  );
}
