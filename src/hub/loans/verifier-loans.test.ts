import { afterEach, describe, expect, it, vi } from 'vitest';
import { serveJobs } from '../../bridge/ports/job-port.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import type { VerifierPurpose } from '../../bridge/life/control-messages.ts';
import type { PolicyViolation } from '../../bridge/life/policy-violation.ts';
import type { JobResult, VerificationJob } from '../../crypto/jobs.ts';
import { MAX_VERIFIERS, proofsApart, VerifierLoans, verifiersWanted, type Lender } from './verifier-loans.ts';
import type { VerifierPort } from './verifier-pool.ts';

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

class FakeLender implements Lender {
  readonly id: string;
  readonly asked: number[] = [];
  readonly returned: number[] = [];
  readonly purposes: VerifierPurpose[] = [];
  constructor(id: string) {
    this.id = id;
  }
  askForVerifier(id: number, purpose: VerifierPurpose): void {
    this.asked.push(id);
    this.purposes.push(purpose);
  }
  giveBackVerifier(id: number): void {
    this.returned.push(id);
  }
  /** Verifiers that it was asked to lend and that are not returned, whether it answered or not. */
  get out(): number {
    return this.asked.length - this.returned.length;
  }
}

function setUp(wanted: number) {
  const clock = new ManualClock();
  const pool = new Set<VerifierPort>();
  const onChange = vi.fn<() => void>();
  const purposes: VerifierPurpose[] = [];
  const lend = (port: VerifierPort, purpose: VerifierPurpose) => {
    pool.add(port);
    purposes.push(purpose);
    return () => {
      pool.delete(port);
      port.close();
    };
  };
  const violations: PolicyViolation[] = [];
  const onViolation = (violation: PolicyViolation) => void violations.push(violation);
  const loans = new VerifierLoans({ clock, lend, onChange, onViolation });
  loans.want('signatures', wanted);
  return { clock, pool, purposes, onChange, violations, loans };
}

function workerPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  serveJobs<VerificationJob, JobResult>(port2, () => ({ valid: true, decoded: [] }), new ManualClock());
  return port1;
}

describe('verifier loans', () => {
  it('has a worker for proofs where there are more cores than two', () => {
    expect([1, 2, 3, 4].map(proofsApart)).toEqual([false, false, true, true]);
  });

  it('wants one verifier less than there are cores, at least one and at most four', () => {
    expect([1, 2, 3, 5, 64, NaN].map(verifiersWanted)).toEqual([1, 1, 2, MAX_VERIFIERS, MAX_VERIFIERS, 1]);
  });

  it('asks tabs, and adds each lent worker to the pool', async () => {
    const { loans, pool, onChange } = setUp(2);
    const a = new FakeLender('a');
    loans.tabJoined(a);
    expect(a.asked).toEqual([1, 2]);
    loans.onReport('a', { kind: 'verifier', id: 1, port: workerPort() });
    expect(loans.size).toBe(1);
    expect(onChange).toHaveBeenCalledTimes(1);
    const [port] = pool;
    expect(await port?.verify({ kind: 'keys', keys: [] })).toEqual({ valid: true, decoded: [] });
  });

  it("reads a worker's back end report, once, and no other message", async () => {
    const { loans, pool, onChange } = setUp(1);
    loans.tabJoined(new FakeLender('a'));
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    loans.onReport('a', { kind: 'verifier', id: 1, port: port1 });
    const [port] = pool;
    expect([port?.backEnd?.(), onChange.mock.calls.length]).toEqual([undefined, 1]);
    const { tell } = serveJobs<VerificationJob, JobResult>(port2, () => ({ valid: true, decoded: [] }), new ManualClock());
    const nonsense: object[] = [{ backend: 'abacus' }, { backend: 'bigint', reason: 'x'.repeat(1000) }, []];
    for (const facts of [...nonsense, { backend: 'bigint', reason: 'csp' }, { backend: 'wasm' }, { backend: 'wasm' }]) tell(facts);
    await port?.verify({ kind: 'keys', keys: [] });
    expect(port?.backEnd?.()).toEqual({ backend: 'bigint', reason: 'csp' });
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  it('passes on policy violations in a worker, shortened and only a few times', async () => {
    const { loans, pool, violations } = setUp(1);
    loans.tabJoined(new FakeLender('a'));
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    loans.onReport('a', { kind: 'verifier', id: 1, port: port1 });
    const { tell } = serveJobs<VerificationJob, JobResult>(port2, () => ({ valid: true, decoded: [] }), new ManualClock());
    tell({ directive: 'connect-src', blocked: 7 });
    for (let i = 0; i < 100; i++) tell({ directive: 'connect-src', blocked: 'https://elsewhere.example/'.repeat(100) });
    await Array.from(pool)[0]?.verify({ kind: 'keys', keys: [] });
    expect(violations).toHaveLength(8);
    expect(violations[0]?.blocked).toHaveLength(200);
  });

  it('spreads verifiers over the tabs, also when a tab comes later', () => {
    const { loans } = setUp(4);
    const [a, b, c] = [new FakeLender('a'), new FakeLender('b'), new FakeLender('c')];
    loans.tabJoined(a);
    expect(a.out).toBe(4);
    loans.tabJoined(b);
    expect([a.out, b.out]).toEqual([3, 1]);
    loans.tabJoined(c);
    expect([a.out, b.out, c.out]).toEqual([2, 1, 1]);
  });

  it('asks the other tabs when one is lost', () => {
    const { loans, pool } = setUp(2);
    const [a, b] = [new FakeLender('a'), new FakeLender('b')];
    loans.tabJoined(a);
    loans.onReport('a', { kind: 'verifier', id: 1, port: workerPort() });
    loans.onReport('a', { kind: 'verifier', id: 2, port: workerPort() });
    expect(pool.size).toBe(2);
    loans.tabJoined(b);
    loans.tabLeft('a');
    expect(pool.size).toBe(0);
    expect(loans.size).toBe(0);
    expect(b.out).toBe(2);
  });

  it('when a tab cannot lend, asks another one, and that tab again only after a pause', () => {
    const { loans, clock } = setUp(1);
    const [a, b] = [new FakeLender('a'), new FakeLender('b')];
    loans.tabJoined(a);
    loans.tabJoined(b);
    loans.onReport('a', { kind: 'no-verifier', id: 1 });
    expect([a.asked.length, b.asked.length]).toEqual([1, 1]);
    loans.onReport('b', { kind: 'no-verifier', id: 2 });
    expect([a.asked.length, b.asked.length]).toEqual([1, 1]);
    clock.advance(10_000);
    expect(a.asked.length + b.asked.length).toBe(3);
  });

  it('does not wait without limit for a promised verifier', () => {
    const { loans, clock } = setUp(1);
    const [a, b] = [new FakeLender('a'), new FakeLender('b')];
    loans.tabJoined(a);
    loans.tabJoined(b);
    clock.advance(10_000);
    expect(a.returned).toEqual([1]);
    expect(b.asked).toHaveLength(1);
    const late = workerPort();
    const close = vi.spyOn(late, 'close');
    loans.onReport('a', { kind: 'verifier', id: 1, port: late });
    expect(close).toHaveBeenCalled();
    expect(loans.size).toBe(0);
  });

  it('returns a verifier that the pool dropped, and asks for another', async () => {
    const { loans, pool, clock } = setUp(1);
    const a = new FakeLender('a');
    loans.tabJoined(a);
    loans.onReport('a', { kind: 'verifier', id: 1, port: workerPort() });
    for (const port of pool) port.close();
    await vi.waitFor(() => expect(a.returned).toEqual([1]));
    expect(pool.size).toBe(0);
    clock.advance(10_000);
    expect(a.asked).toEqual([1, 2]);
  });

  it('a tab cannot answer for another one', () => {
    const { loans, pool } = setUp(1);
    const [a, b] = [new FakeLender('a'), new FakeLender('b')];
    loans.tabJoined(a);
    loans.tabJoined(b);
    loans.onReport('b', { kind: 'verifier', id: 1, port: workerPort() });
    loans.onReport('b', { kind: 'no-verifier', id: 1 });
    expect(pool.size).toBe(0);
    expect(a.asked).toEqual([1]);
    expect(b.asked).toEqual([]);
  });

  it('returns everything at the end', () => {
    const { loans, pool, clock } = setUp(2);
    const a = new FakeLender('a');
    loans.tabJoined(a);
    loans.onReport('a', { kind: 'verifier', id: 1, port: workerPort() });
    loans.close();
    expect(a.returned.sort()).toEqual([1, 2]);
    expect(pool.size).toBe(0);
    expect(clock.waiting).toBe(0);
  });

  it('asks for a verifier of proofs while one is wanted, and then returns it', () => {
    const { loans, pool, purposes, onChange } = setUp(1);
    const a = new FakeLender('a');
    loans.tabJoined(a);
    loans.onReport('a', { kind: 'verifier', id: 1, port: workerPort() });
    expect(loans.expects('zkp')).toBe(false);
    loans.want('zkp', 1);
    loans.want('zkp', 1);
    expect(a.purposes).toEqual(['signatures', 'zkp']);
    expect(loans.expects('zkp')).toBe(true);
    loans.onReport('a', { kind: 'verifier', id: 2, port: workerPort() });
    expect(loans.expects('zkp')).toBe(false);
    expect(purposes).toEqual(['signatures', 'zkp']);
    expect(loans.size).toBe(2);
    expect(onChange).toHaveBeenCalledTimes(2);
    loans.want('zkp', 0);
    expect(a.returned).toEqual([2]);
    expect(pool.size).toBe(1);
  });

  it('expects no verifier of proofs if no tab can lend one', () => {
    const { loans, clock, onChange } = setUp(1);
    loans.want('zkp', 1);
    expect(loans.expects('zkp')).toBe(false);
    const a = new FakeLender('a');
    loans.tabJoined(a);
    loans.onReport('a', { kind: 'verifier', id: 1, port: workerPort() });
    expect(loans.expects('zkp')).toBe(true);
    onChange.mockClear();
    loans.onReport('a', { kind: 'no-verifier', id: 2 });
    expect(loans.expects('zkp')).toBe(false);
    expect(onChange).toHaveBeenCalledTimes(1);
    // The tab is asked again after its pause, and then does not answer.
    clock.advance(10_000);
    expect(loans.expects('zkp')).toBe(true);
    clock.advance(10_000);
    expect(loans.expects('zkp')).toBe(false);
    expect(a.returned).toEqual([3]);
  });

  it('does not move a verifier of proofs to another tab', () => {
    const { loans } = setUp(1);
    const [a, b] = [new FakeLender('a'), new FakeLender('b')];
    loans.tabJoined(a);
    loans.onReport('a', { kind: 'verifier', id: 1, port: workerPort() });
    loans.want('zkp', 1);
    loans.onReport('a', { kind: 'verifier', id: 2, port: workerPort() });
    loans.tabJoined(b);
    expect(a.returned).toEqual([1]);
    expect(b.purposes).toEqual(['signatures']);
  });

  it('returns the signature verifiers while none is wanted, and asks again later', () => {
    const { loans, pool } = setUp(2);
    const a = new FakeLender('a');
    loans.tabJoined(a);
    for (const id of [1, 2]) loans.onReport('a', { kind: 'verifier', id, port: workerPort() });
    loans.want('signatures', 0);
    expect([a.returned, pool.size, loans.size]).toEqual([[1, 2], 0, 0]);
    // A tab that joins meanwhile is not asked.
    const b = new FakeLender('b');
    loans.tabJoined(b);
    expect(b.asked).toEqual([]);
    loans.want('signatures', 2);
    expect([a.asked.length, b.asked.length]).toEqual([3, 1]);
  });

  it('lets jobs wait for a requested signature verifier, but not as long as a tab may take', () => {
    const { loans, clock, onChange } = setUp(1);
    expect(loans.expects('signatures')).toBe(false);
    loans.tabJoined(new FakeLender('a'));
    expect(loans.expects('signatures')).toBe(true);
    onChange.mockClear();
    clock.advance(2_000);
    expect(loans.expects('signatures')).toBe(false);
    expect(onChange).toHaveBeenCalledTimes(1);
    // The verifier still comes in time.
    loans.onReport('a', { kind: 'verifier', id: 1, port: workerPort() });
    expect(loans.size).toBe(1);
  });
});
