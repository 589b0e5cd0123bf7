import type { Head, Status, TrustRecord } from '../../client/types.ts';
import { formatNumber } from '../../page/format.ts';
import { trustTexts } from '../../page/texts.ts';
import { whyAlone } from '../../page/why-alone.ts';
import { texts } from '../texts.ts';

interface Props {
  readonly status: Status | undefined;
  readonly head: Head | undefined;
  readonly trust: TrustRecord | undefined;
}

/** The newest block, and how far it is verified. */
export function ChainLine({ status, head, trust }: Props) {
  if (whyAlone(status)) return <p className="chain-line warn" data-testid="chain" data-state="alone">{texts.offline}</p>;
  if (!head?.known || !trust || status?.phase !== 'established') return <p className="chain-line quiet" role="status" data-testid="chain" data-state="connecting">{texts.connecting}</p>;
  const { title, text } = trustTexts[trust.level];
  return (
    <p className="chain-line quiet" data-testid="chain" data-state="established" data-level={trust.level} title={text}>
      {texts.newest(formatNumber(head.latest.height))} · {title}
    </p>
  );
}
