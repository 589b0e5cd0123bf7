import { type ReactNode, useState } from 'react';

interface Props {
  readonly name: string;
  readonly title: string;
  /** The one line that is shown while the panel is closed. */
  readonly gist: ReactNode;
  readonly children: ReactNode;
  readonly testid?: string;
  readonly level?: string | undefined;
}

/** On wide screens panels start open. */
const roomy = '(min-width: 48rem)';

/** A panel that can be closed to its title and one line; on a phone it starts closed. */
export function Fold({ name, title, gist, children, testid, level }: Props) {
  const [open, setOpen] = useState(() => matchMedia(roomy).matches);
  return (
    <details className={`panel fold ${name}`} data-testid={testid} data-level={level} open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <h2 id={`${name}-title`} className="label">{title}</h2>
        <span className="gist small quiet">{gist}</span>
      </summary>
      <div className="fold-body">{children}</div>
    </details>
  );
}
