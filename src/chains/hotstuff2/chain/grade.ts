/**
 * How far a block is verified: `claimed`, a peer said so; `linked`, hashes bind it to a certified block; `certified`, a valid certificate; `final`, a
 * finality proof, or hashes up to a block that has one; `checkpoint`, pinned (HotStuff-2 reference, 3).
 */
export type Grade = 'claimed' | 'linked' | 'certified' | 'final' | 'checkpoint';

const grades: readonly Grade[] = ['claimed', 'linked', 'certified', 'final', 'checkpoint'];

/** Whether `grade` is `least` or more. */
export function isAtLeast(grade: Grade, least: Grade): boolean {
  return grades.indexOf(grade) >= grades.indexOf(least);
}

/** The grades of a row of linked blocks, oldest first, of which each is certified and the newest final one is known; as `finalIndex` gives it. */
export function gradesOf(count: number, final: number): readonly Grade[] {
  return Array.from({ length: count }, (_, i) => (i <= final ? 'final' : 'certified'));
}
