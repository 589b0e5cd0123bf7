import { describe, expect, it } from 'vitest';
import { seal, unseal } from './secret-box.ts';

const key = new Uint8Array(32).fill(1);
const content = new Uint8Array(32).fill(2);

describe('a sealed secret', () => {
  it('opens with its key and purpose, and is sealed anew each time', async () => {
    const [one, two] = await Promise.all([seal(key, content, 'a'), seal(key, content, 'a')]);
    expect(await unseal(key, one, 'a')).toEqual(content);
    expect(one.nonce).not.toEqual(two.nonce);
    expect(one.bytes).not.toEqual(two.bytes);
  });

  it('does not open with another key or purpose, or with any byte changed', async () => {
    const sealed = await seal(key, content, 'a');
    expect(await unseal(key.with(0, 0), sealed, 'a')).toBeUndefined();
    expect(await unseal(key, sealed, 'b')).toBeUndefined();
    for (let at = 0; at < sealed.bytes.length; at++) expect(await unseal(key, { ...sealed, bytes: sealed.bytes.with(at, sealed.bytes[at]! ^ 1) }, 'a')).toBeUndefined();
    for (let at = 0; at < sealed.nonce.length; at++) expect(await unseal(key, { ...sealed, nonce: sealed.nonce.with(at, sealed.nonce[at]! ^ 1) }, 'a')).toBeUndefined();
  });
});
