import { DecodeError, EncodeError } from '../../../base/postcard/errors.ts';
import { Reader } from '../../../base/postcard/reader.ts';
import { Writer } from '../../../base/postcard/writer.ts';

/** A frame of `hs2-sync/1`, in either direction (HotStuff-2 reference, 4): type (1 byte), flags (1, zero), request id (4, big-endian), body. */

/** `most`: bytes of the whole frame. Throws `EncodeError`, also for an id above 2^32 - 1. */
export function encodeSyncFrame(type: number, id: number, most: number, write: (w: Writer) => void): Uint8Array {
  const w = new Writer();
  w.u8(type);
  w.u8(0);
  w.bigEndian(id, 4, 0xffff_ffff);
  write(w);
  if (w.length > most) throw new EncodeError('over-limit', `a frame of ${w.length} bytes, at most ${most}`);
  return w.finish();
}

/** `names` gives each type byte its name; `read` reads the whole body. Throws only `DecodeError`: `unknown-variant` for an unknown type. */
export function decodeSyncFrame<Name, Body>(bytes: Uint8Array, most: number, names: ReadonlyMap<number, Name>, read: (r: Reader, name: Name) => Body): { readonly id: number; readonly body: Body } {
  if (bytes.length > most) throw new DecodeError('length-over-limit', 0, `a frame of ${bytes.length} bytes`);
  const r = new Reader(bytes);
  const byte = r.u8();
  const name = names.get(byte);
  if (name === undefined) throw new DecodeError('unknown-variant', 0, `type ${byte}`);
  if (r.u8() !== 0) throw new DecodeError('invalid-value', 1, 'flags that are not 0');
  const id = r.bigEndian(4);
  const body = read(r, name);
  if (r.remaining > 0) throw new DecodeError('trailing-bytes', r.offset, `${r.remaining} bytes left over`);
  return { id, body };
}
