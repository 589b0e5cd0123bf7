const isLong = process.env['PETREL_LONG'] === '1';

/** How often a random test runs: `long` with PETREL_LONG=1 in the environment, else `short`. */
export function runs(short: number, long: number): { readonly numRuns: number } {
  return { numRuns: isLong ? long : short };
}

/** Milliseconds after which such a test counts as hanging; undefined: as for any test. */
export const longTimeout = isLong ? 4 * 3_600_000 : undefined;
