import { expect, it } from 'vitest';
import { describeChecked, describeFailed } from './describe-checked.ts';
import { stepsOf } from './checked-proof.ts';

it('a proof is told with what was checked and what is assumed', () => {
  const steps = stepsOf(['form', 'state'], undefined, { form: { bytes: 3 } });
  const lines = describeChecked({ ok: true, chain: 'stacks', value: [{ name: 'key', text: 'k' }, { name: 'value', text: 'v' }], steps, assumed: ['bitcoin-anchoring-not-verified', 'new'] });
  expect(lines).toEqual(['Key: k', 'Proven: v', 'Chain: Stacks', 'Checked: form (bytes 3)', 'Checked: state', expect.stringContaining('Bitcoin anchoring is not verified'), 'Assumed: new']);
  expect(describeChecked({ ok: true, chain: 'other', value: [], steps: [] })).toEqual(['Chain: other', expect.stringMatching(/^Assumed: .*third of the validators/u)]);
});

it('a refusal names the step that failed, or what to do', () => {
  const failed = (code: string, data = {}) => describeFailed({ ok: false, chain: 'x', value: [], steps: stepsOf(['form', 'state'], { step: 'state', code, data }) });
  expect(failed('unknown-network')).toContain('--network');
  expect(failed('root', { reason: 'r' })).toBe('the check of its state failed: root. (reason r)');
});
