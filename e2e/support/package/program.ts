import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectEnvironment } from './fresh-project.ts';

/** A program that has said what was waited for. */
export interface RunningProgram {
  readonly found: string;
  end(): Promise<void>;
}

/** Starts a script of Node. Resolves with the first match in what it says. @throws if it ends before, with its output. */
export async function startProgram(folder: string, args: readonly string[], wanted: RegExp): Promise<RunningProgram> {
  const child = spawn(process.execPath, args, { cwd: folder, env: projectEnvironment, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  let output = '';
  const found = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      output += String(chunk);
      const [match] = wanted.exec(output) ?? [];
      if (match) resolve(match);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    void closed.then(() => reject(new Error(`${args.join(' ')} has ended:\n${output}`)));
  });
  return {
    found,
    async end() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}
