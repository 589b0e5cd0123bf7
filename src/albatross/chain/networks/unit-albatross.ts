import type { NetworkParameters } from '../network-parameters.ts';

/**
 * The postcard bytes of the genesis block, as the official client carries them (`test/vectors/genesis-unit-albatross.block.dat`):
 * block 200 with one validator, whose keys are public.
 */
const genesisBlock = [
  '000701c80100a0c7e981cd2fd7b808129639b27cfc6c3245111db37ba85099496c66ffcb14a6754eb5a1007f264aaf8a4f9828a76c550635da078eb466306a189fcc03710bee',
  '9f649c869d120100e8c7f2f3935da9ca39419aa7d2cc90817245f75e58cc543f2b9478766308e8a508633d7b5d08eea96770d55fe74c66660bff9f05f84c07f6b4760077ec0c',
  'ab0a7b9b619db44f847f725d953d5856217b9b1caff25f4434b41c87cfe61f51290408000000eb28b27aa06dd08f34183d089f3e95917e05ebdc11983aa6f433d99332af0cb7',
  '4b0e299da24f3ac8d1e747d2f46da2fef81f51cad8be2664acec4b30926083d11b7c811c6c03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c11131400',
  '000000000000000000000000000000000000000000000000000000000000000101de9606bf55e452c0961882a12dedc468eaa4152e0bfb6a287f9c3e35ad2f63ab6ea26eec7c',
  '05b58f212ca2c954ce3a1826d8dd044450b095a7cf94dc2e9946495f02955262e4bce43cda9ea62052dc7f5811cc310c5449264814387bdeb2c7610e47329d1b277392a5805b',
  'd0ec4850e3a19f009e60a54d8e5ea6cc723136e2a57d5b0614c2a3b5c82bd703b15089560daeeb6e2af656526309ea7d482f37d3b11e2e478a1ddbdd180aade7d7cf086baa9c',
  'd5d27c449f74d0725bfe13272973785b07e7cfdb6df1d9b69b20530c4c6eff08007477f068d73f7ec42059fbdd0793c3af14561749a758056ae4451fce8e26abb7d75034cfe8',
  '2b77567f214552f853431e6f16dd341b6e743fb878791da9e0963692380c7d8dab4de5cd18779f42ad759e5a69b7c9aac75fd391e272d1d109017a4d16d80d0afab4af8dc38e',
  '4ebd20cf46f5b8aa8cd5baa45a52717ae976119c00800400010000',
].join('');

/**
 * The developers' test network: 32 blocks a batch, 4 batches an epoch, genesis 200, so micro blocks from 201, the first checkpoint at
 * 232 and the first election block at 328. Numbers: Albatross block reference, section 3.
 */
export const unitAlbatross: NetworkParameters = {
  name: 'unit-albatross',
  networkId: 7,
  genesisBlock,
  genesisHash: '4f8f18fcfe98ccacee0745b6aa69365cd28c836f962d577de57f04aa17fe54a1',
  blocksPerBatch: 32,
  batchesPerEpoch: 4,
  maxVersion: 2,
  blockSeparationTime: 1000,
  minProducerTimeout: 4000,
  timestampMaxDrift: 600_000,
  // Where `npm run devnet` listens by default.
  seeds: ['/ip4/127.0.0.1/tcp/8650/ws', '/ip4/127.0.0.1/tcp/8651/ws', '/ip4/127.0.0.1/tcp/8652/ws', '/ip4/127.0.0.1/tcp/8653/ws'],
};
