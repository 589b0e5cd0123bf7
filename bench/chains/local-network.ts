import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from '../../scripts/setup.mjs';

export interface LocalNetwork {
  /** Milliseconds that making the chain took, with the start of the process. */
  readonly made: number;
  stop(): Promise<void>;
}

/** Starts the local network of a chain in a process of its own, with free ports and blocks on command only. Resolves when it serves. */
export async function startLocalNetwork(chain: 'hotstuff2' | 'moloch', networkFile: string, options: readonly string[]): Promise<LocalNetwork> {
  const began = performance.now();
  const given = ['--port', '0', '--block-time', '0', '--network-file', networkFile, ...options];
  const child = spawn(process.execPath, ['--max-old-space-size=6144', '--import', 'tsx', `devnet/${chain}/main.ts`, ...given], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      if (line.includes('"event":"started"')) resolve();
    });
    child.once('close', (code) => reject(new Error(`the local network of ${chain} ended with code ${code}`)));
  });
  return {
    made: performance.now() - began,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
