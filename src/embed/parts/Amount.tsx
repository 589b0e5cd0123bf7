import { useContext } from 'react';
import { Amount as SharedAmount } from '../../ui/Amount.tsx';
import { Locale } from '../locale.ts';

/** An amount in NIM, whole, in the host's language; `sign` before it, if there is one. */
export function Amount(props: { readonly luna: bigint; readonly sign?: '+' | '−' | '' }) {
  return <SharedAmount {...props} locale={useContext(Locale)} short />;
}
