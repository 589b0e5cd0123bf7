import { useState } from 'react';
import { texts } from '../texts.ts';

/** A whole address in groups of four, and a button that copies it. */
export function AddressText({ address }: { readonly address: string }) {
  const [said, say] = useState<'copied' | 'notCopied'>();
  const copy = () => navigator.clipboard.writeText(address).then(() => say('copied'), () => say('notCopied'));
  return (
    <p className="address" dir="ltr">
      <code data-testid="address">
        {address.split(' ').map((group, at) => (
          <span key={at}>{group} </span>
        ))}
      </code>
      <button type="button" className="quiet-button" aria-label={texts.copyAddress} onClick={() => void copy()}>
        {texts.copy}
      </button>
      <span role="status" className="small">{said && texts[said]}</span>
    </p>
  );
}
