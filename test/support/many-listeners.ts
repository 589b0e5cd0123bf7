import { setMaxListeners } from 'node:events';

/**
 * One signal can end many tasks, and Node warns at the eleventh listener. Tests that count sockets and timers find tasks that were
 * left running.
 */
setMaxListeners(0);
