import { systemClock, systemRandom } from '../../src/base/system.ts';
import { createKeyCheck } from '../../src/chains/moloch/chain/key-check.ts';
import type { MolochBlock } from '../../src/chains/moloch/chain/moloch-block.ts';
import { checkMolochNetwork } from '../../src/chains/moloch/chain/network.ts';
import type { SnapshotContent } from '../../src/chains/moloch/chain/snapshot-rules.ts';
import { verifySignature } from '../../src/chains/moloch/chain/verify-signature.ts';
import { MolochChain } from '../../src/chains/moloch/client/moloch-chain.ts';
import { connectMoloch, type MolochNetContext } from '../../src/chains/moloch/net/connect.ts';
import { makeNodeKey } from '../../src/chains/moloch/net/node-key.ts';
import { NonceMemory } from '../../src/chains/moloch/net/nonce-memory.ts';
import { encodeSignedBlock } from '../../src/chains/moloch/wire/signed-block.ts';
import { noHandlers, type BenchClient } from './bench-client.ts';

/** `keeps`: whether it holds what a store would be given. */
export function molochClient(parameters: unknown, keeps: boolean): BenchClient<MolochBlock> & { readonly chain: MolochChain } {
  const network = checkMolochNetwork(parameters);
  const kept: Uint8Array[] = [];
  let snapshot: SnapshotContent | undefined;
  const sink = {
    blocks: async (items: Parameters<MolochChain['checkSignatures']>[0]) => {
      if (keeps) kept.push(...items.map(({ block }) => encodeSignedBlock(block)));
    },
    snapshot: async (content: SnapshotContent) => {
      if (keeps) snapshot = content;
    },
  };
  const chain = new MolochChain({ network, now: () => systemClock.now(), sink });
  const context: MolochNetContext = {
    clock: systemClock,
    random: systemRandom,
    own: makeNodeKey(systemRandom.bytes(32)),
    chainId: network.chainId,
    genesis: network.genesisHash,
    nonces: new NonceMemory(systemClock),
    verify: verifySignature,
    isKey: createKeyCheck(),
    connected: new Set(),
    allowInsecure: false,
    wantedSnapshot: () => (network.checkpoint && network.checkpoint.height > chain.tip().height ? network.checkpoint.height : undefined),
    held: { head: () => chain.head(), final: () => chain.tip(), idAt: (height) => chain.idAt(height), mmrRoot: () => chain.finalBlocks.mmr.root },
    status: () => ({ syncing: true, peers: 1 }),
    proveFinal: (header, signal) => chain.proveFinal(header, signal),
    provider: undefined,
    fetching: new Set(),
  };
  return {
    chain,
    connect: (address) => connectMoloch(address, context, noHandlers, { signal: new AbortController().signal }),
    stored: () => kept.reduce((sum, { length }) => sum + length, 0),
    reopen: async () => {
      const next = molochClient(parameters, false);
      await next.chain.restore({ snapshot, items: kept.map((bytes) => next.chain.decodeItem(bytes)) });
      return next;
    },
  };
}
