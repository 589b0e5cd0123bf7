import { useEffect, useState } from 'react';
import type { Head, Phase, Status } from '../../client/types.ts';
import { formatDuration, formatNumber } from '../../page/format.ts';
import type { ChainWords } from '../chains/chain-parts.ts';
import { nodeWordsOf } from '../node-words.ts';
import { pageTexts } from '../page-texts.ts';
import { textOf } from '../../page/code-texts.ts';
import { followsByWrongClock, phaseSentences, texts, unitTexts, waitsForWitnesses } from '../../page/texts.ts';
import { phaseShown } from '../../page/phase-shown.ts';
import { useSyncProgress } from '../use-sync-progress.ts';
import { whyAlone } from '../../page/why-alone.ts';

interface Props {
  readonly status: Status | undefined;
  readonly head: Head | undefined;
  /** The head was verified some time ago. */
  readonly stored: boolean;
  readonly words: ChainWords | undefined;
}

/** What the client is doing, its progress, and why it makes none. */
export function SyncState({ status, head, stored, words }: Props) {
  const late = useLate(status === undefined);
  const sync = useSyncProgress(status);
  const { phase, progress, reason } = status ?? { phase: 'starting' as const, progress: undefined, reason: undefined };
  const syncing = phase === 'catch-up' || phase === 'live-sync';
  return (
    <div className="state" data-syncing={sync !== undefined}>
      {phase !== 'established' && <p>{sentenceOf(phase, status, stored, words)}</p>}
      {sync && reason?.code !== 'few-networks' && (
        <div className="progress">
          <progress value={sync.share} max={1} aria-label={pageTexts.sync} data-testid="sync" />
          <p className="quiet small">
            {syncing && head ? pageTexts.soFar(formatNumber(head.latest.height)) : progress && progress.total > 0 && `${texts.ofTotal(formatNumber(progress.done), formatNumber(progress.total))} ${unitTexts[progress.unit]}`}
            {sync.timeLeft !== undefined && ` ${texts.timeLeft(formatDuration(roundedUp(sync.timeLeft)))}`}
          </p>
        </div>
      )}
      {late && <p className="reason">{pageTexts.clientIsLate}</p>}
      {reason && <p className="reason">{textOf(reason.code, reason.data)}</p>}
    </div>
  );
}

function sentenceOf(phase: Exclude<Phase, 'established'>, status: Status | undefined, stored: boolean, words: ChainWords | undefined): string {
  if (!status) return pageTexts.clientComes;
  if (stored && whyAlone(status)) return texts.offlineSentence;
  if (status.reason?.code === 'few-networks') return waitsForWitnesses;
  if (phase === 'connecting') return nodeWordsOf(words).asking;
  return status.reason?.code === 'clock-ahead' ? followsByWrongClock : phaseSentences[phaseShown(status) as typeof phase];
}

/** Rounded up to five seconds, below a minute: the estimate is not more precise. */
const roundedUp = (ms: number): number => Math.ceil(ms / 5000) * 5000;

/** Milliseconds without a client after which the page explains possible causes. */
const LATE = 8000;

/** Whether `waits` has been true for long. */
function useLate(waits: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setTimeout(() => setLate(true), LATE);
    return () => clearTimeout(timer);
  }, [waits]);
  return late && waits;
}
