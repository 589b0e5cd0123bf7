import { afterEach, expect, it, vi } from 'vitest';
import { startRawPeer, stopRawPeers } from '../../test/support/raw-peer-fixture.ts';
import { silentLogger } from './silent-logger.ts';

afterEach(async () => {
  vi.unstubAllEnvs();
  await stopRawPeers();
});

it('writes nothing, in any scope, and leaves libp2p its own logger where that is asked for', async () => {
  const log = silentLogger({})!.forComponent('a');
  log('%s', 1);
  log.error('%e', new Error('unseen'));
  log.newScope('b').newScope('c').trace('%o', {});
  expect(log.enabled).toBe(false);
  expect(silentLogger({ DEBUG: 'libp2p*' })).toBeUndefined();
});

it('is the logger of a node', async () => {
  vi.stubEnv('DEBUG', undefined);
  const { libp2p } = await startRawPeer();
  expect(libp2p.logger.forComponent('x')).toBe(silentLogger({})!.forComponent('y'));
});
