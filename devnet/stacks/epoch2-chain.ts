// Tests: `devnet/stacks/stacks-chain.test.ts`.
import { cycleOf, firstHeightOf } from '../../src/chains/stacks/chain/cycles.ts';
import { principalText, ADDRESS_VERSION } from '../../src/chains/stacks/wire/principal.ts';
import { stateKeyText } from '../../src/chains/stacks/proofs/state-key.ts';
import { toHex } from '../../src/base/bytes.ts';
import { seededRandom } from '../seeded-random.ts';
import { deployDemo, principal, runDemo, uint } from './demo-contract.ts';
import { sealEpoch2, type DevBlock } from './dev-block.ts';
import { cycleToWrite, hasSignerSet, prepareStart, putBalance, writeSignerSet } from './dev-state.ts';
import { MarfDraft } from './marf-trie.ts';
import { nextSortition, type Sortition } from './sortition.ts';
import type { DevKey } from './dev-key.ts';
import { makeTransaction } from './transactions.ts';
import type { SignerSets } from './signer-sets.ts';
import type { StacksChainOptions } from './stacks-chain-options.ts';

/** What the first blocks are made of. */
export interface Epoch2World {
  readonly options: StacksChainOptions;
  /** What the Bitcoin blocks are invented from. */
  readonly bitcoin: string;
  readonly miners: readonly DevKey[];
  readonly users: readonly DevKey[];
  readonly sets: SignerSets;
  /** Id of the demo contract. */
  readonly demo: string;
  /** Who owns the contract's tokens and asset from the first block on. */
  readonly tokenOwner: string;
}

/** Accounts beside those of the keys, so that proofs have the nodes of a trie with many entries. */
const CROWD = 240;
/** microSTX. */
const FUNDS = 1_000_000_000_000n;
const LOCKED = { unlocked: 400_000_000n, locked: 250_000_000_000n, unlockHeight: 100_000_000 };
const STEP = 10;

/**
 * The blocks before Nakamoto, one a tenure: the first with the accounts and the contract, two in the prepare phase of cycle 0, of which the first writes the
 * set of cycle 1, and two of cycle 1. No other of these Bitcoin blocks has a winner.
 */
export function makeEpoch2(chain: Epoch2World): { readonly sortitions: Sortition[]; readonly blocks: readonly DevBlock[] } {
  const { rules, genesisTime } = chain.options;
  const { firstBurnHeight } = rules;
  const second = firstHeightOf(1, rules);
  const prepare = prepareStart(0, rules);
  const won = new Set([firstBurnHeight + 1, prepare, Math.min(prepare + 1, second - 1), second, second + 1]);
  const sortitions: Sortition[] = [];
  const blocks: DevBlock[] = [];
  for (let height = firstBurnHeight; height < second + 2; height += 1) {
    const parent = blocks.at(-1);
    const time = genesisTime + blocks.length * STEP;
    const next = { rules, seed: chain.bitcoin, salt: '', time };
    if (!won.has(height)) {
      sortitions.push(nextSortition(sortitions, { ...next, winner: undefined }));
      continue;
    }
    const miner = blocks.length % chain.miners.length;
    const { keyHash } = chain.miners[miner]!;
    const draft = new MarfDraft(parent?.state);
    if (!parent) writeGenesis(draft, chain);
    else draft.put(stateKeyText({ kind: 'nonce', account: chain.miners[miner]!.address }), String(blocks.length));
    const cycle = cycleToWrite(height, rules);
    if (cycle !== undefined && cycle > cycleOf(firstBurnHeight, rules) && !hasSignerSet(draft, cycle)) writeSignerSet(draft, cycle, chain.sets.of(cycle), blocks.length + 1);
    const tenureOf = (committed: string) => {
      const sortition = nextSortition(sortitions, { ...next, winner: { miner, keyHash, committed, parentTenure: parent?.tenure.consensusHash ?? '0'.repeat(40) } });
      sortitions.push(sortition);
      return sortition;
    };
    const burn = Number(sortitions.at(-1)?.totalBurn ?? 0n) + 1000;
    blocks.push(sealEpoch2({ parent, time, draft, transactions: [makeTransaction(chain.miners[miner]!, { nonce: blocks.length, fee: 0 }, { kind: 'epoch2-coinbase' })] }, { burn, vrfProof: seededRandom(chain.bitcoin, `vrf ${height}`).bytes(80), keyHash, tenureOf }));
  }
  return { sortitions, blocks };
}

function writeGenesis(draft: MarfDraft, { options, users, miners, demo, tokenOwner: owner }: Epoch2World): void {
  const random = seededRandom(options.seed, 'stacks crowd');
  for (let i = 0; i < CROWD; i += 1) putBalance(draft, principalText({ version: ADDRESS_VERSION.testSingle, hash: toHex(random.bytes(20)) }), { unlocked: BigInt(i + 1) * 1_000_000n, locked: 0n, unlockHeight: 0 });
  for (const { address } of [...users, ...miners]) putBalance(draft, address, { unlocked: FUNDS, locked: 0n, unlockHeight: 0 });
  // One account has a part of its STX locked, as stackers have.
  putBalance(draft, users[2]!.address, LOCKED);
  deployDemo(draft, demo, 1);
  runDemo(draft, demo, owner, 'set-note', [uint(1n), { type: 'ascii', text: 'the first note' }]);
  runDemo(draft, demo, owner, 'mint-gold', [uint(1000n), principal(owner)]);
  runDemo(draft, demo, owner, 'mint-badge', [uint(1n), principal(owner)]);
}
