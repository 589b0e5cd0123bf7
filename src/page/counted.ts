/** Numbers of things, in the reader's locale, with the plural forms of English. */

/** "1 block", "2 blocks": the plural forms of English. */
const forms = new Intl.PluralRules('en');
export const figures = new Intl.NumberFormat();
export const counted = (one: string, other: string) => (count: number) => `${figures.format(count)} ${forms.select(count) === 'one' ? one : other}`;

/** "block", "blocks": the word alone. */
export const words = (one: string, other: string) => (count: number) => (forms.select(count) === 'one' ? one : other);

export const blocks = counted('block', 'blocks');
