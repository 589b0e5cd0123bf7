/** Seconds that a server may ask us to wait, at least and at most: no server can silence a client for longer. */
const WAIT = { least: 1, most: 600 } as const;
/** Seconds of waiting after 429 or 503 that tells no time. A page can read the headers of another origin only where that origin exposes them, so this is common. */
const UNTOLD_WAIT = 10;
/** A number of a reset header from here on is the time itself, in unix seconds, not a wait. */
const FIRST_TIME = 1e9;
/** Headers that count what remains of a window end in its name, such as `x-ratelimit-remaining-stacks-minute` (docs.hiro.so, response headers). Its seconds. */
const WINDOWS: readonly (readonly [RegExp, number])[] = [[/^x-ratelimit-remaining-(?:[a-z]+-)?minute$/u, 60], [/^x-ratelimit-remaining-(?:[a-z]+-)?second$/u, 1]];
/** Statuses that ask a client to wait: Too Many Requests (RFC 6585, 4), Service Unavailable (RFC 9110, 15.6.4). */
const BUSY: readonly number[] = [429, 503];

/**
 * The seconds that the server wants to be left alone after this answer: `Retry-After` of 429 and 503 (RFC 9110, 10.2.3: seconds or a date), else the time until the
 * limit is reset, if nothing remains of it (`ratelimit-remaining`, `ratelimit-reset`, also with `x-`), or the whole window of which nothing remains. From 1 to 600;
 * undefined: it does not say so.
 * @param now Unix milliseconds.
 */
export function restSeconds({ status, headers }: Pick<Response, 'status' | 'headers'>, now: number): number | undefined {
  const isBusy = BUSY.includes(status);
  const told = (isBusy ? retryAfter(headers.get('retry-after'), now) : undefined) ?? untilReset(headers, now) ?? wholeWindow(headers);
  if (told === undefined) return isBusy ? UNTOLD_WAIT : undefined;
  return Math.min(WAIT.most, Math.max(WAIT.least, Math.ceil(told)));
}

/** Whether the status asks a client to wait. */
export function isBusyStatus(status: number): boolean {
  return BUSY.includes(status);
}

function retryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  const trimmed = text.trim();
  if (/^\d{1,9}$/u.test(trimmed)) return Number(trimmed);
  // A date has letters; `Date.parse` would take numbers for years.
  const date = /^[A-Za-z]{3}/u.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  return Number.isNaN(date) ? undefined : (date - now) / 1000;
}

function untilReset(headers: Headers, now: number): number | undefined {
  for (const prefix of ['', 'x-']) {
    const remaining = headers.get(`${prefix}ratelimit-remaining`)?.trim();
    const reset = headers.get(`${prefix}ratelimit-reset`)?.trim();
    if (remaining !== '0' || reset === undefined || !/^\d{1,13}$/u.test(reset)) continue;
    const value = Number(reset);
    return value < FIRST_TIME ? value : value - now / 1000;
  }
  return undefined;
}

function wholeWindow(headers: Headers): number | undefined {
  const empty = Array.from(headers).filter(([, value]) => value.trim() === '0');
  return WINDOWS.find(([name]) => empty.some(([key]) => name.test(key)))?.[1];
}
