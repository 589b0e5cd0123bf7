// Tests: `src/chains/hotstuff2/client/hotstuff2-chain.test.ts`.
import type { Clock } from '../../../base/clock.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { Fault, RunFault, Target } from '../../../engine/sync/sync-chain.ts';
import { MAX_AHEAD } from '../chain/block-tree.ts';
import { checkBlockStructure } from '../chain/check-block-structure.ts';
import { checkLink, checkProposer } from '../chain/check-link.ts';
import { checkSetsOfPair } from '../chain/hand-over.ts';
import type { SetStanding } from '../chain/hand-over.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import type { KnownSets } from '../chain/known-sets.ts';
import { Losers } from '../chain/losers.ts';
import type { Hs2Network } from '../chain/network.ts';
import { faultOf } from '../chain/rule-code.ts';
import { certificatesToCheck, finalInRun, followSets } from '../chain/run-rules.ts';
import { isTwoChain } from '../chain/verify-finality.ts';
import { verifyQcs } from '../chain/verify-qc.ts';
import type { QcCase } from '../chain/verify-qc.ts';
import type { Header } from '../wire/header.ts';

interface SignaturesChecked {
  readonly fault: RunFault | undefined;
  /** Certificates that were verified. */
  readonly certificates: number;
  readonly milliseconds: number;
}

/** The stages of the sync's pipeline, up to finality; see `SyncChain`. */
export class RunStages {
  /** Blocks whose certificate was verified. */
  readonly certified = new WeakSet<Hs2Item>();
  readonly #options: { readonly network: Hs2Network; readonly verify: Verify; readonly clock: Clock; readonly sets: KnownSets };
  /** The child that makes the last final block of the newest run final. */
  #child: Hs2Item | undefined;

  constructor(options: { readonly network: Hs2Network; readonly verify: Verify; readonly clock: Clock; readonly sets: KnownSets }) {
    this.#options = options;
  }

  checkStructure(item: Hs2Item): Fault | undefined {
    const code = checkBlockStructure(item, this.#options.network);
    return code && faultOf(code, item);
  }

  /** `header`: of the parent; undefined: it is not here. */
  checkLink(header: Header | undefined, id: Hash, item: Hs2Item): Fault | undefined {
    if (!header) return faultOf('parent', item);
    const set = this.#options.sets.get(item.block.header.validators);
    const code = checkLink({ id, header }, item.block.header) ?? checkSetsOfPair(header, item.block.header) ?? (set && checkProposer(item.block.header, set.keys.length));
    return code && faultOf(code, item);
  }

  /**
   * `parent`: the header before the run; undefined: it is not here. The bytes of a set are asked for when the run begins with it, or when the certificates of
   * all blocks before it, which announce it, are good: nobody can have invented sets fetched.
   */
  async checkSignatures(run: readonly Hs2Item[], { each, signal }: { readonly each: boolean; readonly signal: AbortSignal }, parent: Header | undefined): Promise<SignaturesChecked> {
    const { sets, clock } = this.#options;
    const first = run[0]?.block.header.validators;
    const isAnchored = first !== undefined && (sets.trusted.includes(first) || parent?.nextValidators === first);
    let cases: QcCase[] = [];
    let waiting: Hs2Item[] = [];
    let certificates = 0;
    let milliseconds = 0;
    let stop: RunFault | undefined;
    const verify = async (): Promise<void> => {
      const began = clock.monotonic();
      const bad = await verifyQcs(cases, this.#options.verify, signal);
      signal.throwIfAborted();
      milliseconds += clock.monotonic() - began;
      for (const item of waiting.slice(0, bad?.at)) this.certified.add(item);
      certificates += bad?.at ?? waiting.length;
      if (bad) stop = { ...faultOf(bad.code, waiting[bad.at]!), at: waiting[bad.at]!.height };
      [cases, waiting] = [[], []];
    };
    for (const i of each ? run.keys() : certificatesToCheck(run)) {
      const item = run[i]!;
      const { header, qc } = item.block;
      const isStrange = sets.get(header.validators) === undefined && header.validators !== first;
      if (isStrange && isAnchored) await verify();
      if (stop) break;
      const set = isStrange && !isAnchored ? 'set-unknown-bytes' : await sets.find(header.validators, signal);
      const code = typeof set === 'string' ? set : (checkProposer(header, set.keys.length) ?? (qc ? undefined : 'no-certificate'));
      if (code) {
        await verify();
        stop ??= { ...faultOf(code, item), at: item.height };
        break;
      }
      cases.push({ qc: qc!, hash: item.id, view: header.view, set: set as Exclude<typeof set, string> });
      waiting.push(item);
    }
    if (!stop) await verify();
    return { fault: stop, certificates, milliseconds };
  }

  /** `standing`: of the newest final block, on which the run follows. */
  checkFinality(run: readonly Hs2Item[], target: Target, standing: SetStanding): RunFault | undefined {
    const { standings, fault } = followSets(standing, run);
    const good = run.slice(0, standings.length);
    const other = target.proven ? run.find(({ height, id }) => height === target.height && id !== target.id) : undefined;
    if (other) return { code: 'other-block', weight: 'lie', data: { height: other.height, hash: other.id }, at: other.height };
    const last = finalInRun(good, target, (item) => this.certified.has(item));
    const next = run[last + 1];
    this.#child = last >= 0 ? next : undefined;
    if (!next) return undefined;
    // A broken hand-over further up does not say who sent the blocks before it.
    if (fault) return { ...fault, weight: fault.at === next.height ? fault.weight : 'offence', at: next.height };
    return { ...faultOf('not-final', next), at: next.height };
  }

  /** The blocks before the first that is too far ahead of this device's clock. Later blocks have no earlier time. */
  inTime(run: readonly Hs2Item[]): readonly Hs2Item[] {
    const limit = this.#options.clock.now() + MAX_AHEAD;
    const ahead = run.findIndex(({ block }) => block.header.time > limit);
    return ahead < 0 ? run : run.slice(0, ahead);
  }

  /** The proof that a block of the newest run is final by its child, if both certificates were verified. */
  pairProof(final: Hs2Item): Uint8Array | undefined {
    const child = this.#child?.parent === final.id ? this.#child : undefined;
    const isPair = child && isTwoChain(final.block.header, child.block.header) && this.certified.has(final) && this.certified.has(child);
    return isPair ? Losers.proofOf(final, child) : undefined;
  }
}
