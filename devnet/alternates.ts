import { devBlock, type DevBlock } from './dev-block.ts';
import type { DevChain } from './chain.ts';
import { signMacro } from './make-block.ts';
import { deriveValidators, type DevValidator } from './validators.ts';
import type { MacroBlock } from '../src/chains/albatross/wire/types.ts';

/** Whole chains that an attacker serves in place of the honest one. The keys are fault names. */
export const ALTERNATES: Readonly<Record<string, string>> = {
  'forged-election':
    "the newest election block names the attacker's validator and is signed by nobody else; every block after it is properly signed by that validator (what pico takes on trust)",
  'poisoned-validators':
    'the newest election block has the same hash (version 1 hashes do not cover signing keys) and another signing key; the blocks after it are signed with that key',
  lie: 'the forged chain of --lie, which all liars share: other validators from one election block (--lie-from) on, whose every block is properly signed by them',
};

/** The fault name of the chain that all liars share. */
export const LIE = 'lie';

/** Number of validators that the liars elect. */
const LIARS_VALIDATORS = 3;

/**
 * The forged chain of `--lie`. It equals the honest chain up to the election block at `from`. That block names other validators,
 * and nobody else signs it; every later block is properly signed by the forged validators, over any number of election blocks. The
 * forged chain has the heights of the honest chain, and the timestamp and version of the honest block at each height where there is
 * one; where the honest history has only election blocks, so has the forged one. The same seed and honest blocks give the same
 * forged blocks, after a restart too.
 */
export class Lie {
  readonly #honest: DevChain;
  readonly #elected: readonly DevValidator[];
  /** Height of the forged election block. */
  readonly from: number;
  #chain: DevChain | undefined;

  constructor(honest: DevChain, seed: string, from: number) {
    this.#honest = honest;
    this.#elected = deriveValidators(`${seed}/lie`, LIARS_VALIDATORS);
    this.from = from;
  }

  /** Extends the forged chain to the honest head's height and returns it. Undefined until the honest chain reaches `from`. */
  get chain(): DevChain | undefined {
    const honest = this.#honest;
    if (honest.head.height < this.from) return undefined;
    const chain = (this.#chain ??= this.#start());
    while (chain.head.height < honest.head.height) this.#grow(chain);
    return chain;
  }

  /** The forged election block, once it exists. */
  get forged(): DevBlock | undefined {
    return this.chain?.at(this.from);
  }

  #start(): DevChain {
    const election = this.#honest.at(this.from);
    if (election?.block.type !== 'macro') throw new Error(`there is no election block ${this.from}`);
    const chain = this.#honest.branch(this.from - 1, this.#elected);
    const header = { ...election.block.header, validators: this.#elected.map(({ validator }) => validator) };
    chain.add(devBlock({ ...signMacro(header, this.#elected), body: election.block.body }));
    return chain;
  }

  #grow(chain: DevChain): void {
    const honest = this.#honest;
    const { head } = chain;
    chain.targetVersion = honest.targetVersion;
    const beside = honest.at(head.height + 1);
    if (beside) chain.produce({ timestamp: Math.max(head.block.header.timestamp, beside.block.header.timestamp) });
    else chain.add(chain.sparseElection(head, honest.at(head.height + chain.policy.blocksPerEpoch)!.block.header.timestamp));
  }
}

/**
 * Makes the alternate chain: the honest blocks up to the newest election block, with that block forged, and micro blocks on top of
 * it up to the honest height. It grows with the honest chain.
 */
export function makeAlternate(name: string, honest: DevChain, attacker: DevValidator): DevChain {
  const election = honest.electionHead;
  if (election.height === honest.policy.genesisNumber) throw new Error(`${name} needs an election block after genesis`);
  const { header } = election.block as MacroBlock;
  const real = honest.validatorsAt(election.height + 1);
  const forged: readonly DevValidator[] =
    name === 'poisoned-validators'
      ? real.map((member) => ({ ...member, signingSecret: attacker.signingSecret, validator: { ...member.validator, signingKey: attacker.validator.signingKey } }))
      : [attacker];
  const alternate = honest.branch(election.height - 1, forged);
  const validators = forged.map(({ validator }) => validator);
  const block: MacroBlock =
    name === 'poisoned-validators' ? { ...(election.block as MacroBlock), header: { ...header, validators } } : { ...signMacro({ ...header, validators }, [attacker]), body: (election.block as MacroBlock).body };
  alternate.add(devBlock(block));
  while (alternate.head.height < honest.head.height) alternate.produce();
  return alternate;
}
