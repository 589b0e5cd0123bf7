import { useRef, useState } from 'react';
import { problemText } from './problem-text.ts';

/** The state of an action that a button or a form starts. */
export interface Work {
  readonly busy: boolean;
  /** What went wrong the last time; empty if nothing did. */
  readonly problem: string;
  /** Starts the action, unless one is under way. Its error becomes `problem`. */
  run(action: () => Promise<void>): void;
  /** A problem that was found before anything began. */
  refuse(problem: string): void;
}

export function useWork(): Work {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  // The state is too late for two clicks in one frame.
  const running = useRef(false);
  const run = (action: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setProblem('');
    action()
      .catch((error: unknown) => setProblem(problemText(error)))
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  };
  return { busy, problem, run, refuse: setProblem };
}
