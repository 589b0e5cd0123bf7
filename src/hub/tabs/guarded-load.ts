import { missingLanguage } from '../../bridge/life/required-language.ts';
import { guardLoad } from './load-guard.ts';

/** Call it when the hub's worker has loaded; false means that the hub cannot work. A tab's own worker has no `connect` events: its page gets the error event. */
export const loaded = guardLoad(globalThis, missingLanguage(globalThis));
