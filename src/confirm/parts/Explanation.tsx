import type { ReactNode } from 'react';
import { Shell } from './Shell.tsx';

interface Props {
  readonly title: string;
  readonly text: string;
  readonly state: string;
  readonly children?: ReactNode;
}

/** A page that has nothing to confirm, and why. */
export function Explanation({ title, text, state, children }: Props) {
  return (
    <Shell>
      <main className="panel explanation" data-testid="explanation" data-state={state}>
        <h1>{title}</h1>
        <p>{text}</p>
        {children}
      </main>
    </Shell>
  );
}
