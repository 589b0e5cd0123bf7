/**
 * What pages are told of blocks, network and trust.
 * @module
 */
import { trustLevel } from '../../../engine/trust.ts';
import type { BlockView, HeadView, NetworkView, TrustRecord } from '../../../engine/view.ts';
import type { StacksBlockDetails, StacksHead, StacksNetworkDetails } from '../chain/details.ts';
import type { StacksNetwork } from '../chain/network.ts';
import type { StacksItem } from '../chain/stacks-block.ts';
import { encodeHeader } from '../wire/header.ts';
import type { StacksCounts, Standing } from './certifier.ts';
import type { Root } from './pending-tree.ts';

/** The boot address of the main network. */
const MAIN_BOOT = 'SP000000000000000000002Q6VF78';

export function isMainnet({ bootAddress }: Pick<StacksNetwork, 'bootAddress'>): boolean {
  return bootAddress === MAIN_BOOT;
}

export interface BlockStanding {
  readonly cycle: number;
  readonly isConfirmed: boolean;
  readonly standing: Standing | undefined;
}

/** Of the checkpoint's block while its header is not known. */
export function checkpointView({ height, id, time, cycle }: Root): HeadView {
  const details: StacksHead = { chain: 'stacks', grade: 'checkpoint', tenure: '', cycle, burnHeight: undefined, weight: undefined, signatures: 0 };
  return { height, hash: id, timestamp: time * 1000, trust: 'pinned', finality: 'final', details };
}

export function headViewOf({ id, height, block: { header, burnHeight } }: StacksItem, { cycle, isConfirmed, standing }: BlockStanding): HeadView {
  const grade: StacksHead['grade'] = isConfirmed ? 'confirmed' : (standing?.kind ?? 'linked');
  const weight = standing?.kind === 'signed' ? standing.weight : undefined;
  const details: StacksHead = { chain: 'stacks', grade, tenure: header.consensusHash, cycle, burnHeight, weight, signatures: header.signerSignatures.length };
  return { height, hash: id, timestamp: header.timestamp * 1000, trust: 'pinned', finality: isConfirmed ? 'final' : 'pending', details };
}

export function blockViewOf(item: StacksItem, standing: BlockStanding, linkedFrom?: number): BlockView {
  const { header } = item.block;
  const head = headViewOf(item, standing);
  const details: StacksBlockDetails = {
    ...(head.details as StacksHead), version: header.version, stateRoot: header.stateRoot, transactionRoot: header.transactionRoot, burnSpent: header.burnSpent,
    minerKeyHash: standing.standing?.kind === 'signed' ? standing.standing.minerKeyHash : undefined,
  };
  return { ...head, details, place: 'chain', linkedFrom, parentHash: header.parentBlockId, bytes: encodeHeader(header) };
}

export function networkViewOf(network: StacksNetwork): NetworkView {
  const { firstBurnHeight, cycleLength, prepareLength, checkpoint } = network;
  const { cycle, block: { height, id, time }, signers } = checkpoint;
  const details: StacksNetworkDetails = { chain: 'stacks', mainnet: isMainnet(network), firstBurnHeight, cycleLength, prepareLength, checkpoint: { cycle, height, id, time: time * 1000, signers: signers.length } };
  // Nothing below the checkpoint is followed.
  return { name: network.name, genesisHash: network.genesisHash, genesisHeight: height, development: network.development === true, details };
}

export function trustRecordOf({ checkpoint: { block } }: StacksNetwork, checked: StacksCounts & { readonly jumps: number }): TrustRecord {
  const anchor: TrustRecord['anchor'] = { kind: 'pinned', height: block.height, hash: block.id, witnesses: [], fewWitnesses: false };
  return { level: trustLevel(anchor), anchor, onlyNames: false, checked: { ...checked }, proof: undefined };
}
