import { afterEach, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { bitSetIndices } from '../../src/chains/albatross/wire/bit-set.ts';
import type { BitSet, Block, MacroBlock } from '../../src/chains/albatross/wire/types.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';

/** Number of zero words that the first peer to pass the block on appended to its signers. */
const FEW = 1;
/** More words than a bit set may have. */
const MANY = 1000;

let devnet: Devnet | undefined;
let light: NodeClient | undefined;
afterEach(async () => {
  await light?.close();
  await devnet?.close();
});

/** Three honest nodes and no others, some blocks after a checkpoint that follows an election block. */
async function threeNodes(): Promise<Devnet> {
  devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'padded signers', peers: 3, zkp: 'none', epochs: 1 });
  const { chain } = devnet;
  do await devnet.produce();
  while (!chain.policy.isMacro(chain.head.height));
  await devnet.produce(2);
  return devnet;
}

const signersOf = (block: Block): BitSet => (block as MacroBlock).justification!.sig.signers;

/** Pads the block in the form in which nodes store and serve it: they keep the list of words unchanged. */
function pad(block: Block, zeros: number): void {
  const signers = signersOf(block) as { words: bigint[]; zeroWords?: number };
  const inList = Math.min(zeros, 64 - signers.words.length);
  signers.words.push(...Array.from({ length: inList }, () => 0n));
  if (zeros > inList) signers.zeroWords = zeros - inList;
}

/** The client's view of its peers and of itself. */
function standingOf({ client, notices }: NodeClient) {
  return {
    peers: client.getPeers().map(({ state, reason }) => [state, reason?.code]), consensus: client.getStatus().consensus,
    doubts: notices.filter(({ code }) => code === 'client-in-doubt').length,
  };
}
const unblamed = { peers: Array.from({ length: 3 }, () => ['live', undefined]), consensus: 'established', doubts: 0 };

describe('issue 11.8: honest nodes that hold a block with zero words after its signers', () => {
  it.each([['an election block', 'electionHead', FEW], ['a checkpoint', 'macroHead', MANY]] as const)('%s: a new client follows them, and blames no peer', async (_, which, zeros) => {
    const { chain, network: parameters, produce } = await threeNodes();
    pad(chain[which].block, zeros);
    light = await startNodeClient({ network: parameters });
    await light.until('consensus', (client) => client.getStatus().consensus === 'established' && client.getHead().latest.height === chain.head.height);
    await produce(1);
    await light.until('the next block', (client) => client.getHead().latest.height === chain.head.height);
    expect(standingOf(light)).toEqual(unblamed);
  });

  it('a checkpoint announced in this form: a following client still accepts it from them', async () => {
    const { chain, network: parameters, produce } = await threeNodes();
    light = await startNodeClient({ network: parameters });
    await light.until('consensus', (client) => client.getStatus().consensus === 'established');
    while (!chain.policy.isMacro(chain.head.height + 1)) await produce(1);
    const next = chain.next.bind(chain);
    chain.next = (...choices) => {
      const made = next(...choices);
      pad(made.block, FEW);
      return made;
    };
    await produce(1);
    chain.next = next;
    expect(signersOf(chain.macroHead.block).words.at(-1)).toBe(0n);
    expect(bitSetIndices(signersOf(chain.macroHead.block)).length).toBeGreaterThan(341);
    await produce(1);
    await light.until('the block after it', (client) => client.getHead().latest.height === chain.head.height);
    expect(standingOf(light)).toEqual(unblamed);
  });
});
