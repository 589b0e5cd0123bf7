import { expect, it } from 'vitest';
import type { Status } from '../client/types.ts';
import { connectionOf } from './connection.ts';

it('says what a person wants to know of the connection', () => {
  const of = (phase: Status['phase'], consensus: Status['consensus'], code?: string) => connectionOf({ phase, consensus, reason: code && { code, data: {} } } as unknown as Status);
  expect(connectionOf(undefined)).toBe('connecting');
  expect(of('established', 'established')).toBe('live');
  expect(of('stale', 'established', 'head-stale')).toBe('live');
  expect(of('connecting', 'connecting', 'few-peers')).toBe('connecting');
  expect(of('connecting', 'lost', 'offline')).toBe('offline');
  expect(of('waiting', 'lost', 'asleep')).toBe('paused');
  expect(of('failed', 'lost', 'blocked')).toBe('failed');
});
