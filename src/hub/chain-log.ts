import type { ChainChange } from '../albatross/chain/chain-change.ts';
import type { LogLevel, LogRecord } from '../engine/log.ts';

type ChainEntry = Pick<LogRecord, 'level' | 'code' | 'data'>;

/** What the log says of a change of the chain: forks, and who was caught making them. Ordinary blocks are on the page; here they would push out the rest. */
export function chainEntry({ kind, adopted, reverted, stored, equivocation }: ChainChange): ChainEntry | undefined {
  if (stored && equivocation) return entry('warning', 'equivocation', { height: stored.height });
  const [first] = reverted;
  if (kind === 'rebranched' && first) return entry('info', 'rebranched', { height: first.height, reverted: reverted.length, adopted: adopted.length });
  return undefined;
}

function entry(level: LogLevel, code: string, data: LogRecord['data']): ChainEntry {
  return { level, code, data };
}
