import { setTimeout as wait } from 'node:timers/promises';
import { Browser } from '../browser.ts';
import { memoryOf, type Memory } from '../process-memory.ts';
import { withTimeout } from '../with-timeout.ts';

/** Milliseconds between Chromium's start and the opening. */
const QUIET = 2000;
/** Milliseconds. After a failed dial, clients wait up to 15 s for their next try. */
const PATIENCE = 120_000;

export interface WalletVisitOptions {
  readonly executable: string;
  readonly profile: string;
  readonly url: string;
  /** Whose transactions are asked for, and how many. Undefined: a page without a client. */
  readonly history: { readonly address: string; readonly count: number } | undefined;
  /** A signed transaction in hex, made when it is needed; `onSent` is called as soon as the page begins to send. */
  readonly transaction: () => string;
  readonly onSent: () => Promise<void>;
  /** Milliseconds from the last answer to the reading of memory. */
  readonly settle: number;
  readonly onLaunch: (browser: Browser) => void;
}

/** One opening of a wallet. Times are milliseconds. */
export interface WalletVisit {
  readonly answers: { readonly consensus: number; readonly balanceAt: number; readonly balance: number; readonly history: { readonly took: number; readonly found: number }; readonly sending: { readonly took: number; readonly state: string } } | undefined;
  readonly memory: Memory | undefined;
}

/** Opens a page in a Chromium of its own: first balance, history, a payment, memory. */
export async function visitWallet(options: WalletVisitOptions): Promise<WalletVisit & { readonly chromium: string }> {
  const browser = await Browser.launch(options.executable, options.profile);
  options.onLaunch(browser);
  const { tab } = browser;
  const page = <T>(expression: string, what: string): Promise<T> => withTimeout(tab.evaluate<T>(expression), PATIENCE, `${options.url}: ${what}`);
  try {
    const chromium = await browser.version();
    await tab.inject('globalThis.walletPage = Promise.withResolvers();');
    await wait(QUIET);
    await tab.open(options.url);
    let answers: WalletVisit['answers'];
    if (options.history) {
      const { address, count } = options.history;
      const first = await page<Pick<NonNullable<WalletVisit['answers']>, 'consensus' | 'balanceAt' | 'balance'>>('walletPage.promise.then(({ consensus, balanceAt, balance }) => ({ consensus, balanceAt, balance }))', 'no balance');
      const history = await page<{ took: number; found: number }>(`walletPage.promise.then((page) => page.history(${JSON.stringify(address)}, ${count}))`, 'no history');
      const sending = page<{ took: number; state: string }>(`walletPage.promise.then((page) => page.send(${JSON.stringify(options.transaction())}))`, 'not sent');
      const [sent] = await Promise.all([sending, options.onSent()]);
      answers = { ...first, history, sending: sent };
    }
    await wait(options.settle);
    return { chromium, answers, memory: await memoryOf(await browser.processes()) };
  } finally {
    await browser.close();
  }
}
