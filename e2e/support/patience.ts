/** A limit of some test's own, in milliseconds, longer on a slow machine (`scripts/slowness.mjs`). */
export const patience = (milliseconds: number): number => milliseconds * Number(process.env['PETREL_SLOWNESS'] ?? 1);
