import { expect, it } from 'vitest';
import { RunningSteps } from '../scripts/running-steps.mjs';

it('shows the name, the duration and the last output line of each running step', () => {
  const steps = new RunningSteps();
  steps.begin('unit', 0);
  steps.begin('judge', 10_000);
  steps.heard('unit', 'first\n\u001B[32m✓ second\u001B[39m\n\n');
  expect(steps.lines(30_000)).toBe('... unit, 30 s: ✓ second\n... judge, 20 s\n');
  steps.end('unit');
  steps.heard('unit', 'late');
  steps.heard('judge', `${'x'.repeat(500)}`);
  expect(steps.lines(60_000)).toBe(`... judge, 50 s: ${'x'.repeat(120)}\n`);
  steps.end('judge');
  expect(steps.lines(60_000)).toBe('');
});
