/** The URL that a text is. `URL.canParse` is missing in some browsers that Petrel runs in (Chrome below 120, Safari below 17). */
export function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
