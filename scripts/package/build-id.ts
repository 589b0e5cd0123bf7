import { createHash } from 'node:crypto';

/** Base 36 digits of Unix seconds; enough until the year 4453. */
const TIME_DIGITS = 7;
/** Hexadecimal digits of the content's hash: 48 bits tell any two builds apart. */
const HASH_DIGITS = 12;

/** Stands in the bundled code until the content, and so the id, is known. It is as long as an id, so that source maps stay right. */
export const placeholder = '@build-id@'.padEnd('v000.000.000-'.length + TIME_DIGITS + 1 + HASH_DIGITS, '@');

/**
 * The id of a package: its version, the time of its sources, a hash over its files. Ids compare as texts (`src/bridge/life/build-id.ts`): the higher
 * version is the newer build, and of one version the later one. What a version adds behind a dash does not count; the time decides there.
 * @param time Unix seconds. @param files content by path, with the placeholder in it.
 */
export function packageBuildId(version: string, time: number, files: ReadonlyMap<string, string>): string {
  const [, ...numbers] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:-|$)/u.exec(version) ?? [];
  if (numbers.length !== 3) throw new Error(`The version '${version}' is not three numbers below 1000.`);
  const hash = createHash('sha256');
  for (const path of [...files.keys()].toSorted()) hash.update(`${path}\0`).update(files.get(path)!).update('\0');
  return `v${numbers.map((number) => number.padStart(3, '0')).join('.')}-${time.toString(36).padStart(TIME_DIGITS, '0')}-${hash.digest('hex').slice(0, HASH_DIGITS)}`;
}
