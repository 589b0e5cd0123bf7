/** Which files of a build only other chains than Albatross need: the service worker stores them later, and the package counts them apart. */

/** What only other chains need is loaded by a dynamic import of one of these modules. */
const otherChains = /(?:^|\/)src\/(?:(?:app\/)?chains\/(?:(?:hotstuff2|moloch|stacks|general)\/|followed-codes)|verify\/(?:check-(?:hotstuff2|moloch|stacks)-|verify-any-in-slices)|crypto\/(?:bls12-381|run-signatures|secp256k1-recover|hash-chains)\.ts)/u;

export interface BuiltFile {
  /** A page or a worker starts with it. */
  readonly isEntry: boolean;
  /** The module whose dynamic import loads the file; undefined: none does. */
  readonly module: string | undefined;
  /** Names of files. */
  readonly imports: readonly string[];
  readonly dynamicImports: readonly string[];
}

/** The names of all files that the entries reach over a dynamic import of a module of another chain only. */
export function filesOfOtherChains(files: ReadonlyMap<string, BuiltFile>): readonly string[] {
  const common = new Set(Array.from(files).flatMap(([name, { isEntry }]) => (isEntry ? [name] : [])));
  // What is added while this runs is visited, too.
  for (const name of common) {
    const { imports = [], dynamicImports = [] } = files.get(name) ?? {};
    for (const next of [...imports, ...dynamicImports.filter((it) => !otherChains.test(files.get(it)?.module?.replaceAll('\\', '/') ?? ''))]) common.add(next);
  }
  return Array.from(files.keys()).filter((name) => !common.has(name));
}
