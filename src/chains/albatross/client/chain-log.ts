import type { ChainChange } from '../chain/chain-change.ts';
import type { LogCode } from '../../../base/log-codes.ts';
import type { LogLevel, LogRecord } from '../../../base/log.ts';

type ChainEntry = Pick<LogRecord, 'level' | 'code' | 'data'>;

/**
 * The log entry for a change of the chain: forks, and validators caught making them. Ordinary blocks are shown on the page; here they would
 * push out the other entries.
 */
export function chainEntry({ kind, adopted, reverted, stored, equivocation }: ChainChange): ChainEntry | undefined {
  if (stored && equivocation) return entry('warning', 'equivocation', { height: stored.height });
  const [first] = reverted;
  if (kind === 'rebranched' && first) return entry('info', 'rebranched', { height: first.height, reverted: reverted.length, adopted: adopted.length });
  return undefined;
}

function entry(level: LogLevel, code: LogCode, data: LogRecord['data']): ChainEntry {
  return { level, code, data };
}
