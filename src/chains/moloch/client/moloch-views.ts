// Tests: `src/chains/moloch/client/moloch-chain.test.ts`.
import type { Item } from '../../../engine/sync/sync-chain.ts';
import type { BlockView, HeadView, NetworkView, TrustRecord } from '../../../engine/view.ts';
import type { MolochBlock as BlockDetails, MolochHead, MolochNetwork as NetworkDetails } from '../chain/details.ts';
import { validatorsHash } from '../chain/hash.ts';
import type { MolochBlock } from '../chain/moloch-block.ts';
import type { MolochNetwork } from '../chain/network.ts';
import { finalityThreshold } from '../chain/trusted-header-rules.ts';
import { encodeHeader } from '../wire/header.ts';

/** What the trust in all blocks of the chain rests on. */
export interface TrustBase {
  readonly kind: 'genesis' | 'pinned';
  readonly height: number;
  readonly hash: string;
  /** Final blocks that were checked since. */
  readonly blocks: number;
  /** What their signatures took. */
  readonly milliseconds: number;
}

export const levelOf = ({ kind }: TrustBase): 'proven' | 'pinned' => (kind === 'genesis' ? 'proven' : 'pinned');

export function networkViewOf(network: MolochNetwork): NetworkView {
  const validators = network.validators.length;
  const details: NetworkDetails = { chain: 'moloch', validators, threshold: finalityThreshold(validators), chainId: network.chainId };
  return { name: network.name, genesisHash: network.genesisHash, genesisHeight: 0, development: network.development ?? false, details };
}

export function headViewOf({ height, id, block }: Item<MolochBlock>, network: MolochNetwork, base: TrustBase, isFinal: boolean): HeadView {
  const { header, signatures } = block;
  const details: MolochHead = {
    chain: 'moloch',
    grade: isFinal ? (base.kind === 'pinned' && height === base.height ? 'checkpoint' : 'final') : 'tentative',
    sealer: header.sealer,
    events: header.eventsCount,
    signatures: signatures.length > 0 ? signatures.length : undefined,
    validators: network.validators.length,
  };
  return { height, hash: id, timestamp: header.time, trust: levelOf(base), finality: isFinal ? 'final' : 'pending', details };
}

export function blockViewOf(item: Item<MolochBlock>, network: MolochNetwork, base: TrustBase, place: { readonly isFinal: boolean; readonly inChain: boolean; readonly linkedFrom: number | undefined }): BlockView {
  const { header } = item.block;
  const head = headViewOf(item, network, base, place.isFinal);
  const details: BlockDetails = { ...(head.details as MolochHead), eventsRoot: header.eventsRoot, mmrRoot: header.mmrRoot, validatorsHash: validatorsHash(network.validators) };
  return { ...head, details, place: place.inChain ? 'chain' : 'reverted', linkedFrom: place.linkedFrom, parentHash: header.parent, bytes: encodeHeader(header) };
}

export function trustRecordOf(base: TrustBase): TrustRecord {
  const { kind, height, hash, blocks, milliseconds } = base;
  return {
    level: levelOf(base),
    anchor: { kind, height, hash, witnesses: [], fewWitnesses: false },
    onlyNames: false,
    checked: { blocks, milliseconds },
    proof: undefined,
  };
}
