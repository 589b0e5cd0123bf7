// Tests: `src/chains/stacks/client/stacks-chain.test.ts`.
/**
 * Which headers are certified: signatures are verified once a header, and hashes bind others to it.
 * @module
 */
import type { Clock } from '../../../base/clock.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { RuleCode } from '../chain/rule-code.ts';
import type { SignedWeight } from '../chain/signer-rules.ts';
import type { StacksItem } from '../chain/stacks-block.ts';
import { certify } from '../proofs/statement.ts';
import type { KnownCycles } from './known-cycles.ts';

/** Blocks that are remembered; at the bound the oldest are forgotten, and verified again where it matters. A day of a block each ten seconds. */
const MAX_REMEMBERED = 8_192;

/** What was checked since the checkpoint. */
export interface StacksCounts {
  readonly [name: string]: number;
  /** Headers whose signatures were verified, or that hashes bind to such. */
  readonly headers: number;
  readonly signatures: number;
  readonly cycles: number;
  readonly stateProofs: number;
  readonly milliseconds: number;
}

export const nothingChecked: StacksCounts = { headers: 0, signatures: 0, cycles: 0, stateProofs: 0, milliseconds: 0 };

/**
 * `signed`: its signatures were verified with the set of this cycle. `begins`: one of its signers was not in the set before, so the cycle has begun. Neighbouring sets overlap, but
 * no signer signs before it is in a set. `linked`: hashes bind it to such a block.
 */
export type Standing = { readonly kind: 'signed'; readonly cycle: number; readonly begins: boolean; readonly weight: SignedWeight; readonly minerKeyHash: string } | { readonly kind: 'linked' };

/**
 * `cycle-unproven`: the set of the cycle is not trusted. `order`: the header lies below the block that named the set, or before its time. `cycle-ended`: it lies at or above one
 * by which the cycle is over.
 */
export type CertifyCode = RuleCode | 'cycle-unproven' | 'order' | 'cycle-ended';

export interface CertifierOptions {
  readonly cycles: KnownCycles;
  readonly verify: Verify;
  readonly clock: Pick<Clock, 'monotonic'>;
}

export class Certifier {
  readonly #options: CertifierOptions;
  readonly #standings = new Map<Hash, Standing>();
  #checked: StacksCounts = nothingChecked;

  constructor(options: CertifierOptions) {
    this.#options = options;
  }

  get checked(): StacksCounts {
    return this.#checked;
  }

  standing(id: Hash): Standing | undefined {
    return this.#standings.get(id);
  }

  /**
   * Whether a block whose signers were verified here was signed by another miner than this one: 40 hex digits, as a gateway tells of the block's sortition. The block's id covers
   * the miner's signature, and its signers know the sortition, so that a difference is an error of the gateway.
   */
  hasOtherMiner(id: Hash, minerKeyHash: string | undefined): boolean {
    const standing = this.#standings.get(id);
    return minerKeyHash !== undefined && standing?.kind === 'signed' && standing.minerKeyHash !== minerKeyHash;
  }

  /** The cycle that a block shows to have begun; undefined: none. */
  begunBy(id: Hash): number | undefined {
    const standing = this.#standings.get(id);
    return standing?.kind === 'signed' && standing.begins ? standing.cycle : undefined;
  }

  /** Whether the set of this very cycle certified it: sets of other cycles may have, too, because neighbours overlap. */
  isSignedBy(id: Hash, cycle: number): boolean {
    const standing = this.#standings.get(id);
    return standing?.kind === 'signed' && standing.cycle === cycle;
  }

  /**
   * `signer-twice` for a header with more signatures than any trusted set has signers. No hash covers them, so that a gateway could send thousands, which would be kept, with
   * each header that hashes bind.
   */
  faultOfSize({ signerSignatures }: StacksItem['block']['header']): 'signer-twice' | undefined {
    return signerSignatures.length > this.#options.cycles.mostSigners ? 'signer-twice' : undefined;
  }

  /** The rule that keeps the set of this cycle from certifying the header; undefined: it did. Rejects with the signal's reason only. */
  async certify({ id, block: { header } }: StacksItem, cycle: number, signal: AbortSignal): Promise<CertifyCode | undefined> {
    const { cycles, verify, clock } = this.#options;
    const set = cycles.setOf(cycle);
    if (!set) return 'cycle-unproven';
    if (header.chainLength >= cycles.ceilingOf(cycle)) return 'cycle-ended';
    if (this.isSignedBy(id, cycle)) return undefined;
    const began = clock.monotonic();
    const certified = await certify(header, cycles.floorOf(cycle), set, { verify, signal });
    if (!certified.ok) return certified.code === 'signers' ? certified.detail : 'order';
    const known = this.#standings.has(id);
    const before = cycles.setOf(cycle - 1);
    const begins = before !== undefined && certified.signers.some((signer) => !before.members.some(({ keyHash }) => keyHash === signer));
    this.#remember(id, { kind: 'signed', cycle, begins, weight: certified.weight, minerKeyHash: certified.minerKeyHash });
    this.count({ headers: known ? 0 : 1, signatures: header.signerSignatures.length, milliseconds: clock.monotonic() - began });
    return undefined;
  }

  /** The newest cycle whose set certified a header of which nobody says the cycle; undefined: none did. Rejects with the signal's reason only. */
  async certifyByAny(item: StacksItem, signal: AbortSignal): Promise<number | undefined> {
    const { cycles } = this.#options;
    for (let cycle = cycles.newest; cycles.has(cycle); cycle -= 1) if ((await this.certify(item, cycle, signal)) === undefined) return cycle;
    return undefined;
  }

  /** Hashes bind these blocks to one that is certified. */
  linked(ids: readonly Hash[]): void {
    const fresh = ids.filter((id) => !this.#standings.has(id));
    for (const id of fresh) this.#remember(id, { kind: 'linked' });
    this.count({ headers: fresh.length });
  }

  count(more: Partial<StacksCounts>): void {
    this.#checked = { ...this.#checked, ...Object.fromEntries(Object.entries(more).map(([name, count]) => [name, this.#checked[name]! + (count ?? 0)])) };
  }

  /** The counts of earlier sessions: what is verified again at the start does not count twice. */
  setChecked(checked: StacksCounts): void {
    this.#checked = checked;
  }

  reset(): void {
    this.#standings.clear();
    this.#checked = nothingChecked;
  }

  #remember(id: Hash, standing: Standing): void {
    this.#standings.delete(id);
    this.#standings.set(id, standing);
    if (this.#standings.size > MAX_REMEMBERED) this.#standings.delete(this.#standings.keys().next().value!);
  }
}
