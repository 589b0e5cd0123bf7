/** Numbers, times and hashes for people; numbers and dates through Intl in the reader's own locale. */

const whole = new Intl.NumberFormat();
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const bytes = new Intl.NumberFormat(undefined, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 });

export const formatNumber = (value: number): string => whole.format(value);
export const formatTime = (unixMilliseconds: number): string => clock.format(unixMilliseconds);
export const formatBytes = (count: number): string => bytes.format(count / 1000);

/** Milliseconds as whole seconds, minutes or hours, rounded up so that a wait is never promised too short. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : seconds < 5400 ? [Math.ceil(seconds / 60), 'minute'] : [Math.ceil(seconds / 3600), 'hour'];
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}

/** The first digits of a hash or the last of a peer id: enough to compare by eye; the whole is in the title. */
export const shortHash = (hash: string): string => hash.slice(0, 8);
export const shortPeer = (id: string): string => id.slice(-8);
