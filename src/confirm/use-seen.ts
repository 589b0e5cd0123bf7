import { type RefObject, useEffect, useState } from 'react';

/**
 * Whether `end` was in view, above `bar`, which covers the bottom of the window. A site chooses some of the texts, and could make them so long that
 * the rest lies below.
 */
export function useSeen(end: RefObject<Element | null>, bar: RefObject<HTMLElement | null>, drawn: boolean): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const target = end.current;
    if (!drawn || seen || !target) return undefined;
    const look = (entries: readonly IntersectionObserverEntry[]): void => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    };
    const observer = new IntersectionObserver(look, { rootMargin: `0px 0px -${bar.current?.offsetHeight ?? 0}px 0px` });
    observer.observe(target);
    return () => observer.disconnect();
  }, [end, bar, drawn, seen]);
  return seen;
}
