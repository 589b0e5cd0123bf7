import { describe, expect, it } from 'vitest';
import { checkNetworkParameters } from '../chains/albatross/chain/network-parameters.ts';
import { networkNamed, networkNames } from './networks.ts';

describe('the built-in networks', () => {
  it.each([
    ['main-albatross', 24, '968f7ad96731644edd4949961ae186ae832ddbb79284db1069799d66ae5bfd06'],
    ['test-albatross', 5, 'f0d70a89e841e8a8e66663d444bbd7136937cd8fd885774d0d42fb458ae3b598'],
    ['dev-albatross', 6, 'bd79d1e2dd97e7ca0940fcd719f52baa473859661b5d7d4f092603d1d3fc67ad'],
    ['unit-albatross', 7, '4f8f18fcfe98ccacee0745b6aa69365cd28c836f962d577de57f04aa17fe54a1'],
  ])("%s passes the hub's check", async (name, networkId, genesisHash) => {
    const network = await networkNamed(name);
    expect(checkNetworkParameters(network)).toEqual(network);
    expect(network).toMatchObject({ name, networkId, genesisHash });
    expect(networkNames).toContain(name);
  });

  it('are four', async () => {
    expect(networkNames).toHaveLength(4);
    for (const name of ['toString', 'constructor', '', 'main']) {
      await expect(networkNamed(name)).rejects.toMatchObject({ name: 'ClientError', code: 'unknown-network', data: { name } });
    }
  });
});
