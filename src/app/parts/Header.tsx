import type { Status } from '../../client/types.ts';
import { whyAlone } from '../../page/why-alone.ts';
import { phaseTexts, texts, witnessesLacking } from '../../page/texts.ts';
import { phaseShown } from '../../page/phase-shown.ts';
import type { ChainWords } from '../chains/chain-parts.ts';
import { nodeWordsOf } from '../node-words.ts';
import { NetworkDialog } from './NetworkDialog.tsx';

/** The network and the client's phase, in one line. */
export function Header({ status, words }: { readonly status: Status | undefined; readonly words: ChainWords | undefined }) {
  const phase = status?.phase ?? 'starting';
  const alone = whyAlone(status);
  return (
    <header className="header">
      <h1 className="brand">
        <svg viewBox="0 0 64 32" aria-hidden="true">
          <path d="M4 20c12-15 22-16 28-5 6-11 16-10 28 5-12-7-20-6-28 6-8-12-16-13-28-6z" />
        </svg>
        {texts.title}
      </h1>
      <NetworkDialog status={status} />
      <span className="phase" data-phase={phase} data-offline={alone !== undefined} data-testid="phase" role="status">
        {alone ? texts[alone] : status?.reason?.code === 'few-networks' ? witnessesLacking : phase === 'connecting' ? nodeWordsOf(words).looking : phaseTexts[status ? phaseShown(status) : phase]}
      </span>
    </header>
  );
}
