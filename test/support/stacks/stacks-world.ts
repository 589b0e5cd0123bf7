import { StacksNet, type StacksNetOptions } from '../../../devnet/stacks/stacks-net.ts';
import type { DevBlock } from '../../../devnet/stacks/dev-block.ts';
import type { Halt } from '../../../src/engine/follow/followed-chain.ts';
import { itemOfHeader, type StacksItem } from '../../../src/chains/stacks/chain/stacks-block.ts';
import type { StacksNetwork } from '../../../src/chains/stacks/chain/network.ts';
import { StacksChain, type StacksChainOptions, type StacksChange } from '../../../src/chains/stacks/client/stacks-chain.ts';
import type { Verify } from '../../../src/crypto/jobs.ts';
import { ManualClock } from '../manual-clock.ts';
import { verifyHere } from '../verify-here.ts';
import { viewGateway } from './view-gateway.ts';

/** A small network without servers: cycles of 10 Bitcoin blocks, sets of 4 signers. */
export async function smallNet(options: StacksNetOptions = {}): Promise<StacksNet> {
  return StacksNet.start({ gateways: 0, cycleLength: 10, prepareLength: 4, signers: 4, ...options });
}

const results = new Map<string, Awaited<ReturnType<Verify>>>();

/** Recovers the keys of each header once in a test file. */
export const verifyOnce: Verify = async (job, options) => {
  options?.signal?.throwIfAborted();
  const key = job.kind === 'secp256k1-recover' ? job.signatures.map(({ message, signature }) => `${message.join(',')}:${signature.join(',')}`).join(';') : undefined;
  const known = key === undefined ? undefined : results.get(key);
  const result = known ?? (await verifyHere(job, options));
  if (key !== undefined) results.set(key, result);
  return result;
};

export const itemOf = (block: DevBlock): StacksItem => itemOfHeader(block.header!, block.tenure.burnHeight);

/** A chain at the checkpoint, and what it told. */
export function chainOf(network: StacksNetwork, more: Partial<StacksChainOptions> = {}) {
  const kept: StacksChange[] = [];
  const halts: Halt[] = [];
  const clock = new ManualClock();
  const chain = new StacksChain({ network, verify: verifyOnce, clock, keep: async (change) => void kept.push(change), onHalt: (halt) => halts.push(halt), ...more });
  return { chain, kept, halts, clock, options: { chain, network, verify: verifyOnce } };
}

/** A right gateway of the net. */
export const gatewayOf = (net: StacksNet, changes: Parameters<typeof viewGateway>[1] = {}) => viewGateway(() => net.viewOf(0), changes);
