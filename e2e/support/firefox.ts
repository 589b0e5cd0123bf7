import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Bidi } from './bidi.ts';
import { FirefoxTab } from './firefox-tab.ts';
import { firefoxProfile } from './firefox-profile.ts';

/** Milliseconds for Firefox to end regularly; a loaded machine needs some seconds. */
const END_TIMEOUT = 20_000;

interface LogEntry {
  readonly type: string;
  readonly level: string;
  readonly text: string | null;
}

/** A Firefox without a window and with its own profile, which records errors of its pages. */
export class Firefox {
  /** Errors of pages as Firefox reports them: uncaught exceptions, unhandled rejections, refused and failed requests. */
  readonly errors: string[] = [];
  /** Violations of the pages' security policy. */
  readonly violations: string[] = [];
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #ended: Promise<void>;
  readonly #kill = () => void this.#child.kill('SIGKILL');
  readonly #remove = () => rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10 });
  readonly #abandon = () => {
    this.#kill();
    this.#remove();
  };
  #bidi: Bidi | undefined;

  private constructor(executable: string, proxy: string) {
    this.#profile = firefoxProfile(proxy);
    this.#child = spawn(executable, ['--headless', '--no-remote', '--remote-debugging-port', '0', '--profile', this.#profile, 'about:blank'], {
      // The profile is the home directory too, so Firefox neither reads nor writes the user's own. A connection that bypasses the
      // proxy ends Firefox.
      env: { ...process.env, HOME: this.#profile, MOZ_DISABLE_NONLOCAL_CONNECTIONS: '1', MOZ_CRASHREPORTER_DISABLE: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#ended = new Promise((resolve) => this.#child.once('close', () => resolve()));
    // If the test ends without its clean-up, end Firefox with this process.
    process.once('exit', this.#abandon);
  }

  static async start(executable: string, proxy: string): Promise<Firefox> {
    const firefox = new Firefox(executable, proxy);
    try {
      firefox.#bidi = await Bidi.connect(`${await firefox.#address()}/session`);
      await firefox.#watch(firefox.#bidi);
    } catch (error) {
      firefox.#kill();
      await firefox.end();
      throw error;
    }
    return firefox;
  }

  /** Opens the address in a new tab in front of the others, and resolves when it is loaded. */
  async open(url: string): Promise<FirefoxTab> {
    const { context } = await this.#bidi!.send<{ context: string }>('browsingContext.create', { type: 'tab' });
    const tab = new FirefoxTab(this.#bidi!, context);
    await tab.goto(url);
    return tab;
  }

  /** Ends Firefox regularly, or kills it if it does not end, and removes its profile. */
  async end(): Promise<void> {
    void this.#bidi?.send('browser.close').catch(() => undefined);
    const late = setTimeout(this.#kill, END_TIMEOUT);
    await this.#ended;
    clearTimeout(late);
    process.off('exit', this.#abandon);
    this.#remove();
  }

  /** Firefox prints the address it listens on to its error stream, among other lines. */
  #address(): Promise<string> {
    const said: string[] = [];
    return new Promise((resolve, reject) => {
      createInterface({ input: this.#child.stderr! }).on('line', (line) => {
        said.push(line);
        const address = /^WebDriver BiDi listening on (ws:\/\/\S+)/u.exec(line)?.[1];
        if (address) resolve(address);
      });
      this.#child.once('error', reject);
      void this.#ended.then(() => reject(new Error(`Firefox did not start:\n${said.join('\n')}`)));
    });
  }

  async #watch(bidi: Bidi): Promise<void> {
    bidi.on<LogEntry>('log.entryAdded', ({ type, level, text }) => {
      if (type === 'javascript' && level === 'error') this.errors.push(text ?? '');
    });
    bidi.on<{ channel: string; data: { value: string } }>('script.message', ({ data }) => this.violations.push(data.value));
    await bidi.send('session.new', { capabilities: {} });
    await bidi.send('session.subscribe', { events: ['log.entryAdded', 'script.message'] });
    const tell = (channel: (text: string) => void) => addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => channel(`${violatedDirective} ${blockedURI}`));
    await bidi.send('script.addPreloadScript', { functionDeclaration: String(tell), arguments: [{ type: 'channel', value: { channel: 'violations' } }] });
  }
}
