import { readBackEnd, type BackEnd } from '../../bridge/life/back-end.ts';
import type { VerifierPurpose, VerifierReport } from '../../bridge/life/control-messages.ts';
import { openJobPort } from '../../bridge/ports/job-port.ts';
import { readPolicyViolation, type PolicyViolation } from '../../bridge/life/policy-violation.ts';
import type { JobResult, VerificationJob } from '../../crypto/jobs.ts';
import type { Clock } from '../../base/clock.ts';
import type { VerifierPort } from './verifier-pool.ts';

/**
 * Maximum number of signature verifiers, whatever the machine has: further ones would wait for the network rather than for the processor.
 */
export const MAX_VERIFIERS = 4;

/** Milliseconds a tab has to lend a verifier, and milliseconds before a tab that could not is asked again. */
const LEND_TIMEOUT = 10_000;

/**
 * Milliseconds that jobs wait for a requested verifier: a slow phone starts one in a second. For proofs it is longer, because a proof on
 * the hub's own thread takes longer than any wait.
 */
const PATIENCE: Readonly<Record<VerifierPurpose, number>> = { signatures: 2_000, zkp: LEND_TIMEOUT };

/** Policy violations accepted from one verifier; further ones would add no information. */
const MAX_VIOLATIONS = 8;

/** How many verifiers a machine can run: one core is left to the page and the hub. */
export function verifiersWanted(cores: number): number {
  return Math.max(1, Math.min(MAX_VERIFIERS, Math.floor(cores) - 1 || 1));
}

/**
 * Whether proofs have a worker of their own. Two cores have nothing to spare: there the hub itself verifies a block that arrives while the
 * one verifier computes a proof.
 */
export function proofsApart(cores: number): boolean {
  return cores > 2;
}

/** A tab that lends verifiers. */
export interface Lender {
  readonly id: string;
  askForVerifier(id: number, purpose: VerifierPurpose): void;
  giveBackVerifier(id: number): void;
}

interface Loan {
  readonly id: number;
  readonly lender: Lender;
  readonly purpose: VerifierPurpose;
  /** Ends the wait for the verifier, or takes it out of the pool. */
  end: () => void;
  lent: boolean;
  /** Jobs no longer wait for this verifier. */
  late: boolean;
}

export interface VerifierLoansOptions {
  readonly clock: Clock;
  /** Adds a verifier to the pool; the returned function removes it. */
  readonly lend: (port: VerifierPort, purpose: VerifierPurpose) => () => void;
  /** A verifier was lent or returned, has reported its back end, or is no longer waited for. */
  readonly onChange: () => void;
  /** A verifier reports that the security policy has blocked something in it. */
  readonly onViolation: (violation: PolicyViolation) => void;
}

/**
 * Decides which tab lends how many verifiers, so that there are as many of each kind as `want` says. The tab that lends fewest is asked.
 * When a tab joins that lends two fewer than another, one verifier moves, so that closing one tab does not take them all.
 */
export class VerifierLoans {
  readonly #options: VerifierLoansOptions;
  readonly #lenders = new Map<string, Lender>();
  /** Tabs that could not lend, each with the function that ends its rest. */
  readonly #resting = new Map<string, () => void>();
  readonly #loans = new Map<number, Loan>();
  #lastId = 0;
  readonly #wanted: Record<VerifierPurpose, number> = { signatures: 0, zkp: 0 };
  #closed = false;

  constructor(options: VerifierLoansOptions) {
    this.#options = options;
  }

  /** Verifiers lent now. */
  get size(): number {
    return Array.from(this.#loans.values()).filter((loan) => loan.lent).length;
  }

  /** Sets how many verifiers of a kind are wanted. Above zero they are requested; at zero all are given back. */
  want(purpose: VerifierPurpose, count: number): void {
    this.#wanted[purpose] = count;
    if (count > 0) this.#ask();
    else for (const loan of this.#for(purpose)) this.#giveBack(loan);
  }

  /** A verifier was requested and has not come yet; the wait ends within `PATIENCE` for each tab. */
  expects(purpose: VerifierPurpose): boolean {
    return this.#for(purpose).some(({ lent, late }) => !lent && !late);
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

  /** An answer from a tab. If it does not match a loan of that tab it is ignored, and a port in it is closed. */
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

  /** Gives back all verifiers. */
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
    for (const purpose of ['signatures', 'zkp'] as const) this.#askFor(purpose, this.#wanted[purpose]);
  }

  #askFor(purpose: VerifierPurpose, wanted: number): void {
    while (!this.#closed && this.#for(purpose).length < wanted) {
      const lender = this.#poorest();
      if (!lender) return;
      const id = ++this.#lastId;
      const cancelWait = this.#options.clock.after(LEND_TIMEOUT, () => {
        this.#giveBack(loan);
        this.#rest(lender.id);
        this.#ask();
      });
      const cancelPatience = this.#options.clock.after(PATIENCE[purpose], () => {
        loan.late = true;
        this.#options.onChange();
      });
      const cancel = () => {
        cancelWait();
        cancelPatience();
      };
      const loan: Loan = { id, lender, purpose, end: cancel, lent: false, late: false };
      this.#loans.set(id, loan);
      lender.askForVerifier(id, purpose);
    }
  }

  #poorest(): Lender | undefined {
    const able = Array.from(this.#lenders.values()).filter((lender) => !this.#resting.has(lender.id));
    return able.sort((a, b) => this.#of(a.id).length - this.#of(b.id).length)[0];
  }

  /** Takes one verifier from the tab that lends most, if it lends at least two more than the tab that lends fewest. */
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
      // A verifier chooses its back end once; later reports are ignored.
      if (backEnd) return;
      backEnd = readBackEnd(facts);
      if (backEnd) this.#options.onChange();
    });
    loan.end = this.#options.lend({ verify: (job) => jobs.run(job), close: () => jobs.close(), backEnd: () => backEnd }, loan.purpose);
    this.#options.onChange();
    // The pool dropped the verifier, it did not answer for too long, or we ended it. In the last case the loan is no longer in the map.
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
    this.#options.onChange();
  }
}
