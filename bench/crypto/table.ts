import { spreadOf } from '../spread.ts';
import type { ElectionResult, Engine } from './engines.ts';

/** Shows durations below a millisecond in microseconds. */
export function duration(milliseconds: number): string {
  return milliseconds < 1 ? `${(1000 * milliseconds).toPrecision(3)} µs` : `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`;
}

export const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const median = (values: readonly number[]) => spreadOf(values).median;

/** Medians of WebAssembly, BigInt and the official client, and how many times as long the others take. */
export function cryptoTable(engines: readonly Engine[]): string {
  const rows = engines[0]!.measurement.rows.map(({ name }, i) => [
    name,
    ...engines.map(({ measurement }) => {
      const { bigint, wasm, official } = measurement.rows[i]!;
      const best = median(wasm ?? bigint);
      const times = (values: readonly number[]) => `${duration(median(values))} (${(median(values) / best).toFixed(1)}x)`;
      return [wasm ? duration(best) : `- (${measurement.refused})`, times(bigint), ...(official ? [times(official)] : [])].join(' / ');
    }),
  ]);
  return [line(['WebAssembly / BigInt / @nimiq/core', ...engines.map(({ name }) => name)]), line(['---', ...engines.map(() => '---:')]), ...rows.map(line)].join('\n');
}

/**
 * Time from the first decoded voting key to the last election block, and the processor time per block, which other load on the
 * machine changes little.
 */
export function electionTable(engines: readonly Engine[]): string {
  const rows = engines[0]!.elections.map(({ workers, backEnd, blocks, size }, i) => [
    `${backEnd === 'wasm' ? 'WebAssembly' : 'BigInt'}, ${workers} worker${workers === 1 ? '' : 's'}, ${blocks} blocks, ${size} a batch`,
    ...engines.map(({ elections }) => `${proving(elections[i]!)}; ${(elections[i]!.processor / elections[i]!.blocks).toFixed(1)} ms`),
  ]);
  return [line(['election blocks from genesis: time, blocks per second; processor time a block', ...engines.map(({ name }) => name)]), line(['---', ...engines.map(() => '---:')]), ...rows.map(line)].join('\n');
}

/** Seconds, and blocks per second. */
export function proving({ blocks, all }: ElectionResult): string {
  return `${(all / 1000).toFixed(1)} s, ${((1000 * blocks) / all).toFixed(0)} /s`;
}
