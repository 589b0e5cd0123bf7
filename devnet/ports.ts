import { createServer } from 'node:net';
import { CodedError } from '../src/base/coded-error.ts';

/** A port that is not available; the command line exits with code 2. */
export class PortError extends CodedError<'in-use' | 'not-allowed'> {
  override readonly name = 'PortError';
}

/**
 * Checks that ports `first` to `first + count - 1` are free on loopback, before anything is started. Port 0 needs no check. Throws
 * `PortError`.
 */
export async function checkPorts(first: number, count: number): Promise<void> {
  if (first === 0) return;
  for (let port = first; port < first + count; port++) {
    await new Promise<void>((resolve, reject) => {
      const server = createServer();
      server.once('error', (error: NodeJS.ErrnoException) => {
        const denied = error.code === 'EACCES';
        reject(new PortError(denied ? 'not-allowed' : 'in-use', denied ? `port ${port} is not allowed (--port)` : `port ${port} is in use; choose another with --port, or --port 0 for free ones`));
      });
      server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
    });
  }
}
