import type { ReactNode } from 'react';

/** A title and what it stands for, in a list of facts (`dl`). */
export function Row({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
