import { externalStore, type ExternalStore } from '../react/external-store.ts';
import type { ProblemFacts } from './problem-of.ts';

/** Problems shown at once; a page that fails repeatedly needs no longer list. */
const MAX_SHOWN = 5;

export interface PageTroubles {
  readonly list: ExternalStore<readonly ProblemFacts[]>;
  add(problem: ProblemFacts): void;
}

/**
 * Problems of the page itself, not of the client. They are shown above everything else, and the page continues. The same problem is shown
 * once.
 */
export function pageTroubles(): PageTroubles {
  let all: readonly ProblemFacts[] = [];
  let tell = () => {};
  return {
    list: externalStore<readonly ProblemFacts[]>([], (set) => {
      tell = () => set(() => all);
      tell();
      return () => (tell = () => {});
    }),
    add(problem) {
      if (all.some((other) => JSON.stringify(other) === JSON.stringify(problem))) return;
      all = [...all, problem].slice(-MAX_SHOWN);
      tell();
    },
  };
}
