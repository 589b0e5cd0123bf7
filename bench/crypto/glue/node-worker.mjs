import { parentPort } from 'node:worker_threads';
import { verifyHere } from './measure.js';

// oxlint-disable-next-line require-post-message-target-origin -- a port has none.
parentPort.on('message', (request) => parentPort.postMessage(verifyHere(request)));
