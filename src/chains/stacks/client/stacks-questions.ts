/**
 * The questions that only Stacks has (`client/stacks-api.ts`). Each answer is proven here: values against the state root of a certified header, transactions
 * against the root of a block's header.
 * @module
 */
import type { Clock } from '../../../base/clock.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { ChainPeer, FollowedChain } from '../../../engine/follow/followed-chain.ts';
import { QuestionError, type Answer } from '../../../engine/questions.ts';
import { PeerFault } from '../../../engine/sync/sync-peer.ts';
import type { StacksAccount, StacksCycleCheck, StacksEpoch2Headers, StacksInventory, StacksProofPath, StacksStateAnswer, StacksTransactionAnswer } from '../chain/details.ts';
import { checkTransactions } from '../chain/block-rules.ts';
import { blockId, transactionId } from '../chain/hash.ts';
import { firstHeightOf } from '../chain/cycles.ts';
import { checkpointSet, nakamotoHeight, type StacksNetwork } from '../chain/network.ts';
import type { StacksBlock, StacksItem } from '../chain/stacks-block.ts';
import { CodedError } from '../../../base/coded-error.ts';
import { verifySigners } from '../chain/signer-rules.ts';
import { encodeProofFile } from '../proofs/proof-file.ts';
import { readStateValue, type StateValue } from '../proofs/state-value.ts';
import { askGateways, NoAnswer } from './ask-gateways.ts';
import { downloadEpoch2, hasEpoch2 } from './download-epoch2.ts';
import { downloadTenures, noTenures } from './download-tenures.ts';
import { Epoch2HeaderReader } from './epoch2-headers.ts';
import { certifiedCycle, linkedBelow, refuseExcluded } from './find-block.ts';
import { GatewayPeer } from './gateway-peer.ts';
import { fetchInventory } from './inventory.ts';
import type { Placed } from './pending-tree.ts';
import { cycleArgument, epoch2CountArgument, hashOf, keyOf, mostArgument, optionsOf, principalOf, type CheckedOptions } from './question-arguments.ts';
import { readState, type ShownState } from './read-state.ts';
import type { StacksChain } from './stacks-chain.ts';

type Questions = FollowedChain<StacksBlock, never>['questions'];
interface Context {
  readonly peers: readonly ChainPeer<StacksBlock>[];
  readonly signal: AbortSignal;
}

/** The block that an answer stands on, and whether it was confirmed when the question came. */
interface Stand extends Placed {
  readonly isConfirmed: boolean;
}

export interface QuestionsOptions {
  readonly chain: StacksChain;
  readonly network: StacksNetwork;
  readonly verify: Verify;
  readonly clock: Clock;
  readonly inventories: { readonly stored: (cycle: number) => Promise<StacksInventory | undefined>; readonly keep: (inventory: StacksInventory) => Promise<void> };
  /** What was checked has changed. */
  readonly counted: () => void;
}

export function stacksQuestions(options: QuestionsOptions): Questions {
  const { chain, network, verify, clock, inventories, counted } = options;
  const epoch2 = new Epoch2HeaderReader({ genesisHash: network.genesisHash, clock });

  /** The block that answers stand on. Throws `no-answer` with `no-block` while it is the checkpoint's, whose header is not known. */
  const standsOn = ({ at }: CheckedOptions): Stand => {
    const placed = at === 'latest' ? chain.find(chain.head().id) : chain.find(chain.tip().id);
    if (!placed) throw new QuestionError('no-answer', { asked: 0, reason: 'no-block' });
    return { ...placed, isConfirmed: chain.confirmed.get(placed.item.id) !== undefined };
  };
  /** The chain may have moved since the question came. What was confirmed stays so; what was pending may be confirmed, or gone: then it rejects with `NoAnswer` `not-held`. */
  const answer = <Value>(value: Value, { item, isConfirmed }: Stand): Answer<Value> => {
    const isFinal = isConfirmed || chain.confirmed.get(item.id) !== undefined;
    if (!isFinal && chain.find(item.height)?.item.id !== item.id) throw new NoAnswer('not-held');
    const block = { height: item.height, hash: item.id, timestamp: item.block.header.timestamp * 1000 };
    return { value, level: chain.trust().level, finality: isFinal ? 'final' : 'pending', block };
  };
  const shown = async (peer: GatewayPeer, key: string, item: StacksItem, signal: AbortSignal): Promise<ShownState> => {
    const state = await readState(peer.gateway, key, item, { verify, signal });
    if (typeof state === 'string') throw new NoAnswer(state === 'absent' ? 'absence-not-provable' : state);
    chain.certifier.count({ stateProofs: 1 });
    counted();
    return state;
  };
  const stateValue = async (keyArgument: unknown, optionsArgument: unknown, { peers, signal }: Context): Promise<StacksStateAnswer<StateValue>> => {
    const { key, text } = keyOf(keyArgument);
    const placed = standsOn(optionsOf(optionsArgument));
    return askGateways(gatewaysOf(peers), { signal }, async (peer) => {
      const state = await shown(peer, text, placed.item, signal);
      return { ...answer(readValue(key, state), placed), proof: pathOf(text, state) };
    });
  };

  return {
    async getAccount([principalArgument, optionsArgument], { peers, signal }): Promise<StacksStateAnswer<StacksAccount>> {
      const principal = principalOf(principalArgument);
      const balance = keyOf({ kind: 'balance', account: principal });
      const nonce = keyOf({ kind: 'nonce', account: principal });
      const placed = standsOn(optionsOf(optionsArgument));
      return askGateways(gatewaysOf(peers), { signal }, async (peer) => {
        const state = await shown(peer, balance.text, placed.item, signal);
        const value = readValue(balance.key, state);
        if (value.kind !== 'balance') throw new NoAnswer('value');
        const { record } = value;
        const account = { principal, unlocked: record.unlocked, locked: record.kind === 'locked' ? record.locked : 0n, unlockHeight: record.kind === 'locked' ? record.unlockHeight : 0 };
        return { ...answer({ ...account, nonce: await nonceOf(peer, nonce, placed.item, signal) }, placed), proof: pathOf(balance.text, state) };
      });
    },
    getContractValue([contract, name, key, optionsArgument], context) {
      const fields = key === undefined ? { kind: 'variable', contract, name } : { kind: 'map-entry', contract, name, key };
      return stateValue(fields, optionsArgument, context);
    },
    getStateValue: ([key, optionsArgument], context) => stateValue(key, optionsArgument, context),
    async getTransaction([idArgument, blockArgument, optionsArgument], { peers, signal }): Promise<Answer<StacksTransactionAnswer>> {
      const id = hashOf('id', idArgument);
      const named = blockArgument === undefined ? undefined : hashOf('block', blockArgument);
      optionsOf(optionsArgument);
      return askGateways(gatewaysOf(peers), { signal }, async (peer) => {
        const where = named ?? (await peer.gateway.blockOfTransaction(id, { signal }));
        const block = where === undefined ? undefined : (await peer.gateway.block(where, { signal }))?.value;
        if (!block || blockId(block.header) !== where) throw new NoAnswer('absence-not-provable');
        const broken = checkTransactions(block);
        if (broken) throw new PeerFault(broken, 'lie', { height: block.header.chainLength, hash: where });
        const index = block.transactions.findIndex(({ bytes }) => transactionId(bytes) === id);
        if (index < 0) throw new NoAnswer('not-in-block');
        const value = { id, index, bytes: block.transactions[index]!.bytes };
        const held = chain.find(where);
        if (held) return answer({ ...value, standing: 'linked' } as const, { ...held, isConfirmed: false });
        const item = await peer.itemOf(block.header, { signal });
        const find = { chain, network, signal };
        refuseExcluded(item, find);
        const linked = await linkedBelow(peer, item.height, find);
        const base = { level: chain.trust().level, block: { height: item.height, hash: item.id, timestamp: block.header.timestamp * 1000 } };
        if (linked?.item.id === item.id) return { value: { ...value, standing: 'linked' }, ...base, finality: 'final' };
        if (linked) throw new NoAnswer('other-block');
        await certifiedCycle(item, find);
        counted();
        return { value: { ...value, standing: 'signed' }, ...base, finality: 'pending' };
      });
    },
    getCycles: async () => chain.cycles.views,
    async getInventory([cycleGiven], { peers, signal }): Promise<StacksInventory> {
      const cycle = cycleArgument(cycleGiven);
      const stored = await inventories.stored(cycle);
      // Of a cycle below that of the newest confirmed block nothing changes.
      if (stored && cycle < chain.root.cycle && stored.next === undefined && stored.bits.length === network.cycleLength) return stored;
      const isBegun = (peer: GatewayPeer) => peer.gateway.url === stored?.gateway;
      const gateways = gatewaysOf(peers);
      return askGateways([...gateways.filter(isBegun), ...gateways.filter((peer) => !isBegun(peer))], { signal }, async (peer) => {
        const inventory = await fetchInventory(peer.gateway, cycle, network, { before: stored, signal });
        await inventories.keep(inventory);
        return inventory;
      });
    },
    async verifyCycle([cycleGiven, mostGiven], { peers, signal }): Promise<StacksCycleCheck> {
      const cycle = cycleArgument(cycleGiven);
      const most = mostArgument(mostGiven);
      const gateways = gatewaysOf(peers);
      if (gateways.length === 0) throw new QuestionError('no-peers', { service: 'gateway' });
      try {
        const options = { chain, network, clock, headers: epoch2, peers: gateways, most };
        // In the cycle of the transition both machines run.
        const [tenures, older] = await Promise.all([
          firstHeightOf(cycle + 1, network) > nakamotoHeight(network.epochs)! ? downloadTenures(cycle, options, { signal }) : noTenures,
          hasEpoch2(cycle, network) ? downloadEpoch2(cycle, options, { signal }) : undefined,
        ]);
        return { cycle, ...tenures, epoch2: older };
      } catch (error) {
        if (error instanceof NoAnswer) throw new QuestionError('no-answer', { asked: gateways.length, reason: error.code });
        throw error;
      } finally {
        counted();
      }
    },
    async getEpoch2Headers([countGiven, optionsArgument], { peers, signal }): Promise<StacksEpoch2Headers> {
      const count = epoch2CountArgument(countGiven);
      optionsOf(optionsArgument);
      return epoch2.newest(count, gatewaysOf(peers), { signal });
    },
    async proveStateValue([keyArgument, optionsArgument], { peers, signal }): Promise<Answer<Uint8Array>> {
      const { text } = keyOf(keyArgument);
      const placed = standsOn(optionsOf(optionsArgument));
      return askGateways(gatewaysOf(peers), { signal }, async (peer) => {
        const item = await signedCopy(peer, placed, signal);
        const { statement } = await shown(peer, text, item, signal);
        const handOvers = chain.cycles.handOvers.filter(({ set }) => set.cycle <= placed.cycle).map((handOver) => handOver.statement);
        return answer(encodeProofFile({ networkId: network.networkId, checkpoint: checkpointSet(network.checkpoint), handOvers, key: text, statement }), placed);
      });
    },
  };

  /** Undefined: it has no entry, which cannot be proven. */
  async function nonceOf(peer: GatewayPeer, { key, text }: ReturnType<typeof keyOf>, item: StacksItem, signal: AbortSignal): Promise<number | undefined> {
    const state = await readState(peer.gateway, text, item, { verify, signal });
    if (state === 'absent') return undefined;
    if (typeof state === 'string') throw new NoAnswer(state);
    const value = readValue(key, state);
    return value.kind === 'nonce' ? value.nonce : undefined;
  }

  /** The header with signatures that hold. Those of a header that hashes bind were not verified, and another copy may have better ones. */
  async function signedCopy(peer: GatewayPeer, { item, cycle }: Placed, signal: AbortSignal): Promise<StacksItem> {
    const isSigned = async ({ block: { header } }: StacksItem) => (await verifySigners(header, chain.cycles.setOf(cycle)!, verify, { signal })).ok;
    if (await isSigned(item)) return item;
    const header = (await peer.gateway.header(item.id, { signal }))?.value;
    const copy = header && { ...item, block: { ...item.block, header } };
    if (!copy || blockId(copy.block.header) !== item.id || !(await isSigned(copy))) throw new NoAnswer('not-signed');
    return copy;
  }
}

/** Peers of this chain are all gateways. */
function gatewaysOf(peers: readonly ChainPeer<StacksBlock>[]): readonly GatewayPeer[] {
  return peers.filter((peer) => peer instanceof GatewayPeer);
}

function readValue(key: ReturnType<typeof keyOf>['key'], { statement }: ShownState): StateValue {
  try {
    return readStateValue(key, statement.value);
  } catch (error) {
    if (error instanceof CodedError) throw new NoAnswer('value-unknown');
    throw error;
  }
}

function pathOf(key: string, { statement: { header }, hops, bytes }: ShownState): StacksProofPath {
  return { key, path: [...hops.map(({ block, between }) => ({ block, tries: between })), { block: blockId(header), tries: 0 }], bytes };
}

