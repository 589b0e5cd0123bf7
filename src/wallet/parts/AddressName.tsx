import { Identicon } from '../../ui/Identicon.tsx';

/** The first and last groups: enough to tell addresses apart in a list, never enough to pay. */
export const shortAddress = (address: string): string => `${address.slice(0, 9)} … ${address.slice(-9)}`;

/** A party in one line: its drawing, and its name or its short address. */
export function AddressName({ address, name }: { readonly address: string; readonly name: string | undefined }) {
  return (
    <span className="address-name" title={address}>
      <Identicon address={address} />
      <span className="who">
        {name && <strong>{name}</strong>}
        <code className={name ? 'quiet small' : undefined} dir="ltr">{shortAddress(address)}</code>
      </span>
    </span>
  );
}
