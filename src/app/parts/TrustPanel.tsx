import type { TrustRecord } from '../../client/types.ts';
import { formatNumber, shortHash, shortPeer } from '../format.ts';
import { fewWitnessesText, texts, trustTexts } from '../texts.ts';

/** Where the chain is anchored, who vouched for that, and what was checked since, in plain words. */
export function TrustPanel({ trust }: { readonly trust: TrustRecord }) {
  const { anchor, checked, level } = trust;
  const text = trustTexts[level];
  return (
    <section className="panel trust" aria-labelledby="trust-title" data-testid="trust" data-level={level}>
      <h2 id="trust-title">{texts.trust}</h2>
      <p className="trust-level">{text?.title}</p>
      <p>{text?.text}</p>
      {anchor.fewWitnesses && <p className="warn">{fewWitnessesText}</p>}
      <dl>
        <dt>Anchor</dt>
        <dd>
          block {formatNumber(anchor.height)} <code title={anchor.hash}>{shortHash(anchor.hash)}</code>
        </dd>
        <dt>Verified since</dt>
        <dd>
          {formatNumber(checked.electionBlocks)} election blocks, {formatNumber(checked.checkpoints)} checkpoints, {formatNumber(checked.microBlocks)} micro blocks
        </dd>
        {anchor.witnesses.length > 0 && (
          <>
            <dt>{texts.witnesses}</dt>
            <dd>
              {anchor.witnesses.map((witness) => (
                <code key={witness.peer} title={`${witness.peer} (${witness.subnet})`}>
                  {shortPeer(witness.peer)}{' '}
                </code>
              ))}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
