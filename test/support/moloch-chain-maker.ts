/** Makes chains of Moloch blocks with the validators of the vectors. Synchronous, and the same for the same arguments. */
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { ed25519PublicKey, signEd25519 } from '../../src/crypto/ed25519.ts';
import { eventsRoot } from '../../src/chains/moloch/chain/events-root.ts';
import { blockHash, eventId, ZERO_HASH } from '../../src/chains/moloch/chain/hash.ts';
import { appendLeaf, mmrRoot, NO_PEAKS, type MmrPeaks } from '../../src/chains/moloch/chain/mmr.ts';
import { itemOf, type MolochBlock } from '../../src/chains/moloch/chain/moloch-block.ts';
import type { MolochNetwork } from '../../src/chains/moloch/chain/network.ts';
import { encodeBlock } from '../../src/chains/moloch/wire/block.ts';
import { canonicalEventBytes, type EventContent, type MolochEvent } from '../../src/chains/moloch/wire/event.ts';
import { headerSigningBytes, type HeaderContent, type MolochHeader } from '../../src/chains/moloch/wire/header.ts';
import type { FinalitySignature } from '../../src/chains/moloch/wire/trusted-header.ts';
import type { Item } from '../../src/engine/sync/sync-chain.ts';

/** Seeds of four validators: 32 bytes of 01, 02, 03, 04. */
export const seeds = [1, 2, 3, 4].map((byte) => new Uint8Array(32).fill(byte));
export const validators = seeds.map((seed) => toHex(ed25519PublicKey(seed)));
const START = 1_700_000_000_000;

export function signEvent(content: EventContent, seed: Uint8Array): MolochEvent {
  return { ...content, attestation: { attester: toHex(ed25519PublicKey(seed)), signature: signEd25519(seed, canonicalEventBytes(content)), chain: [] } };
}

/** An event that only its number tells from others. */
export function eventOf(number: number): MolochEvent {
  return signEvent(
    {
      time: START + number,
      type: { kind: 'Push', force: false, commits: number },
      actor: { key: validators[0]!, name: undefined, kind: 'User' },
      resource: { kind: 'Repository', id: `repository/${number}`, parent: undefined },
      outcome: { kind: 'Success' },
      metadata: new Uint8Array(),
    },
    seeds[0]!,
  );
}

export function seal(content: HeaderContent, seed: Uint8Array): MolochHeader {
  const { height, parent, eventsRoot, eventsCount, mmrRoot, time, sealer, sealerName } = content;
  const bare = { height, parent, eventsRoot, eventsCount, mmrRoot, time, sealer, sealerName };
  return { ...bare, seal: signEd25519(seed, headerSigningBytes(bare)) };
}

/** Signatures of the first `count` validators over a block's hash. */
export function signaturesOf(hash: string, count: number): FinalitySignature[] {
  return seeds.slice(0, count).map((seed, i) => ({ key: validators[i]!, signature: signEd25519(seed, fromHex(hash)) }));
}

export interface MadeBlock {
  readonly item: Item<MolochBlock>;
  /** With this block. */
  readonly peaks: MmrPeaks;
}

export interface BlockChoices {
  readonly events?: readonly MolochEvent[];
  /** Validators that sign it, the first ones; 3 by default, 0 for a block that is not final. */
  readonly signers?: number;
  /** Makes another block of the same height. */
  readonly branch?: string;
  readonly time?: number;
  /** Fields that are sealed as given, right or wrong. */
  readonly header?: Partial<HeaderContent>;
}

/** The block after `parent`, or the genesis. The sealer is validator height mod 4. */
export function blockAfter(parent: MadeBlock | undefined, { events = [], signers = 3, branch, time, header }: BlockChoices = {}): MadeBlock {
  const height = parent ? parent.item.height + 1 : 0;
  const sealed = seal(
    {
      height,
      parent: parent?.item.id ?? ZERO_HASH,
      eventsRoot: eventsRoot(events.map(eventId)),
      eventsCount: events.length,
      mmrRoot: mmrRoot(parent?.peaks ?? NO_PEAKS),
      time: time ?? START + 1000 * height,
      sealer: validators[height % 4]!,
      sealerName: branch,
      ...header,
    },
    seeds[height % 4]!,
  );
  const hash = blockHash(sealed);
  const block: MolochBlock = { header: sealed, events, signatures: signaturesOf(hash, signers) };
  const size = encodeBlock({ header: sealed, events }).length;
  return { item: itemOf(block, size), peaks: appendLeaf(parent?.peaks ?? NO_PEAKS, hash) };
}

/** Genesis and `count` final blocks, each with one event. */
export function makeChain(count: number): MadeBlock[] {
  const chain = [blockAfter(undefined)];
  for (let height = 1; height <= count; height += 1) chain.push(blockAfter(chain.at(-1), { events: [eventOf(height)] }));
  return chain;
}

export function networkOf(genesis: MadeBlock): MolochNetwork {
  const { header, events } = genesis.item.block;
  return { chain: 'moloch', name: 'moloch-test', chainId: 'moloch-devnet', genesis: toHex(encodeBlock({ header, events: events! })), genesisHash: genesis.item.id, validators, seeds: [], development: true };
}
