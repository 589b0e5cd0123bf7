import { setMaxListeners } from 'node:events';

/** One signal ends many pieces of work, and Node warns of the eleventh listener. What is left running is found by tests that count sockets and timers. */
setMaxListeners(0);
