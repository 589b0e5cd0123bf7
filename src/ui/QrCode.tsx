import { encodeQR } from 'qr';
import { uiTexts } from './ui-texts.ts';

/** Modules around the code that stay light. */
const BORDER = 4;

/** A text as a QR code: dark on light in both colour schemes, because not every reader takes inverted codes. `name`: what the text is. */
export function QrCode({ text, name }: { readonly text: string; readonly name: string }) {
  const rows = qrRows(text);
  const size = rows.length;
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={`${uiTexts.qr}: ${name}`} shapeRendering="crispEdges" data-testid="qr" data-text={text}>
      <rect width={size} height={size} className="paper" />
      <path d={qrPath(rows)} className="dark" />
    </svg>
  );
}

export const qrRows = (text: string): readonly (readonly boolean[])[] => encodeQR(text, 'raw', { ecc: 'medium', border: BORDER });

/** One rectangle for each run of dark modules in a row. */
export function qrPath(rows: readonly (readonly boolean[])[]): string {
  return rows
    .flatMap((row, y) => Array.from(row.map((dark) => (dark ? '1' : '0')).join('').matchAll(/1+/gu), ({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`))
    .join('');
}
