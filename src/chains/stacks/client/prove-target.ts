/**
 * Proves the newest confirmed block at one gateway: the signer sets up to the tip's cycle, then the newest two tenures by the machines that a node has for
 * them (Stacks reference, 10). Signatures are verified of the newest block, and of both blocks that begin a tenure; hashes bind the others.
 * @module
 */
import { PeerFault, type AskOptions } from '../../../engine/sync/sync-peer.ts';
import type { RequestError } from '../../../engine/peers/peer-net.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Tip } from '../../../engine/sync/sync-chain.ts';
import { cycleOf } from '../chain/cycles.ts';
import { blockId } from '../chain/hash.ts';
import { itemOfHeader, type StacksItem } from '../chain/stacks-block.ts';
import type { HeaderToVerify, ReceiveOutcome, TenureRequest } from '../chain/tenure-downloader.ts';
import { TenureDownloader } from '../chain/tenure-downloader.ts';
import { UnconfirmedDownloader, type TenureInfo } from '../chain/unconfirmed-downloader.ts';
import type { WantedTenure } from '../chain/wanted-tenures.ts';
import type { StacksNetwork } from '../chain/network.ts';
import type { NakamotoBlock } from '../wire/block.ts';
import type { Gateway } from '../net/gateway.ts';
import { compareConfirmed } from './compare-confirmed.ts';
import { confirmedCount } from './confirmed.ts';
import { learnCycles, type LearnOptions } from './learn-cycles.ts';
import type { Placed } from './pending-tree.ts';
import type { Proven } from './proven-targets.ts';
import { refused } from './read-state.ts';
import { faultOf } from './run-rules.ts';
import type { StacksChain } from './stacks-chain.ts';

export interface ProveOptions extends Pick<LearnOptions, 'verify' | 'learned'> {
  readonly network: StacksNetwork;
  readonly chain: StacksChain;
}

/** Rejects with `PeerFault` for what is false, with `StacksClientError`, or as the gateway's methods do: `refused` if it has nothing newer that it can prove. */
export async function proveTarget(gateway: Gateway, options: ProveOptions, ask: AskOptions): Promise<Proven> {
  const proven = await proveNewest(gateway, options, ask);
  if (proven.branch.length > 0) options.chain.proven.newest = proven;
  return proven;
}

async function proveNewest(gateway: Gateway, options: ProveOptions, { signal }: AskOptions): Promise<Proven> {
  const { chain, network } = options;
  const info = await gateway.tenureInfo({ signal });
  if (chain.holds(info.tipBlockId)) return { target: chain.tip(), continues: true, branch: [] };
  const known = chain.proven.newest;
  // Another gateway has proven the branch that this one is on.
  if (known?.branch.some(({ id }) => id === info.tipBlockId)) return known;
  const tenures = await tenuresOf(gateway, info, { signal });
  await learnCycles(gateway, cycleOf(tenures.newest.burnHeight, network), { ...options, cycles: chain.cycles, signal });
  const fetched = await fetchNewest(gateway, info, tenures, options, { signal });
  const [first] = fetched;
  const isJoined = chain.extends(first!.parent);
  // Our chain has moved on since they were fetched; one tenure alone confirms nothing below it.
  if (!isJoined && first!.block.header.consensusHash === tenures.newest.tenureId) throw refused('the chain has moved meanwhile');
  // Whoever has the keys of a set that left signs what follows on a block of the next one.
  if (isJoined && chain.isOver(cycleOfItem(first!, options, 0), { id: first!.parent, height: first!.height - 1 })) throw errorOf('cycle-ended', first!);
  const branch = [...chain.branch(fetched[0]!.parent).map(({ item }) => item), ...fetched];
  chain.certifier.linked(fetched.map(({ id }) => id));
  if (isJoined) {
    const confirmed = confirmedCount(chain.root.item?.block.header.consensusHash, branch.map(({ block }) => block.header.consensusHash));
    const last = branch[confirmed - 1];
    // A block that is pending here has its cycle; the tenures of the others were certified with that of their date.
    if (last) chain.proven.add(chain.find(last.id) ?? { item: last, cycle: cycleOfItem(last, options, chain.root.cycle) });
    return { target: last ? { height: last.height, id: last.id } : chain.tip(), continues: true, branch };
  }
  const target = { height: branch[0]!.height - 1, id: branch[0]!.parent };
  const placed = target.height > chain.tip().height ? await fetchConfirmed(gateway, target, options, { signal }) : undefined;
  const continues = await compareConfirmed(gateway, { chain, target, branch, header: placed?.item, cycle: cycleOf(tenures.newest.burnHeight, network) }, { signal });
  if (placed) chain.proven.add(placed);
  return { target: placed ? target : chain.tip(), continues, branch };
}

/** A tenure with the miner that the gateway says has won it. */
interface ToldTenure extends WantedTenure {
  readonly minerKeyHash: string | undefined;
}

interface Tenures {
  readonly newest: ToldTenure;
  readonly before: ToldTenure;
}

async function tenuresOf(gateway: Gateway, info: TenureInfo, options: AskOptions): Promise<Tenures> {
  const [newest, before] = await Promise.all([info.consensusHash, info.parentConsensusHash].map(async (consensusHash): Promise<ToldTenure> => {
    const sortition = await gateway.sortition({ consensusHash }, options);
    if (!sortition || sortition.committedBlockId === undefined) throw refused(`no sortition of tenure ${consensusHash}`);
    return { tenureId: consensusHash, winningBlockId: sortition.committedBlockId, burnHeight: sortition.burnHeight, minerKeyHash: sortition.minerKeyHash };
  }));
  return { newest: newest!, before: before! };
}

/**
 * The blocks of the newest tenure, and those of the one before it, ascending; only those above our newest confirmed block if a block of ours is their parent.
 * Rejects with `refused` for blocks in the middle of a tenure that do not join ours.
 */
async function fetchNewest(gateway: Gateway, info: TenureInfo, { newest, before }: Tenures, options: ProveOptions, ask: AskOptions): Promise<readonly StacksItem[]> {
  const { chain, network } = options;
  const sortitions = new Map([[newest.tenureId, newest], [before.tenureId, before]]);
  const proving = { ...options, tip: info.tipBlockId, minerOf: (consensusHash: string) => sortitions.get(consensusHash)?.minerKeyHash };
  const machine = new UnconfirmedDownloader({ rules: network, sortitionOf: (consensusHash) => sortitions.get(consensusHash), tip: stopOf(chain, info) });
  const fault = machine.takeInfo(info);
  // The gateway's Bitcoin side may be moving just now.
  if (fault || info.tipHeight < chain.tip().height) throw refused(`the newest tenure is ${fault ?? 'behind'}`);
  await run(gateway, machine, proving, ask);
  const items = itemsOf(machine.blocks()!, newest.burnHeight);
  if (items[0] && chain.extends(items[0].parent)) return items;
  if (items[0]?.id !== info.tenureStartBlockId) throw refused('the newest tenure began otherwise');
  const older = new TenureDownloader(machine.completeTenure()!);
  await run(gateway, older, proving, ask);
  // The end block is the start block of the newest tenure, which is there already.
  return [...itemsOf(older.blocks()!.slice(0, -1), before.burnHeight), ...items];
}

/** Where the fetch of the newest tenure may stop: at our head, if it is of that tenure. */
function stopOf(chain: StacksChain, { consensusHash }: TenureInfo): Tip {
  const head = chain.head();
  return chain.find(head.id)?.item.block.header.consensusHash === consensusHash ? head : { height: 0, id: '' };
}

interface RunOptions extends ProveOptions {
  /** The gateway's newest block. */
  readonly tip: Hash;
  /** Of the sortition of a tenure, as the gateway tells it. */
  readonly minerOf: (consensusHash: string) => string | undefined;
}

interface Machine {
  request(): TenureRequest | undefined;
  receive(blocks: readonly NakamotoBlock[]): ReceiveOutcome;
  confirm(): void;
}

/** Asks the gateway for what the machine wants until it wants nothing more. */
async function run(gateway: Gateway, machine: Machine, options: RunOptions, { signal }: AskOptions): Promise<void> {
  for (let request = machine.request(); request; request = machine.request()) {
    const blocks = await fetchRequest(gateway, request, { signal });
    const outcome = machine.receive(blocks);
    if (!outcome.ok) throw faultOfBlocks(outcome.code, request, blocks);
    // An answer is a chain of hashes down from its first block.
    const [first] = outcome.verify;
    if (first) await certifyFirst(first, options, signal);
    const swollen = blocks.find(({ header }) => options.chain.certifier.faultOfSize(header));
    if (swollen) throw errorOf('signer-twice', { height: swollen.header.chainLength, id: blockId(swollen.header) });
    machine.confirm();
  }
}

/** The blocks that a downloader asks for, in the form in which it takes them. */
export async function fetchRequest(gateway: Pick<Gateway, 'block' | 'tenure'>, request: TenureRequest, ask: AskOptions): Promise<readonly NakamotoBlock[]> {
  const blocks = request.kind === 'block' ? (await gateway.block(request.id, ask))?.value : (await gateway.tenure(request.cursor, request.stop, ask))?.value;
  // A gateway that has lost a block that it named may be catching up.
  if (!blocks) throw refused(`no block ${request.kind === 'block' ? request.id : request.cursor}`);
  return 'header' in blocks ? [blocks] : blocks;
}

async function certifyFirst({ header, cycle }: HeaderToVerify, { chain, tip, minerOf }: RunOptions, signal: AbortSignal): Promise<void> {
  const item = itemOfHeader(header, undefined);
  const code = await chain.certifier.certify(item, cycle, signal);
  // Another gateway may have shown the set by a later block than it had to. Hashes bind this block to the tip, whose signatures are enough.
  if (code === 'order' && item.id !== tip) return;
  if (code) throw errorOf(code, item);
  if (chain.certifier.hasOtherMiner(item.id, minerOf(header.consensusHash))) throw errorOf('miner', item);
}

function faultOfBlocks(code: string, request: TenureRequest, blocks: readonly NakamotoBlock[]): PeerFault | RequestError {
  return errorOf(code, { height: blocks[0]?.header.chainLength ?? 0, id: request.kind === 'block' ? request.id : request.cursor });
}

/** A block below the one that named its set says nothing of this gateway: another one may have shown the set by a later block than it had to. */
function errorOf(code: string, at: Tip): PeerFault | RequestError {
  if (code === 'order') return refused('a block below the one that shows its signers');
  const { weight, data } = faultOf(code, at);
  return new PeerFault(code, weight, data);
}

/** The header of the confirmed block, which hashes bind to the branch, with its own signatures verified. */
async function fetchConfirmed(gateway: Gateway, { height, id }: Tip, options: ProveOptions, { signal }: AskOptions): Promise<Placed> {
  const { chain } = options;
  const header = (await gateway.header(id, { signal }))?.value;
  // The parent of the first Nakamoto tenure is none.
  if (!header) throw refused(`no header ${id}`);
  const sortition = await gateway.sortition({ consensusHash: header.consensusHash }, { signal });
  if (!sortition) throw refused(`no sortition of tenure ${header.consensusHash}`);
  const item = itemOfHeader(header, sortition.burnHeight);
  if (item.id !== id || item.height !== height) throw new PeerFault('block-id', 'lie', { height, hash: id });
  const cycle = cycleOfItem(item, options, chain.root.cycle);
  // Our newest confirmed block may have come with a false date.
  const told = cycleOfItem(item, options, 0);
  const code = (await chain.certifier.certify(item, cycle, signal)) && (await chain.certifier.certify(item, told, signal));
  if (code && code !== 'order') throw errorOf(code, item);
  if (chain.certifier.hasOtherMiner(item.id, sortition.minerKeyHash)) throw errorOf('miner', item);
  // Hashes bind it to the tip. Without its signatures nothing but a date says that it is of a later cycle.
  return { item, cycle: code ? chain.root.cycle : cycle };
}

function cycleOfItem({ block: { burnHeight } }: StacksItem, { network }: ProveOptions, least: number): number {
  return burnHeight === undefined ? least : Math.max(least, cycleOf(burnHeight, network));
}

function itemsOf(blocks: readonly NakamotoBlock[], burnHeight: number): readonly StacksItem[] {
  return blocks.map(({ header }) => itemOfHeader(header, burnHeight));
}

