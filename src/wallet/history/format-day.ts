const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });
const hour = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

/** In the reader's locale: the day in words, and the time of the day. */
export const formatDay = (unixMilliseconds: number): string => day.format(unixMilliseconds);
export const formatHour = (unixMilliseconds: number): string => hour.format(unixMilliseconds);
