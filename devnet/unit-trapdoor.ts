import { fromHex } from '../src/base/bytes.ts';
import { fromLittleEndian } from '../src/crypto/little-endian.ts';
import { decodeUncompressedG1, decodeUncompressedG2 } from '../src/crypto/mnt6/uncompressed.ts';
import type { Trapdoor } from './trapdoor.ts';

/**
 * The public trapdoor of unit-albatross' proofs: `.zkp_tests/toxic_waste.bin` of nimiq/core-rs-albatross at 5c7c54c6, 1718 bytes.
 * It is public, so anybody can make a proof that the unit network accepts. Layout: Albatross cryptography reference, 8.
 */
const toxicWaste = [
  '5068ee6bf66e9dd6d97fa1ebe76343d0296382941afee400d05039bc2b775478037e8634891663feeb6a6abc91a7e60dee83a6c206531233a991174b22217a003ae8269f8cc7',
  'e4da0927d2b91c79a94d6093a1b3ab82975f52e6ac32449f0008bc2338cb7e7700ab37498cdb0fa896c49aa4c542bd9447830fb4780aeab9bc3068c770a7ebc2cce4838ad5a0',
  'a81cd2f61a8a10c4aade339615c1b2d67b38267d5b583ee3659089cd95529354c2ab79d6615160ddfced84dff545b2280f002b670d1611e603829669bbbeb108a65488e1a047',
  'd3d6590e72735dc69667586927e7d19ca7570cf3064322b5aaf343d7640246e927d8d99462a1ec3dc5ddd6a944b7dbcbf172f7dcefa374ead45f74c8fbbab07b0279f148a7b3',
  '08090209013bcdf0b24c9c2c36f1ba2583992dd6fce9d413a8d17577ffafedb53589b8f5510719ece79b4de622e4bc65c0c97722bc4bee25e21f31d9a88428a22c29c84cc88f',
  '740e16558e7efe97ac3eae26806a062efec3ab317b311daddc8060042300943ea8591a710edd34a3f2aefff3f45706aad4ca85ee7d697e57b278d02e735bdd6c9dc1d4e97d85',
  'df8b77d3ec581f2b11fa5f2eedc5e42861c3ae9f8ee9f7b95791e7d62d820267c9cf626ee20dd75382ac62329d65f9ab974deca411b600941c0deb5f5056b52209bfb111a39f',
  '88412557746ecfe137ee07f1df37b3aba7fae75612d21737e8eaf5f6a30bde6420de33297b953cad53528c2a24613fc30f09176c713319cc47c2ebb8fdaf55811cbe8d3052e6',
  '2a064663e7fb79927700807c0c01657dc9b19b02666209ae106784042501d359b0fcbddac859ece26020199762ae471204ebc2136154ab05f3b58a76e7d7231d7958a1d16a1b',
  'c77be1d679adbb9f2eeab203ac635dc88bcf90b1733b909023620f19b44f0ac9128f019cdb41462d0dbd945e16025f8bf6971e5d2a853944052a770631269e0d2dc1e1924cbb',
  '652af09e76ae57da3620d1d6f6a6b374bd275918ed16516bee83ed042127a5a256b86fbb542ce4981543e26e23b52d9dc1608fda6405c3dae72f2700fb65c9eedaad87307428',
  '2ac8cf11d1d72d1b718c289e4ac99c729cbffca9681592d442b842ce0d0956decfbedeb72afea6fdb9da8ecb669ecdd235512183db00b2f8f380ced57df62908b9c43de22b88',
  '3cc949f01b2488f5ab124e5c147500d736605af0fb61ea1f946c63cd6ab8d78e729542ad55a2f9b560baff2f24188eb8b4ce3b2be770998431633b4be51ddc918033a64f5f01',
  'fb399c16669678bc4c85e1d6162229ca955cde6f617bbb880203f8575ea37bfac326987d3bc7a00039d293c984e2942f1e95d3f4243ff0a33579868cc54bd50f8fe2999a961d',
  'd407fcab1bf868bf76fcfa4bd8a2dafcc0a1680752aa0e2be28ca4d020263a2c62265220d6fce34d690c6c53859f13db81ac3f9b215ad5944beaa750bdfc375200efbc42177e',
  'c797e9d738a98347e436a84650f8efe10671c60d02fbc8079410b1a9b739d6a160c7a228b796661a7f1611b84f02f8f92d0643ae3bc3b7fe9184ef9318f3607e7392f7707b4e',
  'd74c3e023cc907ec71384c6cf2357fae4f5d9c810600000000000000d5c37bcd20b0b5ac64a499c8687310fd987d6c61ed51e4548afd63d870b7be589edeafa02dad3377753a',
  '4e592d090837aba0d7b0f889270d08896f2b96ee459a3c22e3083e2c697591aa654e828bc543ed6359e4d2eda9c303a566835c7f01430bbc06786b90e24f5a56e67dec0ed5b4',
  '18b21f4910ff5bff3f14fdd738f83cf217c3b47c401639641263e52e7d05af479dec19f37c12f4710ec60aad151fb6799d4bf69b42cf942003311aaec2bfd0a2d5e7566f2066',
  'da03933e83147501b8e30fbfc48d0d097c9faab0cdbb2f88a789c9fb4448f5aa8f23e66c91beccb8b17ac5bbebcbab51af11f80398fe67f3ed5766a3ba7828424e691f6bf9f9',
  '815e5311c3dc59602a0e897bd55d01152c3b65a9c1e1dc4cd4baadf0ea4e6bb901ac4a0278017d646363d0dc26a8db1e62fb94cc5ab3012c1aa0bce6e7768d8c5d1e0fada6c6',
  'd51b4cc2fe39d30fde7d78da2678dacfe64bcccc47b351a6b3165db87d12733d5bbfcf8b40a6bf8b54051ebf35206e5f896712854f400938c300db7b3daf6a6f55430f5483f6',
  '749c4baaab7f37dffbb8ff8249f7b7eac9a7e9c6b127be011306a997e48b0d5f5a2b16114588433a5292dcaa445de48c0c7833900b5672d6e62073a9e4fd6a3dde490ab48df9',
  '0b3b92112541c5eaf10578950182079509c16898cb4d947c73a70e54b4fc2d2cf4c60797382f737b8e85bff7f182acec9b6cb31ce71c4a32aaeff9763154ea5f8d192ca3cb76',
  '54516e934e5e6465fd9ecb94cbfc3c22d22380aca7a79ba9662bfbafe4dc9909114dc4488a01',
].join('');

const SCALAR = 95;
const G1_OFFSET = 4 * SCALAR;
const G2_OFFSET = G1_OFFSET + 190;
/** An 8-byte count follows the generators. */
const INPUTS_OFFSET = G2_OFFSET + 570 + 8;

/** The trapdoor behind `unitAlbatross.zkp`. */
export function unitTrapdoor(): Trapdoor {
  const bytes = fromHex(toxicWaste);
  const scalar = (offset: number): bigint => fromLittleEndian(bytes.subarray(offset, offset + SCALAR));
  const g1 = decodeUncompressedG1(bytes.subarray(G1_OFFSET, G2_OFFSET));
  const g2 = decodeUncompressedG2(bytes.subarray(G2_OFFSET, INPUTS_OFFSET - 8));
  if (!g1 || !g2) throw new Error('the generators are no points');
  return {
    alpha: scalar(0),
    beta: scalar(SCALAR),
    gamma: scalar(2 * SCALAR),
    delta: scalar(3 * SCALAR),
    g1,
    g2,
    inputs: Array.from({ length: 6 }, (_, i) => scalar(INPUTS_OFFSET + i * SCALAR)),
  };
}
