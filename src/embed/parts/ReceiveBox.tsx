import { useEffect, useState } from 'react';
import type { QrCode } from '../../ui/QrCode.tsx';
import { texts } from '../texts.ts';
import { AddressBox } from './AddressBox.tsx';

/** An address, and its QR code on demand, for whoever pays to it with a phone. */
export function ReceiveBox({ address }: { readonly address: string }) {
  const [open, setOpen] = useState(false);
  const button = (
    <button type="button" className="plain" aria-expanded={open} aria-controls="receive" onClick={() => setOpen(!open)}>
      {texts.receive}
    </button>
  );
  return (
    <AddressBox address={address} button={button}>
      <div id="receive" className="receive" hidden={!open}>
        {open && <Code address={address} />}
      </div>
    </AddressBox>
  );
}

/** What draws the code is loaded when the first is shown. */
function Code({ address }: { readonly address: string }) {
  const [loaded, setLoaded] = useState<{ readonly Drawn?: typeof QrCode }>();
  useEffect(() => {
    let gone = false;
    import('../../ui/QrCode.tsx').then(({ QrCode: Drawn }) => !gone && setLoaded({ Drawn }), () => !gone && setLoaded({}));
    return () => {
      gone = true;
    };
  }, []);
  if (loaded && !loaded.Drawn) return <p className="warn small" role="alert">{texts.noCode}</p>;
  return (
    <>
      <div className="code">{loaded?.Drawn && <loaded.Drawn text={address} name={texts.address} />}</div>
      <p className="quiet small">{texts.receiveHint}</p>
    </>
  );
}
