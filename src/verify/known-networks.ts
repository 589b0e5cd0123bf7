import type { Hash } from '../base/hash.ts';
import type { NetworkParameters } from '../chains/albatross/chain/network.ts';

/** The built-in networks by their genesis hashes. One chunk per network: only the one that a file names is loaded. */
export const knownNetworks: ReadonlyMap<Hash, () => Promise<NetworkParameters>> = new Map([
  ['968f7ad96731644edd4949961ae186ae832ddbb79284db1069799d66ae5bfd06', async () => (await import('../chains/albatross/chain/networks/main-albatross.ts')).mainAlbatross],
  ['f0d70a89e841e8a8e66663d444bbd7136937cd8fd885774d0d42fb458ae3b598', async () => (await import('../chains/albatross/chain/networks/test-albatross.ts')).testAlbatross],
  ['bd79d1e2dd97e7ca0940fcd719f52baa473859661b5d7d4f092603d1d3fc67ad', async () => (await import('../chains/albatross/chain/networks/dev-albatross.ts')).devAlbatross],
  ['4f8f18fcfe98ccacee0745b6aa69365cd28c836f962d577de57f04aa17fe54a1', async () => (await import('../chains/albatross/chain/networks/unit-albatross.ts')).unitAlbatross],
]);
