import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../../..');
const execute = promisify(execFile);

/** Bytes of a program's output that are kept. */
const MAX_OUTPUT = 10_000_000;

/** Of the programs in a project: Next would report to its makers. */
export const projectEnvironment = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };

/** A project of a user in a folder of its own, with the packed file installed by npm. */
export class FreshProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'petrel-project-'));

  private constructor() {}

  /** @param packed the packed file. */
  static async install(packed: string): Promise<FreshProject> {
    const project = new FreshProject();
    project.write('package.json', '{ "name": "project", "private": true, "type": "module" }\n');
    await project.npm('install', '--offline', packed);
    return project;
  }

  /**
   * The same in another folder, with `files`: text by path.
   * @param links packages that are taken from the repository, so that nothing has to be fetched; the packed file needs none of them.
   */
  copy(files: Readonly<Record<string, string>>, links: readonly string[] = []): FreshProject {
    const project = new FreshProject();
    cpSync(this.folder, project.folder, { recursive: true });
    for (const [path, text] of Object.entries(files)) project.write(path, text);
    for (const name of links) {
      const link = join(project.folder, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), link, 'dir');
    }
    return project;
  }

  /** The names of the packages that npm has installed. */
  get installed(): readonly string[] {
    return readdirSync(join(this.folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  npm(...args: readonly string[]): Promise<string> {
    return this.#run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [...args, '--no-audit', '--no-fund', '--loglevel=error']);
  }

  /** Runs a script of Node in the project. @throws with its output. */
  node(...args: readonly string[]): Promise<string> {
    return this.#run(process.execPath, args);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #run(program: string, args: readonly string[]): Promise<string> {
    try {
      const { stdout, stderr } = await execute(program, args, { cwd: this.folder, env: projectEnvironment, maxBuffer: MAX_OUTPUT, shell: process.platform === 'win32' });
      return `${stdout}${stderr}`;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
      throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }
}
