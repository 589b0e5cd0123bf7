import { DevChain, devBlock } from './chain.ts';
import { signMacro } from './make-block.ts';
import type { DevValidator } from './validators.ts';
import type { MacroBlock } from '../src/albatross/wire/types.ts';

/** Whole chains an attacker tells in place of the honest one. Used as fault names. */
export const ALTERNATES: Readonly<Record<string, string>> = {
  'forged-election':
    "the newest election block names the attacker's validator and is signed by nobody else; every block after it is properly signed by that validator (what pico takes on trust)",
  'poisoned-validators':
    'the newest election block has the same hash (version 1 hashes do not cover signing keys) and another signing key; the blocks after it are signed with that key',
};

/**
 * Makes the alternate chain: the honest blocks up to the newest election block, that one forged, and micro blocks up to the honest
 * height on top of it. It grows in step with the honest chain.
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
    name === 'poisoned-validators' ? { ...(election.block as MacroBlock), header: { ...header, validators } } : signMacro({ ...header, validators }, [attacker]);
  alternate.add(devBlock(block));
  while (alternate.head.height < honest.head.height) alternate.produce();
  return alternate;
}
