import type { Browser } from './browser.ts';
import type { DevtoolsPipe } from './devtools-pipe.ts';

/** Live bytes after a garbage collection, summed over the page and all its workers. */
export interface ScriptHeaps {
  /** Number of scopes: page, dedicated workers and shared workers. */
  readonly scopes: number;
  /** JavaScript objects. */
  readonly used: number;
  /** Array buffers, which are outside the heap. */
  readonly buffers: number;
  /** WebAssembly memories, at their present length. */
  readonly wasm: number;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

/** Attaches a debugger to every scope. Call it last, because debugging itself takes memory. */
export async function scriptHeaps(browser: Browser): Promise<ScriptHeaps> {
  const { pipe } = browser;
  const sessions = new Map<string, string>();
  const stop = pipe.listen((method, params) => {
    if (method !== 'Target.attachedToTarget') return;
    const { sessionId, targetInfo } = params as { sessionId: string; targetInfo: { targetId: string } };
    sessions.set(targetInfo.targetId, sessionId);
  });
  // Attach to the page's dedicated workers, and to the shared workers, which belong to no page.
  await pipe.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: true }, browser.tab.session);
  const { targetInfos } = await pipe.send<{ targetInfos: { targetId: string; type: string }[] }>('Target.getTargets');
  for (const { targetId, type } of targetInfos) {
    if (type === 'shared_worker' && !sessions.has(targetId)) await pipe.send('Target.attachToTarget', { targetId, flatten: true });
  }
  const heaps: HeapUsage[] = [];
  let wasm = 0;
  for (const session of [browser.tab.session, ...sessions.values()]) {
    await pipe.send('HeapProfiler.collectGarbage', {}, session);
    heaps.push(await pipe.send<HeapUsage>('Runtime.getHeapUsage', {}, session));
    wasm += await wasmMemory(pipe, session);
  }
  stop();
  const sum = (read: (heap: HeapUsage) => number): number => heaps.reduce((total, heap) => total + read(heap), 0);
  return { scopes: heaps.length, used: sum(({ usedSize }) => usedSize), buffers: sum(({ backingStorageSize = 0 }) => backingStorageSize), wasm };
}

/** WebAssembly memory, which the heap figures leave out. */
async function wasmMemory(pipe: DevtoolsPipe, session: string): Promise<number> {
  const { result } = await pipe.send<{ result: { objectId: string } }>('Runtime.evaluate', { expression: 'WebAssembly.Memory.prototype' }, session);
  const { objects } = await pipe.send<{ objects: { objectId: string } }>('Runtime.queryObjects', { prototypeObjectId: result.objectId }, session);
  const functionDeclaration = 'function () { return this.reduce((total, { buffer }) => total + buffer.byteLength, 0); }';
  const { result: sum } = await pipe.send<{ result: { value: number } }>('Runtime.callFunctionOn', { objectId: objects.objectId, functionDeclaration, returnByValue: true }, session);
  return sum.value;
}
