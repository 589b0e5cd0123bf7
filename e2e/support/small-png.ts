import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Colours of a small picture: an index is one byte. */
const COLOURS = 256;
const SIGNATURE = 8;
const TRUE_COLOUR = 2;
const INDEXED = 3;
/** Bytes of a pixel in true colour. */
const PIXEL = 3;

/**
 * The same picture with the 256 colours that most pixels have; others become the nearest of them. Pictures of pages have few colours, and become a
 * third as large. Takes what Chromium makes: true colour, 8 bits, not interlaced.
 */
export function smallPng(png: Buffer): Buffer {
  const parts = chunks(png);
  const header = parts.find(({ type }) => type === 'IHDR')!.data;
  if (header[9] !== TRUE_COLOUR) throw new Error(`a picture of colour type ${header[9]}`);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const pixels = unfiltered(inflateSync(Buffer.concat(parts.filter(({ type }) => type === 'IDAT').map(({ data }) => data))), width * PIXEL, height);
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += PIXEL) {
    const colour = pixels.readUIntBE(at, PIXEL);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = Array.from(counts).toSorted(([, a], [, b]) => b - a).slice(0, COLOURS).map(([colour]) => colour);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = pixels.readUIntBE((y * width + x) * PIXEL, PIXEL);
      const place = places.get(colour) ?? nearest(palette, colour);
      places.set(colour, place);
      rows[y * (width + 1) + 1 + x] = place;
    }
  }
  const indexed = Buffer.from(header);
  indexed[9] = INDEXED;
  const colours = Buffer.alloc(palette.length * PIXEL);
  for (const [place, colour] of palette.entries()) colours.writeUIntBE(colour, place * PIXEL, PIXEL);
  return Buffer.concat([png.subarray(0, SIGNATURE), chunk('IHDR', indexed), chunk('PLTE', colours), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function nearest(palette: readonly number[], colour: number): number {
  const far = (other: number) => [16, 8, 0].reduce((sum, shift) => sum + (((other >> shift) & 255) - ((colour >> shift) & 255)) ** 2, 0);
  return palette.reduce((best, other, place) => (far(other) < far(palette[best]!) ? place : best), 0);
}

function chunks(png: Buffer): readonly { readonly type: string; readonly data: Buffer }[] {
  const found = [];
  for (let at = SIGNATURE; at < png.length; ) {
    const length = png.readUInt32BE(at);
    found.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return found;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** The lines without their filters. PNG (Third Edition), 9.2. */
function unfiltered(raw: Buffer, line: number, height: number): Buffer {
  const out = Buffer.alloc(line * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (line + 1)]!;
    for (let x = 0; x < line; x++) {
      const at = y * line + x;
      const left = x < PIXEL ? 0 : out[at - PIXEL]!;
      const up = y === 0 ? 0 : out[at - line]!;
      const corner = x < PIXEL || y === 0 ? 0 : out[at - line - PIXEL]!;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
      out[at] = raw[y * (line + 1) + 1 + x]! + predicted;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
