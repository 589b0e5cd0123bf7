import { MAX_RTC_MESSAGE, RtcError } from '../../engine/rtc-host.ts';

/**
 * The frames that two clients exchange on the one channel of their peer connection, one per message: one byte for the kind, then the
 * stream's number (four bytes, big-endian). `open` adds its label (UTF-8). `data` adds bytes. `taken` adds the number of data frame bytes
 * taken since the last `taken` (four bytes, big-endian); its stream number is 0.
 */
export type ChannelFrame =
  | { readonly kind: 'open'; readonly id: number; readonly label: string }
  | { readonly kind: 'data'; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'close'; readonly id: number }
  | { readonly kind: 'taken'; readonly bytes: number };

const kinds = { open: 0, data: 1, close: 2, taken: 3 } as const;

/** Bytes of a frame's header. */
export const FRAME_HEADER = 5;

/** Maximum bytes of data in one frame. */
export const MAX_FRAME_DATA = MAX_RTC_MESSAGE - FRAME_HEADER;

/** Maximum bytes of a label; libp2p's labels are `init` and the empty one. */
const MAX_LABEL = 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function encodeFrame(frame: ChannelFrame): Uint8Array<ArrayBuffer> {
  const body = frame.kind === 'open' ? encoder.encode(frame.label) : frame.kind === 'data' ? frame.bytes : new Uint8Array(frame.kind === 'taken' ? 4 : 0);
  const bytes = new Uint8Array(FRAME_HEADER + body.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = kinds[frame.kind];
  view.setUint32(1, frame.kind === 'taken' ? 0 : frame.id);
  bytes.set(body, FRAME_HEADER);
  if (frame.kind === 'taken') view.setUint32(FRAME_HEADER, frame.bytes);
  return bytes;
}

/** @param bytes a message of the channel; data is copied. Throws `RtcError` `malformed`. */
export function decodeFrame(bytes: Uint8Array): ChannelFrame {
  if (bytes.length < FRAME_HEADER) throw malformed(`a frame of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const id = view.getUint32(1);
  const body = bytes.slice(FRAME_HEADER);
  switch (bytes[0]) {
    case kinds.open:
      if (body.length > MAX_LABEL) throw malformed(`a label of ${body.length} bytes`);
      return { kind: 'open', id, label: decodeText(body) };
    case kinds.data:
      return { kind: 'data', id, bytes: body };
    case kinds.close:
      if (body.length > 0) throw malformed('a close that says more');
      return { kind: 'close', id };
    case kinds.taken:
      if (body.length !== 4 || id !== 0) throw malformed('a taken of another form');
      return { kind: 'taken', bytes: view.getUint32(FRAME_HEADER) };
    default:
      throw malformed(`a frame of kind ${String(bytes[0])}`);
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed('text that is no UTF-8');
  }
}

export function malformed(what: string): RtcError {
  return new RtcError('malformed', what);
}
