/** How often a random test runs: `long` with PETREL_LONG=1 in the environment, else `short`. */
export function runs(short: number, long: number): { readonly numRuns: number } {
  return { numRuns: process.env['PETREL_LONG'] === '1' ? long : short };
}
