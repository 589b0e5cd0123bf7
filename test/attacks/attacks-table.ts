import type { Machine } from '../../bench/machine.ts';
import type { Figures } from './figures.ts';

const bytes = (count: number): string => (Math.abs(count) < 1000 ? String(count) : Math.abs(count) < 1_000_000 ? `${Math.round(count / 1000)} k` : `${(count / 1_000_000).toFixed(1)} M`);

/** The figures of attacks as a Markdown table. */
export function attacksTable(figures: readonly Figures[], { cpu, cores, system, node, date, commit }: Pick<Machine, 'cpu' | 'cores' | 'system' | 'node' | 'date' | 'commit'>): string {
  const rows = figures.map(
    ({ attack, acts, of, client, network, received, sent, heap, streams, connections, jobs, banned, reasons, longestTurn }) =>
      `| ${attack} | ${acts} of ${of} | ${client}, ${network} | ${bytes(received)}, ${bytes(sent)} | ${bytes(heap)} | ${streams}, ${connections} | ${jobs} | ${banned > 0 ? `${banned} banned; ` : ''}${reasons.join(', ') || 'still there'} | ${longestTurn} |`,
  );
  return [
    `${cpu}, ${cores} cores; ${system}; Node ${node}. ${date.slice(0, 10)}, commit ${commit}.`,
    '',
    '| attack | done | head of the client, of the network | bytes from, to the attackers | heap | streams, connections left | verification jobs | the connection | longest turn, ms |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
