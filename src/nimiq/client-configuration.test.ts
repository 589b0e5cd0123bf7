import * as official from '@nimiq/core';
import { describe, expect, it } from 'vitest';
import { ClientConfiguration } from './client-configuration.ts';

/** The same calls on a configuration of each. */
function both(set: (config: Pick<official.ClientConfiguration, keyof ClientConfiguration>) => void): readonly [ours: object, theirs: object] {
  const [ours, theirs] = [new ClientConfiguration(), new official.ClientConfiguration()];
  set(ours);
  set(theirs);
  return [ours.build(), theirs.build()];
}

describe('a configuration', () => {
  it('is the official one, but for the seeds of the main network', () => {
    const [ours, theirs] = both(() => {});
    const { seedNodes, ...rest } = theirs as official.PlainClientConfiguration;
    expect(seedNodes?.length).toBeGreaterThan(0);
    expect(ours).toEqual(rest);
  });

  it('takes every value as the official one does', () => {
    const [ours, theirs] = both((config) => {
      config.network('testalbatross');
      config.seedNodes(['/dns4/seed.example/tcp/443/wss']);
      config.logLevel('DEBUG');
      config.syncMode('Light');
      config.onlySecureWsConnections(false);
      config.desiredPeerCount(6);
      config.peerCountMax(7);
      config.peerCountPerIpMax(8);
      config.peerCountPerSubnetMax(9);
      config.networkBufferSize(10);
    });
    expect(ours).toEqual(theirs);
  });

  it('refuses an unknown network in the same words', () => {
    const message = 'Input is not a valid network name: x';
    expect(() => new official.ClientConfiguration().network('x')).toThrow(message);
    expect(() => new ClientConfiguration().network('x')).toThrow(expect.objectContaining({ code: 'bad-configuration', message }));
  });

  it('refuses seeds that are no texts', () => {
    expect(() => new ClientConfiguration().seedNodes([1] as never)).toThrow(expect.objectContaining({ code: 'bad-configuration', data: { option: 'seedNodes' } }));
  });
});
