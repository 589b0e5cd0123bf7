import { verifyHere } from './measure.js';

addEventListener('message', ({ data }) => postMessage(verifyHere(data)));
