import { describe, expect, it } from 'vitest';
import { CallError, ClientError, fromWireError, HelloError, HubError, toWireError } from './errors.ts';

describe('errors across threads', () => {
  it.each([
    new ClientError('insecure-context', { missing: 'navigator.locks' }),
    new HelloError('network-mismatch', { expected: 'a', came: 'b' }),
    new CallError('busy', { limit: 32 }),
    new HubError('StorageError', 'quota', { bytes: 5 }),
  ])('survive structured clone with name and code: $name', (error) => {
    const back = fromWireError(structuredClone(toWireError(error)));
    expect(back).toBeInstanceOf(error.constructor);
    expect({ ...back, name: back.name, message: back.message }).toEqual({ ...error, name: error.name, message: error.message });
  });

  it('turns a coded error of another room into a HubError with its source', () => {
    const error = Object.assign(new Error('disk full'), { name: 'StorageError', code: 'quota', data: { bytes: 7, deep: {}, big: 5n } });
    const back = fromWireError(structuredClone(toWireError(error)));
    expect(back).toMatchObject({ name: 'HubError', source: 'StorageError', code: 'quota', message: 'disk full', data: { bytes: 7, big: '5' } });
  });

  it('accepts any thrown value', () => {
    expect(toWireError('text')).toEqual({ name: 'Error', code: 'internal', message: 'text', data: {} });
    expect(toWireError(undefined).code).toBe('internal');
    expect(toWireError(new Error('x'.repeat(5000))).message.length).toBeLessThan(1100);
  });
});
