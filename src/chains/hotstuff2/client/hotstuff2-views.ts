/**
 * What pages are told of blocks, network and trust.
 * @module
 */
import type { Finality, TrustLevel } from '../../../engine/trust.ts';
import { trustLevel } from '../../../engine/trust.ts';
import type { BlockView, HeadView, NetworkView, TrustRecord } from '../../../engine/view.ts';
import type { HotStuff2Block, HotStuff2Head, HotStuff2Network } from '../chain/details.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import { hashOf } from '../chain/hash.ts';
import { genesisOf, pinnedBlockOf } from '../chain/network.ts';
import type { Hs2Network } from '../chain/network.ts';
import { quorumOf } from '../chain/quorum.ts';

export interface BlockStanding {
  readonly grade: HotStuff2Head['grade'];
  /** Of the block's own set. */
  readonly validators: number;
  readonly trust: TrustLevel;
}

export function headViewOf({ id, height, block }: Hs2Item, { grade, validators, trust }: BlockStanding): HeadView {
  const { view, proposer, time } = block.header;
  const details: HotStuff2Head = { chain: 'hotstuff2', grade, view, proposer, signers: block.qc?.signers.length, validators };
  const finality: Finality = grade === 'final' || grade === 'checkpoint' ? 'final' : 'pending';
  return { height, hash: id, timestamp: time, trust, finality, details };
}

export function blockViewOf(item: Hs2Item, standing: BlockStanding): BlockView {
  const { stateRoot, payloadRoot, validators: validatorsHash, nextValidators: nextValidatorsHash, parent } = item.block.header;
  const head = headViewOf(item, standing);
  const details: HotStuff2Block = { ...(head.details as HotStuff2Head), stateRoot, payloadRoot, validatorsHash, nextValidatorsHash };
  return { ...head, details, place: 'chain', linkedFrom: undefined, parentHash: parent, bytes: item.block.headerBytes };
}

export function networkViewOf(network: Hs2Network): NetworkView {
  const { scheme, keys } = genesisOf(network).validators;
  const details: HotStuff2Network = { chain: 'hotstuff2', validators: keys.length, quorum: quorumOf(keys.length), scheme };
  return { name: network.name, genesisHash: network.genesisHash, genesisHeight: 0, development: network.development === true, details };
}

/** `checked`: blocks, certificates, milliseconds. */
export function trustRecordOf(network: Hs2Network, checked: TrustRecord['checked']): TrustRecord {
  const pinned = pinnedBlockOf(network);
  const begin = pinned ? { kind: 'pinned' as const, height: pinned.header.height, hash: hashOf(pinned.headerBytes) } : { kind: 'genesis' as const, height: 0, hash: network.genesisHash };
  const anchor: TrustRecord['anchor'] = { ...begin, witnesses: [], fewWitnesses: false };
  return { level: trustLevel(anchor), anchor, onlyNames: false, checked, proof: undefined };
}
