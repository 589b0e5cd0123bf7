/** The object that is checked; `globalThis` outside tests. */
type Surroundings = Readonly<Record<string, { readonly [name: string]: unknown; readonly prototype?: Readonly<Record<string, unknown>> } | undefined>>;

/**
 * The newest features of the language and the web platform that every thread needs: Chromium has all of them since 110, Firefox since 115,
 * Safari since 16.4.
 */
const required: readonly string[] = ['Array.prototype.toReversed', 'Array.prototype.toSorted', 'Array.prototype.findLast', 'Object.hasOwn', 'AbortSignal.timeout', 'AbortSignal.prototype.throwIfAborted'];

/** The features that this thread lacks. */
export function missingLanguage(surroundings: object): readonly string[] {
  return required.filter((path) => {
    const [owner = '', ...rest] = path.split('.');
    const found = (surroundings as Surroundings)[owner];
    return (rest.length === 1 ? found?.[rest[0]!] : found?.prototype?.[rest[1]!]) === undefined;
  });
}
