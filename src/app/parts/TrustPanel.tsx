import type { TrustRecord } from '../../client/types.ts';
import { formatTime, shortHash, shortPeer } from '../format.ts';
import { fewWitnessesText, texts, trustTexts } from '../texts.ts';

/** Where the chain is anchored, who vouched for that, and what was checked since, in plain words. */
export function TrustPanel({ trust }: { readonly trust: TrustRecord }) {
  const { anchor, checked, level } = trust;
  const text = trustTexts[level];
  return (
    <section className="panel trust" aria-labelledby="trust-title" data-testid="trust" data-level={level}>
      <h2 id="trust-title" className="label">{texts.trust}</h2>
      <p className="trust-level">{text?.title}</p>
      <p>{text?.text}</p>
      {anchor.fewWitnesses && <p className="warn">{fewWitnessesText}</p>}
      <dl>
        <div>
          <dt>{texts.anchor}</dt>
          <dd>
            {texts.block(anchor.height)} <code title={anchor.hash}>{shortHash(anchor.hash)}</code>, {texts.anchorKinds[anchor.kind]}
          </dd>
        </div>
        {anchor.witnesses.length > 0 && (
          <div>
            <dt>{texts.witnesses}</dt>
            <dd>
              <ul className="witnesses">
                {anchor.witnesses.map(({ peer, subnet, saidAt }) => (
                  <li key={peer} title={`${peer} (${subnet})`}>
                    <code>{shortPeer(peer)}</code> <time dateTime={new Date(saidAt).toISOString()}>{formatTime(saidAt)}</time>
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
        <div>
          <dt>{texts.checked}</dt>
          <dd>
            {texts.electionBlocks(checked.electionBlocks)}, {texts.checkpoints(checked.checkpoints)}, {texts.microBlocks(checked.microBlocks)}
          </dd>
        </div>
      </dl>
    </section>
  );
}
