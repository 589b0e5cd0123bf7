import { afterEach, beforeEach } from 'vitest';

/** Counts the WebSockets that this process opens in each test. */
export function countSockets(): { readonly made: readonly WebSocket[]; /** Number of sockets that were not closed. */ open(): number } {
  const made: WebSocket[] = [];
  const original = globalThis.WebSocket;
  beforeEach(() => {
    globalThis.WebSocket = class extends original {
      constructor(url: string | URL) {
        super(url);
        made.push(this);
      }
    };
  });
  afterEach(() => {
    globalThis.WebSocket = original;
    made.length = 0;
  });
  return { made, open: () => made.filter(({ readyState }) => readyState < 2).length };
}
