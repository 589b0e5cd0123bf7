/**
 * What a node answers to questions for inventories, from what it knows of the chain (Stacks reference, 6). Pure rules.
 * Tests: `devnet/stacks/served-inventories.test.ts`.
 * @module
 */
import { cycleOf, positionOf, type CycleRules } from '../../src/chains/stacks/chain/cycles.ts';
import { inventoryBits } from '../../src/chains/stacks/chain/tenure-inventory.ts';
import { bytesOfBits } from '../../src/chains/stacks/wire/bit-vector.ts';
import { MAX_POX_CYCLES, nackCodes, type PeerMessage } from '../../src/chains/stacks/wire/peer-message.ts';

export interface ServedSortition {
  readonly burnHeight: number;
  /** 64 hex digits. */
  readonly burnHash: string;
  /** 40 hex digits. */
  readonly consensusHash: string;
}

/** A chain as far as inventories need it. A running network may answer from what it has at the moment. */
export interface ServedChain {
  readonly rules: CycleRules;
  /** Ascending without gaps; the last is the tip. */
  readonly sortitions: () => readonly ServedSortition[];
  /** Whether a Nakamoto tenure started at the sortition of this height, on the fork of the tip. */
  readonly hasTenure: (burnHeight: number) => boolean;
  /** Whether a block of epoch 2.x was mined at this height. */
  readonly hasBlock: (burnHeight: number) => boolean;
  /** For each cycle from 0 on: the anchor block is known, or known to be absent. */
  readonly anchors: () => readonly boolean[];
}

const nack = (code: number): PeerMessage => ({ kind: 'Nack', code });

/** The answer after the handshake; undefined: a node does not answer such a message. */
export function answerTo(message: PeerMessage, chain: ServedChain): PeerMessage | undefined {
  switch (message.kind) {
    case 'Ping':
      return { kind: 'Pong', nonce: message.nonce };
    case 'GetNakamotoInv': {
      const at = askedHeight(message.consensusHash, chain);
      return typeof at === 'number' ? nakamotoInventory(cycleOf(at, chain.rules), chain) : at;
    }
    case 'GetPoxInv': {
      if (message.count < 1 || message.count > MAX_POX_CYCLES) return nack(nackCodes.invalid);
      const at = askedHeight(message.consensusHash, chain);
      if (typeof at !== 'number') return at;
      const cycle = cycleOf(at, chain.rules);
      const bits = chain.anchors().slice(cycle, cycle + message.count);
      return bits.length === 0 ? nack(nackCodes.unknownBlock) : { kind: 'PoxInv', length: bits.length, pox: bytesOfBits(bits) };
    }
    case 'GetBlocksInv': {
      if (message.count < 1 || message.count > chain.rules.cycleLength) return nack(nackCodes.invalid);
      const at = askedHeight(message.consensusHash, chain);
      if (typeof at !== 'number') return at;
      const length = Math.min(message.count, tipHeight(chain) - at + 1);
      return { kind: 'BlocksInv', length, blocks: bytesOfBits(Array.from({ length }, (_, i) => chain.hasBlock(at + i))), microblocks: bytesOfBits(Array.from({ length }, () => false)) };
    }
    default:
      return undefined;
  }
}

function nakamotoInventory(cycle: number, chain: ServedChain): PeerMessage {
  const bits = inventoryBits(cycle, tipHeight(chain), chain.hasTenure, chain.rules);
  return { kind: 'NakamotoInv', tenures: { length: bits.length, bytes: bytesOfBits(bits) } };
}

/** The height of a hash that may be asked with: one above the first of its cycle, or in cycle 0 also the first. Else the refusal. */
function askedHeight(consensusHash: string, chain: ServedChain): number | PeerMessage {
  const burnHeight = chain.sortitions().find((it) => it.consensusHash === consensusHash)?.burnHeight;
  if (burnHeight === undefined) return nack(nackCodes.unknownBlock);
  const isFirst = burnHeight === chain.rules.firstBurnHeight;
  return positionOf(burnHeight, chain.rules) === 1 || isFirst ? burnHeight : nack(nackCodes.otherFork);
}

function tipHeight(chain: ServedChain): number {
  return chain.sortitions().at(-1)?.burnHeight ?? chain.rules.firstBurnHeight;
}
