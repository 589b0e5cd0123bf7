import type { ReactNode } from 'react';

interface Props {
  readonly name: string;
  readonly title: string;
  /** One line that explains it. */
  readonly text: string;
  readonly children: ReactNode;
}

/** One field of a header with a line that explains it. */
export function ExplainedField({ name, title, text, children }: Props) {
  return (
    <div data-field={name}>
      <dt>{title}</dt>
      <dd>
        {children}
        <p className="quiet small">{text}</p>
      </dd>
    </div>
  );
}
