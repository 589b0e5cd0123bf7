/**
 * A whole address in nine groups of four, in three columns, as people compare it. The first group has the check digits. It is copied with its
 * blanks.
 * @param address in groups of four.
 */
export function AddressText({ address }: { readonly address: string }) {
  return (
    <code className="address-text" dir="ltr" data-testid="address">
      {address.split(' ').map((group, place) => (
        <span key={`${place}${group}`}>{place > 0 && ' '}{group}</span>
      ))}
    </code>
  );
}
