import type { Clock } from '../base/clock.ts';

/**
 * Waits until all questions are answered. As soon as one answer was of use, the others get `patience` milliseconds more. Resolves with
 * whether all are answered. Rejects as the first of them that rejects in this time; later ones are not heard.
 */
export function awaitMost<T>(clock: Pick<Clock, 'after'>, patience: () => number, questions: readonly Promise<T>[], useful: (answer: T) => boolean): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let cancel: (() => void) | undefined;
    const end = (over: () => void) => {
      cancel?.();
      over();
    };
    for (const question of questions) {
      question.then(
        (answer) => {
          if (useful(answer)) cancel ??= clock.after(patience(), () => resolve(false));
        },
        (error: unknown) => end(() => reject(error as Error)),
      );
    }
    Promise.all(questions).then(() => end(() => resolve(true)), () => undefined);
  });
}
