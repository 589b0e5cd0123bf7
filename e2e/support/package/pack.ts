import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../../..');

export interface Packed {
  /** The package's folder before it was packed. */
  readonly folder: string;
  readonly file: string;
}

/** What `npm run pack` has made. @throws if it has not. */
export function packedBefore(): Packed {
  return packedIn(join(root, 'dist-package'));
}

/** Packs again, in a folder of its own that the caller removes. @throws if that fails, as it does above a limit of size. */
export async function pack(home: string, ...args: readonly string[]): Promise<Packed> {
  const out = join(home, 'out');
  await promisify(execFile)(process.execPath, ['--import', 'tsx', join(root, 'scripts/pack.ts'), '--out', out, ...args], { cwd: root });
  return packedIn(out);
}

function packedIn(out: string): Packed {
  const file = existsSync(out) && readdirSync(out).find((name) => name.endsWith('.tgz'));
  if (!file) throw new Error(`There is no packed file in ${out}: npm run pack makes it.`);
  return { folder: join(out, 'package'), file: join(out, file) };
}
