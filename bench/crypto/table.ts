import { spreadOf } from '../spread.ts';
import type { Engine } from './engines.ts';

/** Below a millisecond in microseconds. */
function duration(milliseconds: number): string {
  return milliseconds < 1 ? `${(1000 * milliseconds).toPrecision(3)} µs` : `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`;
}

/** Medians: BigInt / WebAssembly, and how many times as fast the second is. */
export function cryptoTable(engines: readonly Engine[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = engines[0]!.measurement.rows.map(({ name }, i) => [
    name,
    ...engines.map(({ measurement }) => {
      const { bigint, wasm } = measurement.rows[i]!;
      const reference = spreadOf(bigint).median;
      if (!wasm) return `${duration(reference)} / - (${measurement.refused})`;
      const candidate = spreadOf(wasm).median;
      return `${duration(reference)} / ${duration(candidate)} (${(reference / candidate).toFixed(1)}x)`;
    }),
  ]);
  return [line(['BigInt / WebAssembly', ...engines.map(({ name }) => name)]), line(['---', ...engines.map(() => '---:')]), ...rows.map(line)].join('\n');
}
