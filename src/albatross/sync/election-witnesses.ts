import type { Policy } from '../chain/policy.ts';
import type { Hash, MacroBlock } from '../wire/types.ts';
import type { Witness } from '../../engine/trust.ts';
import { agreedList } from './validator-lists.ts';
import type { Copy } from './validator-lists.ts';

/** What one peer says its newest election block is, with the block as it gave it. */
export interface Statement extends Witness {
  readonly hash: Hash;
  readonly block: MacroBlock;
}

/** A block that enough witnesses stand for. `dissenting`: gave another validator list under the same hash. */
export interface Agreement {
  readonly kind: 'agreed';
  readonly hash: Hash;
  readonly block: MacroBlock;
  readonly witnesses: readonly Witness[];
  readonly fewWitnesses: boolean;
  readonly dissenting: readonly string[];
}

export type WitnessDecision =
  | { readonly kind: 'wait' }
  /** The block must be fetched by hash from one of these peers, so that two validator lists can be compared. */
  | { readonly kind: 'need-copy'; readonly hash: Hash; readonly from: readonly string[] }
  | Agreement
  /** The peers contradict each other and no block has enough witnesses: only verification can decide. */
  | { readonly kind: 'disagree' };

/** Statements kept. There are never that many peers; at the bound the oldest goes. */
const maxStatements = 64;

/**
 * Collects what peers say about the newest election block, until enough of them agree that one can be taken on trust. A peer stands for
 * the block it names and for that block's parent election block, so that peers just before and just after an epoch's end agree. From
 * one subnet only one counts. The validator list must be the same from two of them.
 */
export class ElectionWitnesses {
  readonly #policy: Pick<Policy, 'blocksPerEpoch' | 'genesisNumber'>;
  readonly #wanted: number;
  readonly #statements = new Map<string, Statement>();
  /** Copies of a block from peers whose own statement is another one. By hash, then peer. `undefined`: asked, not given. */
  readonly #copies = new Map<Hash, Map<string, Copy | undefined>>();

  constructor(policy: Pick<Policy, 'blocksPerEpoch' | 'genesisNumber'>, wanted: number) {
    this.#policy = policy;
    this.#wanted = wanted;
  }

  get size(): number {
    return this.#statements.size;
  }

  add(statement: Statement): void {
    this.#statements.delete(statement.peer);
    this.#statements.set(statement.peer, statement);
    if (this.#statements.size > maxStatements) this.remove(this.#statements.keys().next().value!);
  }

  /** The answer to `need-copy`; undefined when the peer did not give it. */
  addCopy(hash: Hash, peer: string, block: MacroBlock | undefined): void {
    const statement = this.#statements.get(peer);
    if (!statement) return;
    const copies = this.#copies.get(hash) ?? new Map<string, Copy | undefined>();
    copies.set(peer, block && { peer, subnet: statement.subnet, witness: true, block });
    this.#copies.set(hash, copies);
  }

  remove(peer: string): void {
    this.#statements.delete(peer);
    for (const copies of this.#copies.values()) copies.delete(peer);
  }

  clear(): void {
    this.#statements.clear();
    this.#copies.clear();
  }

  /** `waited`: the time for more witnesses to come is over. */
  decide(waited: boolean): WitnessDecision {
    const statements = Array.from(this.#statements.values());
    if (statements.length === 0) return { kind: 'wait' };
    const candidates = statements
      .filter((statement, index) => statements.findIndex(({ hash }) => hash === statement.hash) === index)
      .map(({ hash, block }) => ({ hash, height: block.header.blockNumber, block, supporters: oneOfEachSubnet(statements.filter((other) => standsFor(other, hash))) }));
    // The newest one that has enough, since everything that stands for it stands for less trust in the rest.
    const enough = candidates.filter(({ supporters }) => supporters.length >= this.#wanted).toSorted((a, b) => b.height - a.height)[0];
    if (enough) return this.#compareLists(enough.hash, enough.supporters, waited, false);
    // At genesis nothing is taken on trust: everybody there agrees on it already.
    if (candidates.every(({ height }) => height === this.#policy.genesisNumber)) return this.#agreed(candidates[0]!, candidates[0]!.supporters, false, []);
    if (!waited) return { kind: 'wait' };
    const best = candidates.toSorted((a, b) => b.supporters.length - a.supporters.length || b.height - a.height)[0]!;
    if (statements.some((statement) => !standsFor(statement, best.hash) && this.#contradicts(statement, best))) return { kind: 'disagree' };
    return this.#compareLists(best.hash, best.supporters, waited, true);
  }

  #compareLists(hash: Hash, supporters: readonly Statement[], waited: boolean, fewWitnesses: boolean): WitnessDecision {
    const all = Array.from(this.#statements.values()).filter((statement) => standsFor(statement, hash));
    const copies = all.flatMap((statement): Copy[] => {
      const copy = statement.hash === hash ? statement : this.#copies.get(hash)?.get(statement.peer);
      return copy ? [{ peer: statement.peer, subnet: statement.subnet, witness: true, block: copy.block }] : [];
    });
    const agreed = agreedList(copies);
    // Two against one may be two liars: while there is time, others may come to decide it.
    const clear = agreed && (agreed.dissenting.length === 0 || agreed.supporters >= this.#wanted || waited);
    if (agreed && !clear) return { kind: 'wait' };
    if (agreed) return this.#agreed({ hash, block: agreed.block }, supporters, fewWitnesses, agreed.dissenting.map(({ peer }) => peer));
    const unasked = all.filter((statement) => statement.hash !== hash && !this.#copies.get(hash)?.has(statement.peer));
    if (unasked.length > 0) return { kind: 'need-copy', hash, from: unasked.map(({ peer }) => peer) };
    if (!waited) return { kind: 'wait' };
    // Nothing to compare the list with, or it stands against another one: the blocks that follow decide (`list-trial.ts`). The record says so.
    return this.#agreed({ hash, block: copies[0]!.block }, supporters, true, []);
  }

  #agreed(candidate: { hash: Hash; block: MacroBlock }, supporters: readonly Statement[], fewWitnesses: boolean, dissenting: readonly string[]): Agreement {
    const witnesses = supporters.filter(({ peer }) => !dissenting.includes(peer)).map(({ peer, subnet, saidAt }) => ({ peer, subnet, saidAt }));
    const trusted = candidate.block.header.blockNumber > this.#policy.genesisNumber;
    return { kind: 'agreed', hash: candidate.hash, block: candidate.block, witnesses, fewWitnesses: trusted && (fewWitnesses || witnesses.length < this.#wanted), dissenting };
  }

  /** Two chains: another block at the same height, or at the next election height one that does not follow. Further apart nothing can be said. */
  #contradicts(statement: Statement, best: { hash: Hash; height: number; block: MacroBlock }): boolean {
    const distance = statement.block.header.blockNumber - best.height;
    if (distance === 0) return true;
    if (distance === this.#policy.blocksPerEpoch) return statement.block.header.parentElectionHash !== best.hash;
    if (distance === -this.#policy.blocksPerEpoch) return best.block.header.parentElectionHash !== statement.hash;
    return false;
  }
}

function standsFor(statement: Statement, hash: Hash): boolean {
  return statement.hash === hash || statement.block.header.parentElectionHash === hash;
}

function oneOfEachSubnet(statements: readonly Statement[]): Statement[] {
  return statements.filter((statement, index) => statements.findIndex(({ subnet }) => subnet === statement.subnet) === index);
}
