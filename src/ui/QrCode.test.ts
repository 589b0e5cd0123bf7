import { decodeQR } from 'qr/decode.js';
import { expect, it } from 'vitest';
import { qrPath, qrRows } from './QrCode.tsx';

/** Draws the path's rectangles, four pixels a module, dark on light. */
function picture(path: string, modules: number) {
  const scale = 4;
  const side = modules * scale;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [, x = '', y = '', run = ''] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/gu)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++) {
      for (let column = Number(x) * scale; column < (Number(x) + Number(run)) * scale; column++) data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
    }
  }
  return { width: side, height: side, data };
}

it.each(['NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A', 'nimiq:NQ46U66MJNLD0DJ70E9PQ7XRV9KVH976813A?amount=12.5&message=%C3%A4'])('draws a code that reads as %s', (text) => {
  const rows = qrRows(text);
  expect(decodeQR(picture(qrPath(rows), rows.length))).toBe(text);
});
