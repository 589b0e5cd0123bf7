import type { ByteStream } from '../../src/chains/stacks/net/byte-stream.ts';

interface End extends ByteStream {
  deliver(bytes: Uint8Array): void;
  end(): void;
}

/** Two ends of a connection in memory. What one sends, the other gets in a later microtask, in pieces of `piece` bytes at most. */
export function streamPair(piece = Infinity): readonly [ByteStream, ByteStream] {
  const ends: End[] = [];
  const endOf = (other: () => End): End => {
    let onBytes: ((bytes: Uint8Array) => void) | undefined;
    let onClose: (() => void) | undefined;
    let isClosed = false;
    const early: Uint8Array[] = [];
    const end = () => {
      if (isClosed) return;
      isClosed = true;
      onClose?.();
    };
    return {
      send(bytes) {
        const copy = bytes.slice();
        if (!isClosed) queueMicrotask(() => other().deliver(copy));
      },
      deliver(bytes) {
        for (let at = 0; at < bytes.length; at += piece) {
          const part = bytes.slice(at, at + piece);
          if (isClosed) return;
          if (onBytes) onBytes(part);
          else early.push(part);
        }
      },
      onBytes(listener) {
        onBytes = listener;
        for (const bytes of early.splice(0)) listener(bytes);
      },
      onClose(listener) {
        onClose = listener;
        if (isClosed) listener();
      },
      end,
      close() {
        queueMicrotask(() => other().end());
        end();
      },
    };
  };
  ends.push(endOf(() => ends[1]!), endOf(() => ends[0]!));
  return [ends[0]!, ends[1]!];
}
