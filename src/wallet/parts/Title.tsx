import { type ReactNode, useEffect, useRef } from 'react';

/** The heading of a page or a step. It takes the focus, so that keyboard and screen reader begin there. */
export function Title({ children }: { readonly children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return <h2 ref={heading} tabIndex={-1} className="title">{children}</h2>;
}
