import type { ReactNode } from 'react';

/** A name and what belongs to it. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="fact">
      <dt className="label">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
