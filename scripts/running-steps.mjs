/** What the steps of `npm test` that run now are doing, for people who wait. */

import { stripVTControlCharacters } from 'node:util';

/** Characters of a step's last line that are shown. */
const SHOWN = 120;

export class RunningSteps {
  #steps = new Map();

  begin(name, now) {
    this.#steps.set(name, { begun: now, line: '' });
  }

  /** More of the step's output; its last line that says something is kept. */
  heard(name, text) {
    const step = this.#steps.get(name);
    const line = stripVTControlCharacters(text).split(/[\r\n]/u).map((part) => part.trim()).findLast((part) => part !== '');
    if (step && line) step.line = line.slice(0, SHOWN);
  }

  end(name) {
    this.#steps.delete(name);
  }

  /** One line a step; empty when nothing runs. */
  lines(now) {
    return Array.from(this.#steps, ([name, { begun, line }]) => `... ${name}, ${Math.round((now - begun) / 1000)} s${line && `: ${line}`}\n`).join('');
  }
}
