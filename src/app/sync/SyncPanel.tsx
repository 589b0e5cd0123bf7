import type { Client, SyncMonitorView } from '../../client/types.ts';
import { formatDuration, formatFigure, formatTook } from '../../page/format.ts';
import { errorText, problemOf } from '../../page/problem-of.ts';
import { textOf } from '../../page/code-texts.ts';
import { Row } from '../parts/Row.tsx';
import './sync.css';
import { phaseNames, stageNames, strategyNames, syncTexts as texts, trendNames } from './sync-texts.ts';
import { SyncButtons } from './SyncButtons.tsx';
import { SyncPeers } from './SyncPeers.tsx';
import { SyncPlots } from './SyncPlots.tsx';
import { type SyncDetails, useSyncDetails } from './use-sync-details.ts';

export interface SyncPanelProps {
  readonly client: Pick<Client, 'sync'>;
  readonly network: string;
}

/** The details of the sync: where it is, how fast, with which peers, and what each part took. Asks the client as long as it is shown. */
export function SyncPanel({ client, network }: SyncPanelProps) {
  const { details, error } = useSyncDetails(client);
  if (!details) return <p className={error === undefined ? 'quiet' : 'warn'} role="status">{error === undefined ? texts.waits : problemOf(error).code === 'unknown-question' ? texts.noSync : errorText(error)}</p>;
  return (
    <div data-testid="sync-details" data-phase={details.status.phase}>
      <Position details={details} />
      <SyncButtons client={client} network={network} details={details} />
      <h3 className="label">{texts.stages}</h3>
      <Stages stages={details.monitor.stages} />
      <h3 className="label">{texts.peers}</h3>
      <SyncPeers peers={details.peers} />
      <SyncPlots monitor={details.monitor} />
    </div>
  );
}

function Position({ details: { status, progress } }: { readonly details: SyncDetails }) {
  const { current, target, targetProven, percent, synced, rate, timeLeft, trend } = progress;
  const isLive = status.phase === 'live';
  const unknown = <span className="quiet">{texts.unknown}</span>;
  return (
    <>
      <progress value={percent} max={100} aria-label={texts.progress} />
      <dl className="sync-facts small">
        <Row title={texts.phase}>{phaseNames[status.phase]}</Row>
        {/* While it is live there is no run to speak of. */}
        {(status.strategy || !isLive) && <Row title={texts.strategy}>{status.strategy ? strategyNames[status.strategy] : texts.ownStrategy}</Row>}
        <Row title={texts.position}>{texts.upTo(current, target)} <span className="quiet">({targetProven ? texts.proven : texts.claimed})</span></Row>
        <Row title={texts.synced}>{texts.blocks(synced)}</Row>
        {!isLive && (
          <>
            <Row title={texts.rate}>{rate === undefined ? unknown : texts.perSecond(formatFigure(rate))}</Row>
            <Row title={texts.trend}>{trendNames[trend]}</Row>
            <Row title={texts.timeLeft}>{timeLeft === undefined ? unknown : formatDuration(timeLeft)}</Row>
          </>
        )}
        {status.lastError && <Row title={texts.lastError}>{textOf(status.lastError.code, status.lastError.data)}</Row>}
      </dl>
    </>
  );
}

function Stages({ stages }: { readonly stages: SyncMonitorView['stages'] | undefined }) {
  if (!stages) return <p className="quiet small">{texts.noStages}</p>;
  return (
    <ul className="ledger">
      {(Object.keys(stageNames) as (keyof typeof stageNames)[]).map((stage) => (
        <li key={stage}>
          <strong>{formatTook(stages[stage])}</strong> {stageNames[stage]}
        </li>
      ))}
    </ul>
  );
}
