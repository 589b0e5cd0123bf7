import { readBackEnd, type BackEnd } from '../bridge/back-end.ts';
import type { VerifierPurpose, VerifierReport } from '../bridge/control-messages.ts';
import { openJobPort } from '../bridge/job-port.ts';
import { readPolicyViolation, type PolicyViolation } from '../bridge/policy-violation.ts';
import type { JobResult, VerificationJob } from '../crypto/jobs.ts';
import type { Clock } from '../engine/clock.ts';
import type { VerifierPort } from './verifier-pool.ts';

/** Verifiers of signatures at most in all, whatever the machine has: more of them wait for the network rather than for the processor. */
export const MAX_VERIFIERS = 4;

/** Milliseconds a tab has to lend what it was asked for, and milliseconds before one that could not is asked again. */
const LEND_TIMEOUT = 10_000;

/** Violations of the security policy that one verifier is listened to for: what comes after says no more. */
const MAX_VIOLATIONS = 8;

/** How many verifiers a machine is good for: one core is left to the page and the hub. */
export function verifiersWanted(cores: number): number {
  return Math.max(1, Math.min(MAX_VERIFIERS, Math.floor(cores) - 1 || 1));
}

/** A tab as a lender sees it. */
export interface Lender {
  readonly id: string;
  askForVerifier(id: number, purpose: VerifierPurpose): void;
  giveBackVerifier(id: number): void;
}

interface Loan {
  readonly id: number;
  readonly lender: Lender;
  readonly purpose: VerifierPurpose;
  /** Ends the wait for it, or takes it out of the pool. */
  end: () => void;
  lent: boolean;
}

export interface VerifierLoansOptions {
  /** Verifiers of signatures. */
  readonly wanted: number;
  readonly clock: Clock;
  /** Takes a verifier into the pool; the returned function takes it out. */
  readonly lend: (port: VerifierPort, purpose: VerifierPurpose) => () => void;
  /** One more or one less is lent, one has said what it computes on, or the one for proofs is no longer on its way. */
  readonly onChange: () => void;
  /** The security policy has refused something in a verifier, by its own word. */
  readonly onViolation: (violation: PolicyViolation) => void;
}

/**
 * Which tab lends how many verifiers: always as many for signatures as there are to be, and one for proofs while `wantZkp` says so. The tab that lends fewest is asked; when a tab comes that lends two less than another, one moves, so
 * that the closing of one tab does not take them all.
 */
export class VerifierLoans {
  readonly #options: VerifierLoansOptions;
  readonly #lenders = new Map<string, Lender>();
  /** Tabs that could not lend, with the end of their rest. */
  readonly #resting = new Map<string, () => void>();
  readonly #loans = new Map<number, Loan>();
  #lastId = 0;
  #zkpWanted = false;
  #closed = false;

  constructor(options: VerifierLoansOptions) {
    this.#options = options;
  }

  /** Verifiers lent at the moment. */
  get size(): number {
    return Array.from(this.#loans.values()).filter((loan) => loan.lent).length;
  }

  /** Whether there is to be a verifier for proofs: it is asked for, or given back. */
  wantZkp(wanted: boolean): void {
    this.#zkpWanted = wanted;
    if (wanted) this.#ask();
    else for (const loan of this.#for('zkp')) this.#giveBack(loan);
  }

  /** A verifier for proofs was asked for and has not come yet; the waiting ends within `LEND_TIMEOUT` for each tab. */
  get expectsZkp(): boolean {
    return this.#for('zkp').some(({ lent }) => !lent);
  }

  tabJoined(lender: Lender): void {
    this.#lenders.set(lender.id, lender);
    this.#level();
    this.#ask();
  }

  tabLeft(id: string): void {
    this.#lenders.delete(id);
    this.#resting.get(id)?.();
    this.#resting.delete(id);
    for (const loan of this.#of(id)) this.#end(loan);
    this.#ask();
  }

  /** What a tab answered; anything that does not fit a loan of that tab is ignored (and a port in it closed). */
  onReport(tab: string, report: VerifierReport): void {
    const loan = this.#loans.get(report.id);
    const fits = loan?.lender.id === tab;
    if (report.kind === 'verifier') {
      if (fits && !loan.lent) this.#take(loan, report.port);
      else report.port.close();
    } else if (fits) {
      this.#end(loan);
      this.#rest(tab);
      this.#ask();
    }
  }

  /** Gives everything back. */
  close(): void {
    this.#closed = true;
    for (const end of this.#resting.values()) end();
    for (const loan of Array.from(this.#loans.values())) this.#giveBack(loan);
  }

  #of(tab: string): Loan[] {
    return Array.from(this.#loans.values()).filter((loan) => loan.lender.id === tab);
  }

  #for(purpose: VerifierPurpose): Loan[] {
    return Array.from(this.#loans.values()).filter((loan) => loan.purpose === purpose);
  }

  #ask(): void {
    this.#askFor('signatures', this.#options.wanted);
    this.#askFor('zkp', this.#zkpWanted ? 1 : 0);
  }

  #askFor(purpose: VerifierPurpose, wanted: number): void {
    while (!this.#closed && this.#for(purpose).length < wanted) {
      const lender = this.#poorest();
      if (!lender) return;
      const id = ++this.#lastId;
      const cancel = this.#options.clock.after(LEND_TIMEOUT, () => {
        this.#giveBack(loan);
        this.#rest(lender.id);
        this.#ask();
      });
      const loan: Loan = { id, lender, purpose, end: cancel, lent: false };
      this.#loans.set(id, loan);
      lender.askForVerifier(id, purpose);
    }
  }

  #poorest(): Lender | undefined {
    const able = Array.from(this.#lenders.values()).filter((lender) => !this.#resting.has(lender.id));
    return able.sort((a, b) => this.#of(a.id).length - this.#of(b.id).length)[0];
  }

  /** One verifier less for the tab that lends most, if that is two more than the tab that lends fewest. */
  #level(): void {
    const poorest = this.#poorest();
    const richest = Array.from(this.#lenders.values()).sort((a, b) => this.#of(b.id).length - this.#of(a.id).length)[0];
    if (!poorest || !richest) return;
    const loan = this.#of(richest.id).find(({ purpose }) => purpose === 'signatures');
    if (loan && this.#of(richest.id).length - this.#of(poorest.id).length >= 2) this.#giveBack(loan);
  }

  #take(loan: Loan, port: MessagePort): void {
    loan.end();
    loan.lent = true;
    let backEnd: BackEnd | undefined;
    let violations = 0;
    const jobs = openJobPort<VerificationJob, JobResult>(port, this.#options.clock, (facts) => {
      if (this.#loans.get(loan.id) !== loan) return;
      const violation = violations < MAX_VIOLATIONS ? readPolicyViolation(facts) : undefined;
      if (violation) {
        violations++;
        this.#options.onViolation(violation);
      }
      // It is chosen once; whoever goes on talking is not listened to.
      if (backEnd) return;
      backEnd = readBackEnd(facts);
      if (backEnd) this.#options.onChange();
    });
    loan.end = this.#options.lend({ verify: (job) => jobs.run(job), close: () => jobs.close(), backEnd: () => backEnd }, loan.purpose);
    this.#options.onChange();
    // Dropped by the pool, silent for too long, or ended by us: in the last case the loan is no longer there.
    void jobs.ended.then(() => {
      if (this.#loans.get(loan.id) !== loan) return;
      this.#giveBack(loan);
      this.#rest(loan.lender.id);
      this.#ask();
    });
  }

  #rest(tab: string): void {
    if (this.#closed || !this.#lenders.has(tab)) return;
    this.#resting.get(tab)?.();
    const cancel = this.#options.clock.after(LEND_TIMEOUT, () => {
      this.#resting.delete(tab);
      this.#ask();
    });
    this.#resting.set(tab, cancel);
  }

  #giveBack(loan: Loan): void {
    this.#end(loan);
    loan.lender.giveBackVerifier(loan.id);
  }

  #end(loan: Loan): void {
    if (!this.#loans.delete(loan.id)) return;
    loan.end();
    if (loan.lent || loan.purpose === 'zkp') this.#options.onChange();
  }
}
