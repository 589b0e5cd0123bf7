import { describe, expect, it } from 'vitest';
import { CodedError, codeOf } from './coded-error.ts';

class FullError extends CodedError<'full' | 'closed'> {
  override readonly name = 'FullError';
}

describe('CodedError', () => {
  it('has name, code, message and data, and is an error of its class', () => {
    const error = new FullError('full', 'no more room', { limit: 3 });
    expect({ name: error.name, code: error.code, message: error.message, data: error.data }).toEqual({ name: 'FullError', code: 'full', message: 'no more room', data: { limit: 3 } });
    expect(error).toBeInstanceOf(FullError);
    expect(error).toBeInstanceOf(Error);
    expect(error.stack).toContain('coded-error.test.ts');
  });

  it('has empty data that no error can change for the others', () => {
    const { data } = new FullError('closed', 'gone');
    expect(data).toEqual({});
    expect(Object.isFrozen(data)).toBe(true);
  });

  it('keeps its cause', () => {
    const cause = new Error('disk');
    expect(new FullError('closed', 'gone', undefined, { cause }).cause).toBe(cause);
    expect('cause' in new FullError('closed', 'gone')).toBe(false);
  });
});

it('codeOf reads a code that is a text, and nothing else', () => {
  expect(codeOf(new FullError('full', 'no more room'))).toBe('full');
  expect(codeOf(Object.assign(new Error('not ours'), { code: 'ENOENT' }))).toBe('ENOENT');
  for (const other of [new Error('none'), Object.assign(new Error('a number'), { code: 20 }), { code: 'full' }, 'full', undefined, null]) expect(codeOf(other)).toBe('internal');
});
