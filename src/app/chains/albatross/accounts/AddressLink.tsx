import { accountHref } from '../../../route.ts';

/** A link to the page of an account; `short`: the first and last characters, which are enough to tell addresses apart by eye. */
export function AddressLink({ address, short = false }: { readonly address: string; readonly short?: boolean }) {
  return (
    <a href={accountHref(address)} title={address}>
      <code>{short ? `${address.slice(0, 9)} … ${address.slice(-9)}` : address}</code>
    </a>
  );
}
