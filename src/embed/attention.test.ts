import { expect, it } from 'vitest';
import { attentionOf } from './attention.ts';

it('pauses while nobody sees the frame, asks it anything or waits for a payment', () => {
  const calls: string[] = [];
  const { change } = attentionOf({ pause: () => calls.push('pause'), resume: () => calls.push('resume') });
  change({ seen: true });
  change({ open: 1 });
  change({ seen: false });
  change({ open: 0 });
  change({ open: 1 });
  change({ sending: true });
  change({ open: 0 });
  change({ following: true });
  change({ sending: false });
  change({ following: false });
  change({ seen: true });
  expect(calls).toEqual(['pause', 'resume', 'pause', 'resume']);
});
