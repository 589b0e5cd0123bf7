/** The processes that a command starts: they end with it, however it ends. */

/** Milliseconds for a child to end by itself: the local network takes up to five seconds. */
const PATIENCE = 6000;
/** Milliseconds within which a second signal is the first one, told twice: by the terminal and by npm. */
const SAME_SIGNAL = 1000;
/** Milliseconds between two looks at whether npm's shell still lives. */
const LOOK = 500;

export class OwnChildren {
  #children = new Set();
  #since;

  /** @param {() => unknown} [before] What is ended before the children; it may take its time. */
  constructor(before = () => undefined) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        // A second signal does not wait.
        if (this.#since !== undefined && performance.now() - this.#since > SAME_SIGNAL) process.exit(1);
        void this.end(0, before);
      });
    }
    // npm passes a SIGTERM on to its shell, and that ends without a word to us: we get another parent then.
    const parent = process.ppid;
    if (process.env.npm_lifecycle_event !== undefined) setInterval(() => process.ppid !== parent && void this.end(0, before), LOOK).unref();
    // The last defence, for an error too: nothing of ours stays behind.
    process.on('exit', () => this.#kill('SIGKILL'));
  }

  /** True once the command is ending. */
  get ending() {
    return this.#since !== undefined;
  }

  /** @template {import('node:child_process').ChildProcess} T @param {T} child @returns {T} */
  add(child) {
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  /** Tells all children to end, waits for them, and ends this process. */
  async end(code, before = () => undefined) {
    if (this.ending) return;
    this.#since = performance.now();
    setTimeout(() => process.exit(code), PATIENCE).unref();
    const ended = Promise.all(Array.from(this.#children, (child) => new Promise((resolve) => child.once('exit', resolve))));
    this.#kill('SIGINT');
    await Promise.all([ended, before()]);
    process.exit(code);
  }

  #kill(signal) {
    for (const child of this.#children) child.kill(signal);
  }
}
