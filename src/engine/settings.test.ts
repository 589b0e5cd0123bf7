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

  it('refuses unknown names, also those of inherited properties', () => {
    expect(() => resolveSettings({ url: { nonsense: '1' } })).toThrow(SettingsError);
    expect(() => resolveSettings({ url: { toString: '1' } })).toThrow(expect.objectContaining({ code: 'unknown-setting' }) as Error);
  });

  it('refuses a wrong value even if a stronger source overrides it', () => {
    expect(() => resolveSettings({ url: { maxPeers: 3 }, network: { maxPeers: -1 } })).toThrow(SettingsError);
  });
});
