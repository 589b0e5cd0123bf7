import { useEffect, useState } from 'react';
import { AddressText } from '../../ui/AddressText.tsx';

type Parts = typeof import('./address-parts.ts');

/** Loaded when the first address is shown; the frame starts without it. */
let loaded: Parts | undefined;

/** An address: its whole text at once; its drawing and its buttons when they are there. `receive`: with its QR code on demand. */
export function AddressBox({ address, receive = false }: { readonly address: string; readonly receive?: boolean }) {
  const [parts, setParts] = useState(loaded);
  useEffect(() => {
    // Without them the text can be selected.
    if (!loaded) import('./address-parts.ts').then((module) => setParts((loaded = module)), () => undefined);
  }, []);
  return (
    <div className="address">
      {parts ? <parts.Identicon address={address} size="medium" /> : <span className="identicon" data-size="medium" data-drawn="false" />}
      <AddressText address={address} />
      {parts ? <parts.AddressButtons key={address} address={address} receive={receive} /> : <p className={receive ? 'buttons pair' : 'buttons'} />}
    </div>
  );
}
