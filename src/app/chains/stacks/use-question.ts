import { useEffect, useRef, useState } from 'react';
import { textOf } from '../../../page/code-texts.ts';
import { problemOf } from '../../../page/problem-of.ts';

/** What came of a question. `code`: of the error; undefined where the page itself refused what was typed. */
export type Asked<T> = { readonly kind: 'idle' | 'asking' } | { readonly kind: 'answer'; readonly answer: T } | { readonly kind: 'problem'; readonly text: string; readonly code?: string | undefined; readonly reason?: string | number | undefined };

/** One question at a time: a newer one ends the one before, as does leaving the page. `forget`: nothing was asked. */
export function useQuestion<T>(): readonly [asked: Asked<T>, ask: (run: (signal: AbortSignal) => Promise<T>) => void, refuse: (text: string) => void, forget: () => void] {
  const [asked, setAsked] = useState<Asked<T>>({ kind: 'idle' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const ask = (run: (signal: AbortSignal) => Promise<T>) => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    setAsked({ kind: 'asking' });
    run(own.signal).then(
      (answer) => void (own.signal.aborted || setAsked({ kind: 'answer', answer })),
      (error: unknown) => {
        const { code, data } = problemOf(error);
        if (!own.signal.aborted) setAsked({ kind: 'problem', text: textOf(code, data), code, reason: data['reason'] });
      },
    );
  };
  const refuse = (text: string) => {
    running.current?.abort();
    setAsked({ kind: 'problem', text });
  };
  const forget = () => {
    running.current?.abort();
    setAsked({ kind: 'idle' });
  };
  return [asked, ask, refuse, forget];
}
