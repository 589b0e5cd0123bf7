import { describe, expect, it } from 'vitest';
import { resolveSettings, settingDefinitions, SettingsError } from './settings.ts';

describe('resolveSettings', () => {
  it('gives the defaults', () => {
    const settings = resolveSettings();
    expect(settings).toMatchObject({ desiredPeers: 6, minPeers: 3, witnesses: 3, allowInsecure: false, seeds: [] });
    expect(Object.keys(settings)).toEqual(Object.keys(settingDefinitions));
  });

  it('prefers the URL to the network file', () => {
    const network = { desiredPeers: 4, maxPeers: 20, witnesses: 2 };
    expect(resolveSettings({ network, url: { desiredPeers: '7' } })).toMatchObject({ desiredPeers: 7, maxPeers: 20, witnesses: 2 });
  });

  it('reads values given as text', () => {
    expect(resolveSettings({ url: { allowInsecure: 'true', seeds: '/ip4/127.0.0.1/tcp/8650/ws,/dns4/a.example/tcp/443/wss', witnessWait: '0' } })).toMatchObject({
      allowInsecure: true,
      seeds: ['/ip4/127.0.0.1/tcp/8650/ws', '/dns4/a.example/tcp/443/wss'],
      witnessWait: 0,
    });
  });

  it('issue 11.1: accepts a trust level to wait for', () => {
    expect(resolveSettings().trustAtLeast).toBe('witnessed');
    expect(resolveSettings({ url: { trustAtLeast: 'proven' } }).trustAtLeast).toBe('proven');
  });

  it.each([
    [{ desiredPeers: 0 }],
    [{ desiredPeers: 1.5 }],
    [{ desiredPeers: '1e1' }],
    [{ desiredPeers: Number.NaN }],
    [{ desiredPeers: null }],
    [{ allowInsecure: 'yes' }],
    [{ seeds: 'example.org' }],
    [{ seeds: [1] }],
    [{ trustAtLeast: 'claimed' }],
    [{ trustAtLeast: 1 }],
    [{ seeds: Array.from({ length: 33 }, () => '/ip4/127.0.0.1/tcp/1/ws') }],
  ])('refuses %j', (values) => {
    const [name] = Object.keys(values);
    expect(() => resolveSettings({ network: values })).toThrow(expect.objectContaining({ name: 'SettingsError', code: 'wrong-value', setting: name, source: 'network' }) as Error);
  });

  it.each([[[1]], [[]], ['witnesses'], [5], [true], [null]])('issue 12: refuses %j where an object of settings is wanted', (settings) => {
    for (const source of ['network', 'url'] as const) {
      const refused = expect.objectContaining({ name: 'SettingsError', code: 'wrong-value', setting: 'settings', source, message: expect.stringContaining('expected an object') as string }) as Error;
      expect(() => resolveSettings({ [source]: settings as never })).toThrow(refused);
    }
  });

  it('issue 12: refuses a value that is nested 20 000 levels deep by code', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 20_000; i += 1) deep = [deep];
    for (const name of ['witnesses', 'seeds', 'prove', 'trustAtLeast']) {
      expect(() => resolveSettings({ network: { [name]: deep } })).toThrow(expect.objectContaining({ code: 'wrong-value', setting: name, message: expect.stringContaining('got a list') as string }) as Error);
    }
  });

  it('refuses unknown names, also those of inherited properties', () => {
    expect(() => resolveSettings({ url: { nonsense: '1' } })).toThrow(SettingsError);
    expect(() => resolveSettings({ url: { toString: '1' } })).toThrow(expect.objectContaining({ code: 'unknown-setting' }) as Error);
  });

  it('refuses a wrong value even if a stronger source overrides it', () => {
    expect(() => resolveSettings({ url: { maxPeers: 3 }, network: { maxPeers: -1 } })).toThrow(SettingsError);
  });
});
