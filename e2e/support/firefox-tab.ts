import type { Bidi } from './bidi.ts';

interface Evaluated {
  readonly type: 'success' | 'exception';
  readonly result: { readonly value: string };
  readonly exceptionDetails?: { readonly text: string };
}

/** One tab of Firefox. */
export class FirefoxTab {
  readonly #bidi: Bidi;
  readonly #context: string;

  constructor(bidi: Bidi, context: string) {
    this.#bidi = bidi;
    this.#context = context;
  }

  async goto(url: string): Promise<void> {
    await this.#bidi.send('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  async reload(): Promise<void> {
    await this.#bidi.send('browsingContext.reload', { context: this.#context, wait: 'complete' });
  }

  /** Brings the tab to the front; this hides the other tabs. */
  async activate(): Promise<void> {
    await this.#bidi.send('browsingContext.activate', { context: this.#context });
  }

  async close(): Promise<void> {
    await this.#bidi.send('browsingContext.close', { context: this.#context });
  }

  /** Runs the function in the page. Its arguments and its result are passed as JSON. */
  async evaluate<Args extends readonly unknown[], Result>(run: (...args: Args) => Result | Promise<Result>, ...args: Args): Promise<Result> {
    const { type, result, exceptionDetails } = await this.#bidi.send<Evaluated>('script.callFunction', {
      functionDeclaration: `async (args) => JSON.stringify([await (${String(run)})(...JSON.parse(args))])`,
      arguments: [{ type: 'string', value: JSON.stringify(args) }],
      target: { context: this.#context },
      awaitPromise: true,
    });
    if (type === 'exception') throw new Error(exceptionDetails?.text);
    return (JSON.parse(result.value) as [Result])[0];
  }

  /** Text of the element with the test id; `null` if there is none. */
  text(id: string): Promise<string | null> {
    return this.evaluate((id) => document.querySelector(`[data-testid="${id}"]`)?.textContent ?? null, id);
  }

  /** An attribute of the element with the test id; `null` if there is none. */
  attribute(id: string, name: string): Promise<string | null> {
    return this.evaluate((id, name) => document.querySelector(`[data-testid="${id}"]`)?.getAttribute(name) ?? null, id, name);
  }
}
