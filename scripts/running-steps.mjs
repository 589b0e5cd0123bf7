/** Shows what the running steps of `npm test` are doing, for people who wait. */

import { stripVTControlCharacters } from 'node:util';

/** Number of characters shown of a step's last line. */
const SHOWN = 120;

export class RunningSteps {
  #steps = new Map();

  begin(name, now) {
    this.#steps.set(name, { begun: now, line: '' });
  }

  /** Takes more of the step's output and keeps its last line that is not empty. */
  heard(name, text) {
    const step = this.#steps.get(name);
    const line = stripVTControlCharacters(text).split(/[\r\n]/u).map((part) => part.trim()).findLast((part) => part !== '');
    if (step && line) step.line = line.slice(0, SHOWN);
  }

  end(name) {
    this.#steps.delete(name);
  }

  /** Returns one line per step; an empty text when nothing runs. */
  lines(now) {
    return Array.from(this.#steps, ([name, { begun, line }]) => `... ${name}, ${Math.round((now - begun) / 1000)} s${line && `: ${line}`}\n`).join('');
  }
}
