import { useMemo } from 'react';
import type { MeasuredSync } from '../../client/types.ts';
import { formatBytes, formatNumber } from '../../page/format.ts';
import { Plot } from './Plot.tsx';
import { byPeer, timesByHeight } from './plot-data.ts';
import { syncTexts } from './sync-texts.ts';

const times = [{ label: syncTexts.download, colour: '--water' }, { label: syncTexts.validation, colour: '--deep' }, { label: syncTexts.application, colour: '--rust' }];
const bytes = [{ label: syncTexts.bytes, colour: '--water' }, { label: syncTexts.usefulBytes, colour: '--deep' }];
const latency = [{ label: syncTexts.latencyByPeer, colour: '--deep' }];

/** What the monitor has measured, drawn: times by height, bytes and latency by peer. */
export function SyncPlots({ monitor }: { readonly monitor: MeasuredSync }) {
  const heights = useMemo(() => timesByHeight(monitor), [monitor]);
  const peers = useMemo(() => byPeer(monitor), [monitor]);
  const useful = peers?.bytes[2]?.some((value) => value !== null) ?? false;
  return (
    <div className="plots">
      {heights ? <Plot title={syncTexts.byHeight} columns={heights} lines={times} formatValue={formatNumber} /> : <p className="quiet small">{syncTexts.noHeights}</p>}
      {peers && <Plot title={syncTexts.bytesByPeer} columns={useful ? peers.bytes : [peers.bytes[0], peers.bytes[1]!]} lines={useful ? bytes : bytes.slice(0, 1)} names={peers.names} formatValue={formatBytes} />}
      {peers && <Plot title={syncTexts.latencyByPeer} columns={peers.latencies} lines={latency} names={peers.names} formatValue={formatNumber} />}
    </div>
  );
}
