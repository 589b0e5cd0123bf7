import { describe, expect, it } from 'vitest';
import { ClientConfiguration } from './client-configuration.ts';
import { clientOptions } from './client-options.ts';

describe('options from an official configuration', () => {
  it('are those of the main network by default', () => {
    expect(clientOptions({})).toEqual({ network: 'main-albatross' });
    expect(clientOptions(new ClientConfiguration().build())).toEqual({ network: 'main-albatross' });
  });

  it.each([['MainAlbatross', 'main-albatross'], ['testalbatross', 'test-albatross'], ['dev-albatross', 'dev-albatross'], ['UNITALBATROSS', 'unit-albatross']])('names the network %s', (networkId, network) => {
    expect(clientOptions({ networkId })).toEqual({ network });
  });

  it('have what counts here and leave the rest', () => {
    const config = { seedNodes: ['/dns4/seed.example/tcp/443/wss'], onlySecureWsConnections: false, syncMode: 'light', logLevel: 'trace', desiredPeerCount: 12, peerCountMax: 50, numInitialConnections: 4 };
    expect(clientOptions(config)).toEqual({ network: 'main-albatross', seeds: config.seedNodes, settings: { allowInsecure: true } });
    expect(clientOptions({ seedNodes: [] })).toEqual({ network: 'main-albatross' });
  });

  it.each([
    ['networkId', { networkId: 'x' }],
    ['networkId', { networkId: 'main' }],
    ['networkId', { networkId: 24 }],
    ['syncMode', { syncMode: 'full' }],
    ['logLevel', { logLevel: 'loud' }],
    ['onlySecureWsConnections', { onlySecureWsConnections: 'no' }],
    ['desiredPeerCount', { desiredPeerCount: -1 }],
    ['networkBufferSize', { networkBufferSize: 1.5 }],
    ['seedNodes', { seedNodes: 'one' }],
    ['seedNodes', { seedNodes: [1] }],
    ['config', null],
  ])('refuses a wrong %s', (option, config) => {
    expect(() => clientOptions(config as never)).toThrow(expect.objectContaining({ code: 'bad-configuration', data: { option } }));
  });
});
