import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decodeHeader, type NakamotoHeader } from '../../src/chains/stacks/wire/header.ts';
import type { MadeHeaders } from './make-headers.ts';

export interface HeldMemory {
  readonly headers: number;
  /** Bytes of the headers as they are on the wire. */
  readonly wire: number;
  /** Bytes of heap and buffers that the decoded headers hold. */
  readonly held: number;
}

/** What decoded headers hold, after a garbage collection before and after. The wire bytes are copied first and dropped, so that views into them count. */
export function measureMemory({ bytes }: MadeHeaders): HeldMemory {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  const held: NakamotoHeader[] = bytes.map((it) => decodeHeader(it.slice()));
  const after = used();
  if (held.length !== bytes.length) throw new Error('headers are lost');
  return { headers: bytes.length, wire: bytes.reduce((sum, it) => sum + it.length, 0), held: after - before };
}
