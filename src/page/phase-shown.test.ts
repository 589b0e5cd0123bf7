import { expect, it } from 'vitest';
import type { Status } from '../client/types.ts';
import { phaseShown } from './phase-shown.ts';

const status = (phase: Status['phase'], chain: string) => ({ phase, network: { details: { chain } } }) as Status;

it('only Albatross catches up on epochs', () => {
  expect(phaseShown(status('catch-up', 'albatross'))).toBe('catch-up');
  expect(phaseShown(status('catch-up', 'moloch'))).toBe('live-sync');
  expect(phaseShown(status('stale', 'moloch'))).toBe('stale');
});
