import { spreadOf } from '../spread.ts';
import type { Engine } from './engines.ts';
import type { Row } from './measure.ts';
import { DECODE, DERIVE, GROTH16, PAIRING } from './operations.ts';
import { duration, line, proving } from './table.ts';

/** The operations that have a goal, and the operations that they are compared with. */
const compared = [
  [PAIRING, 'bigint', 'BigInt'],
  [GROTH16, 'bigint', 'BigInt'],
  [DECODE, 'official', '@nimiq/core'],
  [DERIVE, 'official', '@nimiq/core'],
] as const satisfies readonly (readonly [string, keyof Row, string])[];

/** The few figures with a goal: WebAssembly's time, and how many times as long the other engines take. */
export function summaryTable(engines: readonly Engine[]): string {
  const median = (values: readonly number[]) => spreadOf(values).median;
  const rows = compared.map(([name, other, title]) => [
    `${name}; against ${title}`,
    ...engines.map(({ measurement: { rows, refused } }) => {
      const row = rows.find((each) => each.name === name);
      const against = row?.[other];
      if (!row?.wasm || !against) return `- (${refused})`;
      const own = median(row.wasm);
      return `${duration(own)}, ${(median(against) / own).toFixed(1)}x`;
    }),
  ]);
  const most = Math.max(...engines.flatMap(({ elections }) => elections.map(({ workers }) => workers)));
  const elections = engines.map((engine) => engine.elections.find(({ workers, backEnd }) => workers === most && backEnd === 'wasm'));
  const proven = [`${elections[0]?.blocks} election blocks from genesis on, 60 validators each, ${most} workers`, ...elections.map((result) => (result ? proving(result) : '-'))];
  return [line(['WebAssembly', ...engines.map(({ name }) => name)]), line(['---', ...engines.map(() => '---:')]), ...[...rows, proven].map(line)].join('\n');
}
