import type { DevtoolsPipe } from './devtools-pipe.ts';

/** One tab of a Chromium. */
export class BrowserTab {
  readonly session: string;
  readonly #pipe: DevtoolsPipe;
  readonly #target: string;

  private constructor(pipe: DevtoolsPipe, target: string, session: string) {
    this.#pipe = pipe;
    this.#target = target;
    this.session = session;
  }

  static async attach(pipe: DevtoolsPipe, target: string): Promise<BrowserTab> {
    const { sessionId } = await pipe.send<{ sessionId: string }>('Target.attachToTarget', { targetId: target, flatten: true });
    return new BrowserTab(pipe, target, sessionId);
  }

  /** Runs the source in every document from now on, before its own scripts. */
  async inject(source: string): Promise<void> {
    await this.#pipe.send('Page.enable', {}, this.session);
    await this.#pipe.send('Page.addScriptToEvaluateOnNewDocument', { source }, this.session);
  }

  /** Resolves when the new document exists. */
  async open(url: string): Promise<void> {
    const { errorText } = await this.#pipe.send<{ errorText?: string }>('Page.navigate', { url }, this.session);
    if (errorText) throw new Error(`${url}: ${errorText}`);
  }

  /** Evaluates an expression in the page and awaits it. The result is cloned as JSON. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#pipe.send<{ result: { value: T }; exceptionDetails?: { text: string; exception?: { description?: string } } }>(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
      this.session,
    );
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Freezes or unfreezes the tab, as the browser does in the background. Only a hidden tab can be frozen. */
  async setFrozen(frozen: boolean): Promise<void> {
    await this.#pipe.send('Page.setWebLifecycleState', { state: frozen ? 'frozen' : 'active' }, this.session);
  }

  /** Brings the tab to the foreground. */
  async activate(): Promise<void> {
    await this.#pipe.send('Target.activateTarget', { targetId: this.#target });
  }

  /** Closes the tab as its close button does: the page cannot object. */
  async close(): Promise<void> {
    await this.#pipe.send('Target.closeTarget', { targetId: this.#target });
  }

  /** Crashes the tab's process at once. The process sends no reply, so this does not wait. */
  crash(): void {
    void this.#pipe.send('Page.crash', {}, this.session).catch(() => undefined);
  }
}
