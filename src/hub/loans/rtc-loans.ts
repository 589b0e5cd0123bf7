import { openChannelPort, type ChannelPort } from '../../bridge/ports/channel-port.ts';
import type { RtcReport, RtcRequest } from '../../bridge/ports/rtc-messages.ts';
import type { Clock } from '../../base/clock.ts';
import type { LogCode } from '../../base/log-codes.ts';
import { RtcError } from '../../engine/rtc-host.ts';
import type { RtcCandidate, RtcChannel, RtcCounts, RtcErrorCode, RtcHost, RtcLink } from '../../engine/rtc-host.ts';

/**
 * Peer connections that one page may ever make: Chromium allows 500 in a process, closed ones included. The page counts across its reloads.
 */
export const RTC_LIMIT = 300;

/** Links at once, opening or open: at most twice the number of peers wanted. */
const MAX_LINKS = 24;

/** Milliseconds a page has for each request, and milliseconds (`REST`) before a page that did not answer or failed is asked again. */
const PAGE_TIMEOUT = 5_000;
const REST = 30_000;

/** A tab as a maker of peer connections. */
export interface RtcLender {
  readonly id: string;
  askForConnection(request: RtcRequest): void;
}

interface Page {
  readonly lender: RtcLender;
  made: number;
  /** The page makes no more connections: its budget is used up, or it has no WebRTC. */
  barren: 'budget' | 'unsupported' | undefined;
  /** Monotonic milliseconds until which the page is not asked. */
  restsUntil: number;
}

export interface RtcLoansOptions {
  readonly clock: Clock;
  readonly iceServers: readonly string[];
  /** Data channels stay in the page, which forwards their messages. */
  readonly proxy: boolean;
  readonly onChange: () => void;
  readonly log: (level: 'info' | 'warning', code: LogCode, data: Readonly<Record<string, string | number>>) => void;
}

/**
 * Decides which page makes which peer connection: the page with the fewest open ones, and among equals the page that has made the fewest.
 * When a page leaves, all its links end at once. Every wait for a page has a deadline.
 */
export class RtcLoans implements RtcHost {
  readonly #options: RtcLoansOptions;
  readonly #pages = new Map<string, Page>();
  readonly #loans = new Map<number, Loan>();
  #lastId = 0;
  /** Connections made, including those of pages that have left. */
  #made = 0;

  constructor(options: RtcLoansOptions) {
    this.#options = options;
  }

  get counts(): RtcCounts {
    return { open: this.#loans.size, made: this.#made, limit: RTC_LIMIT };
  }

  tabJoined(lender: RtcLender): void {
    this.#pages.set(lender.id, { lender, made: 0, barren: undefined, restsUntil: 0 });
  }

  tabLeft(id: string): void {
    this.#pages.delete(id);
    for (const loan of Array.from(this.#loans.values())) if (loan.page.lender.id === id) loan.end('page-left');
  }

  /** A report from a page. If it does not match a link of that page it is ignored, and a port in it is closed. */
  onReport(tab: string, report: RtcReport): void {
    const loan = this.#loans.get(report.id);
    if (loan?.page.lender.id !== tab) {
      if (report.kind === 'rtc-channel') report.port.close();
      return;
    }
    if (report.kind === 'rtc-failed' && (report.code === 'budget' || report.code === 'unsupported')) loan.page.barren = report.code;
    loan.onReport(report);
  }

  open(role: 'offer' | 'answer', onCandidate: (candidate: RtcCandidate) => void): RtcLink {
    if (this.#loans.size >= MAX_LINKS) throw new RtcError('busy');
    const { clock, iceServers, proxy, onChange, log } = this.#options;
    const page = this.#choose();
    const id = ++this.#lastId;
    const loan: Loan = new Loan({
      id, page, clock, onCandidate,
      onEnd: (code) => {
        if (!this.#loans.delete(id)) return;
        if (code === 'no-answer') page.restsUntil = clock.monotonic() + REST;
        if (code !== 'closed') log('info', 'rtc-ended', { reason: `rtc-${code}` });
        onChange();
      },
      onChannel: (way) => log('info', 'rtc-channel', { way }),
    });
    this.#loans.set(id, loan);
    page.made++;
    this.#made++;
    page.lender.askForConnection({ kind: 'rtc-open', id, role, iceServers, proxy });
    if (role === 'offer') loan.expectDescription();
    onChange();
    return loan;
  }

  /** Ends everything. */
  close(): void {
    for (const loan of Array.from(this.#loans.values())) loan.close();
    this.#pages.clear();
  }

  #choose(): Page {
    const now = this.#options.clock.monotonic();
    const able = Array.from(this.#pages.values()).filter(({ made, barren }) => barren === undefined && made < RTC_LIMIT);
    const open = (page: Page) => Array.from(this.#loans.values()).filter((loan) => loan.page === page).length;
    const [best] = able.filter(({ restsUntil }) => restsUntil <= now).sort((a, b) => open(a) - open(b) || a.made - b.made);
    if (best) return best;
    const spent = able.length === 0 && Array.from(this.#pages.values()).some(({ made, barren }) => barren === 'budget' || made >= RTC_LIMIT);
    throw new RtcError(spent ? 'budget' : 'no-page');
  }
}

interface LoanOptions {
  readonly id: number;
  readonly page: Page;
  readonly clock: Clock;
  readonly onCandidate: (candidate: RtcCandidate) => void;
  readonly onEnd: (code: RtcErrorCode) => void;
  readonly onChannel: (way: 'pump' | 'page') => void;
}

/** The hub's side of one peer connection that a page holds. */
class Loan implements RtcLink {
  readonly description: Promise<string>;
  readonly channel: Promise<RtcChannel>;
  readonly page: Page;
  readonly #options: LoanOptions;
  readonly #cancels = new Set<() => void>();
  #describe: (description: string) => void = () => {};
  #open: (channel: RtcChannel) => void = () => {};
  #fail: (error: Error) => void = () => {};
  #onPort: () => void = () => {};
  #port: ChannelPort | undefined;
  #over = false;

  constructor(options: LoanOptions) {
    this.#options = options;
    this.page = options.page;
    let failDescription: (error: Error) => void = () => {};
    this.description = new Promise((resolve, reject) => {
      this.#describe = resolve;
      failDescription = reject;
    });
    this.channel = new Promise((resolve, reject) => {
      this.#open = resolve;
      this.#fail = (error) => {
        failDescription(error);
        reject(error);
      };
    });
    // A caller may await only one of these promises; without this, the other would be an unhandled rejection.
    this.description.catch(() => undefined);
    this.channel.catch(() => undefined);
    this.#expect(new Promise<void>((resolve) => (this.#onPort = resolve)));
  }

  describe(description: string): void {
    if (this.#over) return;
    this.#ask({ kind: 'rtc-remote', id: this.#options.id, description });
    this.expectDescription();
  }

  addCandidate({ candidate, mid }: RtcCandidate): void {
    if (!this.#over) this.#ask({ kind: 'rtc-remote-candidate', id: this.#options.id, candidate, mid });
  }

  close(): void {
    this.end('closed');
  }

  /** Our description must come from the page in time. */
  expectDescription(): void {
    this.#expect(this.description);
  }

  onReport(report: RtcReport): void {
    switch (report.kind) {
      case 'rtc-local':
        return this.#describe(report.description);
      case 'rtc-candidate':
        return this.#options.onCandidate({ candidate: report.candidate, mid: report.mid });
      case 'rtc-failed':
        return this.end(report.code);
      case 'rtc-channel':
        return this.#take(report.port, report.way);
    }
  }

  end(code: RtcErrorCode): void {
    if (this.#over) return;
    this.#over = true;
    for (const cancel of this.#cancels) cancel();
    this.#fail(new RtcError(code));
    if (code === 'page-left') this.#port?.lose();
    else this.#port?.close();
    if (code !== 'page-left') this.#ask({ kind: 'rtc-close', id: this.#options.id });
    this.#options.onEnd(code);
  }

  #take(port: MessagePort, way: 'pump' | 'page'): void {
    if (this.#port) return port.close();
    const channel = openChannelPort(port);
    this.#port = channel;
    this.#onPort();
    channel.opened.then(
      () => {
        if (this.#over) return;
        this.#options.onChannel(way);
        this.#open({
          send: (bytes) => channel.send(bytes),
          listen: (handlers) =>
            channel.listen({
              message: (bytes) => handlers.message(bytes),
              drain: () => handlers.drain(),
              closed: (code) => {
                // Record the reason first, because the handlers close this link when they are told.
                this.end(code);
                handlers.closed(code);
              },
            }),
          close: () => channel.close(),
        });
      },
      () => this.end('failed'),
    );
  }

  /** Ends the link if the page does not finish in time. */
  #expect(done: Promise<unknown>): void {
    const cancel = this.#options.clock.after(PAGE_TIMEOUT, () => this.end('no-answer'));
    this.#cancels.add(cancel);
    done.then(
      () => {
        cancel();
        this.#cancels.delete(cancel);
      },
      () => undefined,
    );
  }

  #ask(request: RtcRequest): void {
    this.page.lender.askForConnection(request);
  }
}
