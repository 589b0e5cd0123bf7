import type { Head, TrustRecord } from '../../client/types.ts';
import { albatrossHead } from '../../page/albatross.ts';
import { isRestored } from '../levels-used.ts';
import { pageTexts } from '../page-texts.ts';
import { provenByProof, provenBySignatures, texts, trustTexts } from '../../page/texts.ts';

interface Props {
  readonly trust: TrustRecord;
  readonly head: Head;
}

/** How far the head can be trusted, as a title and a sentence. The panel with the ladder shows what that rests on. */
export function Verdict({ trust: { level, anchor }, head: { latest, final } }: Props) {
  const restored = isRestored(anchor);
  const { title, text } = restored ? { title: texts.restoredTitle, text: texts.restoredText } : trustTexts[level];
  const tone = restored || level === 'witnessed' ? 'pending' : level === 'claimed' ? 'bad' : 'good';
  return (
    <div className="verdict" data-tone={tone} data-testid="verdict" data-level={level}>
      <p>
        <strong>{title}</strong>
      </p>
      <p>{level !== 'proven' || restored ? text : anchor.proof ? provenByProof : albatrossHead(final) ? text : provenBySignatures}</p>
      {latest.trust !== final.trust && albatrossHead(latest) && <p className="quiet small">{pageTexts.newestIs(albatrossHead(latest)?.type === 'skip' ? texts.rootsUnproven : texts.keysUnproven)}</p>}
    </div>
  );
}
