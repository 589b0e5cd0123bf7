import { namedNearest } from '../../chain/named-elections.ts';
import type { Policy } from '../../chain/policy.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { MacroBlock } from '../../wire/types.ts';
import type { Witness } from '../../../../engine/trust.ts';
import { countNetworks, isCheapNetwork } from '../../../../engine/peers/witness-network.ts';
import { agreedList } from '../ask/validator-lists.ts';
import type { Copy } from '../ask/validator-lists.ts';

/** The newest election block that a peer names, with the block as the peer gave it. */
export interface Statement extends Witness {
  readonly hash: Hash;
  readonly block: MacroBlock;
}

/** What has been gathered so far, and the number of networks that is wanted. */
export interface WitnessCount {
  readonly peers: number;
  readonly networks: number;
  readonly cheap: number;
  readonly wanted: number;
}

/** A block that enough witnesses support. `dissenting`: peers that gave another validator list under the same hash. */
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
  /** The block that these peers named may build on a lower block that another peer named. The linking block with this hash would show it. */
  | { readonly kind: 'need-link'; readonly hash: Hash; readonly from: readonly string[] }
  | Agreement
  /** The peers support different chains, or name an impossible height, and no block has enough witnesses: only verification can decide. */
  | { readonly kind: 'disagree' };

/**
 * Maximum distance in epochs (some weeks) over which two named blocks are linked by the blocks between. A peer further behind is not
 * linked: verification from genesis, or by a proof, decides then.
 */
const maxLag = 64;
/** Maximum number of linking blocks asked for. Each block names others at doubling distances, so six suffice from one peer's block. */
const maxLinks = 32;
/** Statements kept. There are never that many peers; at the bound the oldest is dropped. */
const maxStatements = 64;

/**
 * Collects the newest election blocks that peers name, until enough agree that one can be taken on trust. A peer supports the block it
 * names and that block's parent election block, so that peers just before and just after an epoch's end agree. Each subnet counts once, and
 * cheap networks count as `countNetworks` says. Two subnets must give the same validator list. If not enough peers agree, no peer is
 * preferred: all named blocks must lie on one chain.
 */
export class ElectionWitnesses {
  readonly #policy: Policy;
  readonly #wanted: number;
  readonly #statements = new Map<string, Statement>();
  /** Copies of a block from peers whose own statement names another block. By hash, then peer. `undefined`: asked, not given. */
  readonly #copies = new Map<Hash, Map<string, Copy | undefined>>();
  /** Blocks that link named blocks. `undefined`: asked for, but no peer gave it. */
  readonly #links = new Map<Hash, MacroBlock | undefined>();

  constructor(policy: Policy, wanted: number) {
    this.#policy = policy;
    this.#wanted = wanted;
  }

  get size(): number {
    return this.#statements.size;
  }

  /** The peers that have named a block above genesis, how many networks they count as, and how many of them are in cheap networks. */
  get gathered(): WitnessCount {
    const statements = Array.from(this.#statements.values()).filter(({ block }) => block.header.blockNumber > this.#policy.genesisNumber);
    return { peers: statements.length, networks: this.#count(statements), cheap: statements.filter(({ subnet }) => isCheapNetwork(subnet)).length, wanted: this.#wanted };
  }

  add(statement: Statement): void {
    this.#statements.delete(statement.peer);
    this.#statements.set(statement.peer, statement);
    if (this.#statements.size > maxStatements) this.remove(this.#statements.keys().next().value!);
  }

  /** The answer to `need-copy`; undefined if the peer did not give the block. */
  addCopy(hash: Hash, peer: string, block: MacroBlock | undefined): void {
    const statement = this.#statements.get(peer);
    if (!statement) return;
    const copies = this.#copies.get(hash) ?? new Map<string, Copy | undefined>();
    copies.set(peer, block && { peer, subnet: statement.subnet, witness: true, block });
    this.#copies.set(hash, copies);
  }

  /** The answer to `need-link`; undefined if no peer gave the block. */
  addLink(hash: Hash, block: MacroBlock | undefined): void {
    this.#links.set(hash, block);
  }

  remove(peer: string): void {
    this.#statements.delete(peer);
    for (const copies of this.#copies.values()) copies.delete(peer);
  }

  clear(): void {
    this.#statements.clear();
    this.#copies.clear();
    this.#links.clear();
  }

  /** `waited`: the time to wait for more witnesses is over. `highest`: no block above this height is taken on trust. */
  decide(waited: boolean, highest: number): WitnessDecision {
    const statements = Array.from(this.#statements.values());
    if (statements.length === 0) return { kind: 'wait' };
    const candidates = statements
      .filter((statement, index) => statements.findIndex(({ hash }) => hash === statement.hash) === index)
      .map(({ hash, block }) => ({ hash, height: block.header.blockNumber, block, supporters: oneOfEachSubnet(statements.filter((other) => standsFor(other, hash))) }));
    const possible = candidates.filter(({ height }) => height <= highest);
    // Take the newest block that has enough supporters.
    const enough = possible.filter(({ supporters }) => this.#count(supporters) >= this.#wanted).toSorted((a, b) => b.height - a.height)[0];
    if (enough) return this.#compareLists(enough.hash, enough.supporters, waited, false);
    // Nothing is taken on trust at genesis: all these peers already agree on it.
    const { genesisNumber } = this.#policy;
    if (candidates.every(({ height }) => height === genesisNumber)) return this.#agreed(candidates[0]!, candidates[0]!.supporters, false, []);
    if (!waited) return { kind: 'wait' };
    // On one chain the lowest named block needs the least trust, and later blocks are verified. Every honest peer has named it or one above
    // it.
    const best = possible.filter(({ height }) => height > genesisNumber).toSorted((a, b) => a.height - b.height)[0];
    if (!best) return { kind: 'disagree' };
    for (const statement of statements) {
      const way = this.#way(statement, best);
      if (way === 'misses') return { kind: 'disagree' };
      if (way !== 'leads') return { kind: 'need-link', hash: way, from: statements.filter(({ hash }) => hash === statement.hash).map(({ peer }) => peer) };
    }
    return this.#compareLists(best.hash, best.supporters, waited, true);
  }

  #compareLists(hash: Hash, supporters: readonly Statement[], waited: boolean, fewWitnesses: boolean): WitnessDecision {
    const all = Array.from(this.#statements.values()).filter((statement) => standsFor(statement, hash));
    const copies = all.flatMap((statement): Copy[] => {
      const copy = statement.hash === hash ? statement : this.#copies.get(hash)?.get(statement.peer);
      return copy ? [{ peer: statement.peer, subnet: statement.subnet, witness: true, block: copy.block }] : [];
    });
    const agreed = agreedList(copies);
    // Two peers against one may be two liars: while there is time, more peers may decide it.
    const clear = agreed && (agreed.dissenting.length === 0 || agreed.supporters >= this.#wanted || waited);
    if (agreed && !clear) return { kind: 'wait' };
    if (agreed) return this.#agreed({ hash, block: agreed.block }, supporters, fewWitnesses, agreed.dissenting.map(({ peer }) => peer));
    const unasked = all.filter((statement) => statement.hash !== hash && !this.#copies.get(hash)?.has(statement.peer));
    if (unasked.length > 0) return { kind: 'need-copy', hash, from: unasked.map(({ peer }) => peer) };
    if (!waited) return { kind: 'wait' };
    // The list could not be compared, or contradicts another one: the blocks that follow decide (`validator-list-dispute.ts`). The anchor
    // records this as few witnesses.
    return this.#agreed({ hash, block: copies[0]!.block }, supporters, true, []);
  }

  #agreed(candidate: { hash: Hash; block: MacroBlock }, supporters: readonly Statement[], fewWitnesses: boolean, dissenting: readonly string[]): Agreement {
    const witnesses = supporters.filter(({ peer }) => !dissenting.includes(peer)).map(({ peer, subnet, saidAt }) => ({ peer, subnet, saidAt }));
    const trusted = candidate.block.header.blockNumber > this.#policy.genesisNumber;
    return { kind: 'agreed', hash: candidate.hash, block: candidate.block, witnesses, fewWitnesses: trusted && (fewWitnesses || this.#count(witnesses) < this.#wanted), dissenting };
  }

  #count(witnesses: readonly Pick<Witness, 'subnet'>[]): number {
    return countNetworks(witnesses.map(({ subnet }) => subnet), this.#wanted);
  }

  /**
   * Whether a block builds on a lower one, by the blocks that peers gave (every chain builds on genesis). If that is not known yet: the
   * hash of the block that would show it.
   */
  #way(from: Link, to: Link): 'leads' | 'misses' | Hash {
    const target = to.block.header.blockNumber;
    if (from.block.header.blockNumber === this.#policy.genesisNumber || this.#before(from).has(to.hash)) return 'leads';
    if (from.block.header.blockNumber <= target || from.block.header.blockNumber > target + maxLag * this.#policy.blocksPerEpoch) return 'misses';
    for (let at = from.block; ; ) {
      const { height, hash } = namedNearest(at, target, this.#policy);
      if (height === target) return hash === to.hash ? 'leads' : 'misses';
      const next = this.#links.get(hash) ?? Array.from(this.#statements.values()).find((statement) => statement.hash === hash)?.block;
      if (!next && !this.#links.has(hash) && this.#links.size < maxLinks) return hash;
      if (next?.header.blockNumber !== height) return 'misses';
      at = next;
    }
  }

  /** A block and its ancestors, as far back as the blocks that peers gave reach. */
  #before({ hash, block }: Link): ReadonlySet<Hash> {
    const hashes = new Set([hash]);
    for (let at: MacroBlock | undefined = block; at && !hashes.has(at.header.parentElectionHash); ) {
      const parent: Hash = at.header.parentElectionHash;
      hashes.add(parent);
      at = Array.from(this.#statements.values()).find((statement) => statement.hash === parent)?.block;
    }
    return hashes;
  }
}

type Link = Pick<Statement, 'hash' | 'block'>;

function standsFor(statement: Statement, hash: Hash): boolean {
  return statement.hash === hash || statement.block.header.parentElectionHash === hash;
}

function oneOfEachSubnet(statements: readonly Statement[]): Statement[] {
  return statements.filter((statement, index) => statements.findIndex(({ subnet }) => subnet === statement.subnet) === index);
}
