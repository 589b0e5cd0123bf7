// Tests: `devnet/stacks/gateway-server.test.ts`.
/**
 * Answers about the node, the cycles and the sortitions (Stacks reference, 8).
 * @module
 */
import { cycleOf, firstHeightOf } from '../../src/chains/stacks/chain/cycles.ts';
import { thresholdOf } from '../../src/chains/stacks/chain/signer-set.ts';
import { hasSignerSet, BOOT_ADDRESS } from './dev-state.ts';
import { keyOf } from './dev-key.ts';
import { startOf } from './dev-block.ts';
import { json, plain, type GatewayAnswer } from './answer.ts';
import type { ChainView } from './chain-view.ts';
import type { DevSigner } from './signer-sets.ts';
import type { Sortition } from './sortition.ts';

export const NETWORK_ID = 0x80000000;
/** Of Bitcoin's regtest, as the node names it. */
const PARENT_NETWORK_ID = 3_652_501_241;
/** Bitcoin blocks after which a node calls a height stable. */
export const STABLE = 7;
/** Of the recorded nodes: a test network, Epoch 4.0. */
export const PEER_VERSION = 402_653_200;
/** microSTX of one unit of weight. */
const SLOT = 1_000_000_000_000;

export function answerInfo({ chain, sortitions, tip, burnTip }: ChainView): GatewayAnswer {
  const stable = sortitions.at(-1 - STABLE) ?? sortitions[0]!;
  const node = keyOf(chain.options.seed, 'node', 0);
  const anchor = startOf(chain.lastEpoch2);
  const tenures = new Set([...walk(tip)].map(({ tenure }) => tenure.consensusHash)).size;
  return json({
    peer_version: PEER_VERSION, pox_consensus: burnTip.consensusHash, burn_block_height: burnTip.burnHeight, stable_pox_consensus: stable.consensusHash, stable_burn_block_height: stable.burnHeight,
    server_version: 'petrel devnet', network_id: NETWORK_ID, parent_network_id: PARENT_NETWORK_ID, stacks_tip_height: tip.height, stacks_tip: tip.hash, stacks_tip_consensus_hash: tip.tenure.consensusHash,
    genesis_chainstate_hash: '0'.repeat(64), unanchored_tip: null, unanchored_seq: null, tenure_height: tenures, exit_at_block_height: null, is_fully_synced: true,
    node_public_key: node.key, node_public_key_hash: node.keyHash, last_pox_anchor: { anchor_block_hash: anchor.hash, anchor_block_txid: anchor.id }, stackerdbs: [`${BOOT_ADDRESS}.miners`],
  });
}

function* walk(tip: ChainView['tip']) {
  for (let at: ChainView['tip'] | undefined = tip; at; at = at.parent) yield at;
}

export function answerPox({ chain, burnTip }: ChainView): GatewayAnswer {
  const { rules } = chain.options;
  const current = burnTip.burnHeight;
  const cycle = cycleOf(current, rules);
  const stacked = chain.sets.of(cycle).reduce((sum, { weight }) => sum + weight, 0) * SLOT;
  const start = firstHeightOf(cycle + 1, rules);
  const prepare = start - rules.prepareLength;
  const limit = { write_length: 15_000_000, write_count: 15_000, read_length: 100_000_000, read_count: 15_000, runtime: 5_000_000_000 };
  const epochs = epochsOf(chain);
  return json({
    contract_id: `${BOOT_ADDRESS}.pox-4`, pox_activation_threshold_ustx: SLOT, first_burnchain_block_height: rules.firstBurnHeight, current_burnchain_block_height: current,
    prepare_phase_block_length: rules.prepareLength, reward_phase_block_length: rules.cycleLength - rules.prepareLength, reward_slots: 2 * (rules.cycleLength - rules.prepareLength), rejection_fraction: null,
    total_liquid_supply_ustx: 10 * stacked,
    current_cycle: { id: cycle, min_threshold_ustx: SLOT, stacked_ustx: stacked, is_pox_active: true },
    next_cycle: {
      id: cycle + 1, min_threshold_ustx: SLOT, min_increment_ustx: SLOT / 10, stacked_ustx: stacked, prepare_phase_start_block_height: prepare, blocks_until_prepare_phase: prepare - current,
      reward_phase_start_block_height: start, blocks_until_reward_phase: start - current, ustx_until_pox_rejection: null,
    },
    epochs: epochs.map(({ id, startHeight }, i) => ({ epoch_id: `Epoch${id.replace('.', '')}`, start_height: startHeight, end_height: epochs[i + 1]?.startHeight ?? Number.MAX_SAFE_INTEGER, block_limit: limit, network_epoch: 10 })),
    min_amount_ustx: SLOT, prepare_cycle_length: rules.prepareLength, reward_cycle_id: cycle, reward_cycle_length: rules.cycleLength, rejection_votes_left_required: null, next_reward_cycle_in: start - current,
    contract_versions: [{ contract_id: `${BOOT_ADDRESS}.pox-4`, activation_burnchain_block_height: rules.firstBurnHeight, first_reward_cycle_id: 0 }],
  });
}

/** The epochs of the network with the Bitcoin heights at which they begin. */
export function epochsOf(chain: ChainView['chain']): readonly { readonly id: string; readonly startHeight: number }[] {
  const { rules, epoch4 } = chain.options;
  return [{ id: '2.5', startHeight: rules.firstBurnHeight }, { id: '3.0', startHeight: chain.nakamotoHeight }, ...(epoch4 === undefined ? [] : [{ id: '4.0', startHeight: epoch4 }])];
}

/** `/v3/sortitions` and below. `parts`: what comes after it. */
export function answerSortitions(view: ChainView, parts: readonly string[]): GatewayAnswer {
  const [kind = '', value = ''] = parts;
  const found = sortitionsFor(view, kind, value);
  if (!found) return plain(404, `No such path /v3/sortitions/${parts.join('/')}`);
  return found.length === 0 ? plain(404, `Could not find snapshot for ${kind} ${value}`) : json(found.map(sortitionFields));
}

/** Undefined: there is no such path. */
function sortitionsFor(view: ChainView, kind: string, value: string): readonly Sortition[] | undefined {
  const { burnTip, sortitions } = view;
  const listed = (sortition: Sortition | undefined) => (sortition ? [sortition] : []);
  switch (kind) {
    case '':
      return [burnTip];
    case 'latest_and_last':
      return [burnTip, ...listed(burnTip.lastWinner === undefined ? undefined : view.sortition(burnTip.lastWinner))];
    case 'consensus':
      return listed(view.sortition(value));
    case 'burn':
      return listed(sortitions.find(({ burnHash }) => burnHash === value));
    case 'burn_height':
      return listed(/^\d+$/u.test(value) ? view.sortitionAt(Number(value)) : undefined);
    default:
      return undefined;
  }
}

function sortitionFields({ winner, ...sortition }: Sortition) {
  return {
    burn_block_hash: `0x${sortition.burnHash}`, burn_block_height: sortition.burnHeight, burn_header_timestamp: sortition.burnTime, sortition_id: `0x${sortition.sortitionId}`,
    parent_sortition_id: `0x${sortition.parentSortitionId}`, consensus_hash: `0x${sortition.consensusHash}`, was_sortition: winner !== undefined,
    miner_pk_hash160: winner ? `0x${winner.keyHash}` : null, stacks_parent_ch: winner ? `0x${winner.parentTenure}` : null, last_sortition_ch: sortition.lastWinner === undefined ? null : `0x${sortition.lastWinner}`,
    committed_block_hash: winner ? `0x${winner.committed}` : null, vrf_seed: winner ? `0x${sortition.vrfSeed}` : null,
  };
}

/** `/v3/stacker_set/{cycle}`: once the state has the set. `forge`: what a fault makes of it. */
export function answerStackerSet({ chain, tip }: ChainView, text: string, forge: (set: readonly DevSigner[]) => readonly DevSigner[]): GatewayAnswer {
  const cycle = /^\d{1,9}$/u.test(text) ? Number(text) : undefined;
  if (cycle === undefined) return plain(400, 'Invalid cycle number');
  const refused = (err_msg: string, err_type: string) => json({ err_msg, err_type, response: 'error' }, 400);
  if (cycle === 0) return refused('Active PoX contract version at tip is pre-PoX-4, the signer set is not fetchable', 'other');
  if (!hasSignerSet({ get: (key) => chain.valueAt(tip, key) }, cycle)) return refused('Could not read reward set. Prepare phase may not have started for this cycle yet. Err = PoXAnchorBlockRequired', 'not_available_try_again');
  const set = chain.sets.of(cycle);
  const rewarded = set.flatMap(({ key, weight }) => Array.from({ length: weight }, () => ({ Standard: [{ bytes: key.keyHash, version: 26 }, 'SerializeP2PKH'] })));
  const signers = forge(set).map(({ key, weight }) => ({ signing_key: key.key, stacked_amt: weight * SLOT, weight }));
  const threshold = SLOT * thresholdOf(1);
  return json({ stacker_set: { pox_ustx_threshold: threshold, reward_set_version: 0, rewarded_addresses: rewarded, signers, start_cycle_state: { missed_reward_slots: [] } } });
}
