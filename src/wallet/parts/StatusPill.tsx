import type { Status } from '../../client/types.ts';
import { phaseTexts, texts } from '../../page/texts.ts';
import { whyAlone } from '../../page/why-alone.ts';

/** The client's phase in a word. */
export function StatusPill({ status }: { readonly status: Status | undefined }) {
  const phase = status?.phase ?? 'starting';
  const alone = whyAlone(status);
  return (
    <span className="phase" data-phase={phase} data-offline={alone !== undefined} data-testid="phase" role="status">
      {alone ? texts[alone] : phaseTexts[phase]}
    </span>
  );
}
