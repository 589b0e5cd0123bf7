import { describe, expect, it } from 'vitest';
import { DEFAULT_SYNC_CONFIG, syncConfig, syncSettings } from './default-sync-config.ts';

describe('7.9 SyncConfig: the fields', () => {
  it('have the defaults of the reference', () => {
    expect(DEFAULT_SYNC_CONFIG).toEqual({
      defaultStrategy: 'auto', strategySwitchThreshold: 128, maxBehindBlocks: 32, maxSyncPeers: 8, peerRotationInterval: 60_000, peerTimeout: 10_000, parallelDownloadLimit: 8, blockBatchSize: 64,
      validationPipelineSize: 256, maxDownloadBandwidth: 0, connectionTimeout: 10_000, retryAttempts: 3, progressReportInterval: 500, performanceMonitoring: true, checkEachCertificate: false,
    });
    expect(syncConfig()).toEqual(DEFAULT_SYNC_CONFIG);
  });

  it('take every value within their bounds and none beyond, nor of another type', () => {
    for (const [name, setting] of Object.entries(syncSettings)) {
      const good = setting.kind === 'whole' ? [setting.min, setting.max] : setting.kind === 'flag' ? [true, false] : setting.values;
      for (const value of good) expect(syncConfig({ [name]: value })).toMatchObject({ [name]: value });
      const bad: readonly unknown[] = setting.kind === 'whole' ? [setting.min - 1, setting.max + 1, 1.5, NaN, '7', null] : setting.kind === 'flag' ? ['true', 1] : ['slow', 1, ''];
      for (const value of bad) expect(() => syncConfig({ [name]: value })).toThrow(expect.objectContaining({ name: 'SyncError', code: 'wrong-setting' }) as Error);
    }
  });

  it('are the only ones', () => {
    for (const config of [{ toString: 1 }, { other: 1 }, [], 7, null]) expect(() => syncConfig(config)).toThrow(expect.objectContaining({ code: 'wrong-setting' }) as Error);
  });
});
