import type { Machine } from './machine.ts';

/** The first line of a table: where and when it was measured. */
export function machineLine(machine: Machine, staleBuild: boolean): string {
  return (
    `${machine.cpu}, ${machine.cores} cores, ${(machine.memory / 2 ** 30).toFixed(0)} GiB; ${machine.system}; Node ${machine.node}; Chromium ${machine.chromium} (headless). ` +
    `${machine.date.slice(0, 10)}, commit ${machine.commit}${staleBuild ? ' (the build is older than the sources)' : ''}. Load of the machine before the first opening: ${machine.load.toFixed(1)}.`
  );
}
