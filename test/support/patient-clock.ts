import type { Clock } from '../../src/base/clock.ts';
import { systemClock } from '../../src/base/system.ts';

/** Milliseconds: what takes longer is a deadline, or the pause before another attempt. */
const DEADLINE = 1_500;

/** The host's clock with deadlines a hundred times as long. On a loaded machine an answer comes late, and a client that waits too long for a snapshot takes blocks. */
export const patientClock: Clock = { ...systemClock, after: (ms, callback) => systemClock.after(ms < DEADLINE ? ms : ms * 100, callback) };
