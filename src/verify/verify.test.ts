import { describe, expect, it } from 'vitest';
import { plainProof, readKeptProofFiles } from '../../test/support/kept-proof-files.ts';
import { fromHex } from '../base/bytes.ts';
import { NetworkParametersError } from '../chains/albatross/chain/network-parameters-error.ts';
import { unitAlbatross } from '../chains/albatross/chain/networks/unit-albatross.ts';
import { knownNetworks } from './known-networks.ts';
import { verifyProofFile } from './verify.ts';

const kept = readKeptProofFiles(1);
const [first] = kept;
const bytes = fromHex(first?.bytes ?? '');

it('knows the built-in networks by their genesis hashes', async () => {
  expect(knownNetworks.size).toBe(4);
  for (const [hash, load] of knownNetworks) expect((await load()).genesisHash).toBe(hash);
});

describe('a proof file', () => {
  it('is verified against the network that it names', async () => {
    const named = kept.find(({ name }) => name === 'version 1: staker, from a named block');
    expect(plainProof(await verifyProofFile(bytes))).toEqual(first?.verified);
    expect(plainProof(await verifyProofFile(fromHex(named?.bytes ?? ''), { minLevel: 'claimed' }))).toEqual(named?.verified);
    await expect(verifyProofFile(fromHex(named?.bytes ?? ''))).rejects.toMatchObject({ code: 'level-too-low' });
  });

  it('is verified against given parameters, which are checked', async () => {
    expect(plainProof(await verifyProofFile(bytes, { network: unitAlbatross }))).toEqual(first?.verified);
    await expect(verifyProofFile(bytes, { network: { ...unitAlbatross, blocksPerBatch: 0 } })).rejects.toBeInstanceOf(NetworkParametersError);
  });

  it('of an unknown network is refused', async () => {
    await expect(verifyProofFile(bytes.with(9, 0))).rejects.toMatchObject({ name: 'ProofFileError', code: 'unknown-network', data: { genesisHash: expect.stringMatching(/^00/u) } });
  });

  it('is not verified further once the signal is aborted', async () => {
    const abort = new AbortController();
    const verifying = verifyProofFile(bytes, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(verifying).rejects.toThrow('enough');
  });
});
