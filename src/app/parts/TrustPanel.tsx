// Tests: `e2e/page.spec.ts`, `e2e/stacks.spec.ts`.
import type { Head, TrustLevel, TrustRecord } from '../../client/types.ts';
import { assumptionsOf } from '../../page/assumptions.ts';
import { countsShown } from '../checked-texts.ts';
import type { ChainWords } from '../chains/chain-parts.ts';
import { formatMoment, formatNumber, formatTook, shortHash, shortPeer } from '../../page/format.ts';
import { Fold } from './Fold.tsx';
import { isRestored } from '../levels-used.ts';
import { pageTexts } from '../page-texts.ts';
import { blockHref } from '../route.ts';
import { assumptionTexts, fewWitnessesText, texts, trustTexts } from '../../page/texts.ts';
import { TrustLadder } from './TrustLadder.tsx';

interface Props {
  readonly trust: TrustRecord;
  readonly head: Head;
  /** The levels that the chain has had. */
  readonly used: readonly TrustLevel[];
  /** The highest level that the chain can reach; default: all. */
  readonly highest?: TrustLevel | undefined;
  /** There is only the genesis block so far. */
  readonly onlyGenesis: boolean;
  /** What its first block is, where that is no genesis block. */
  readonly first?: ChainWords['first'] | undefined;
  /** The chain's own words for what is assumed. */
  readonly assumed?: readonly string[] | undefined;
}

/** The current level on the ladder, what was checked to reach it, and what is still assumed, in plain words. */
export function TrustPanel({ trust, head, used, highest, onlyGenesis, first, assumed }: Props) {
  const { anchor, level, proof } = trust;
  return (
    <Fold name="trust" title={texts.trust} gist={onlyGenesis ? '' : trustTexts[level].title} testid="trust" level={level}>
      <TrustLadder level={onlyGenesis ? undefined : level} used={used} highest={highest} restored={isRestored(anchor)} proof={proof} />
      {onlyGenesis ? <p className="quiet small">{first?.only ?? texts.onlyGenesis}</p> : (
        <details>
          <summary>{pageTexts.details}</summary>
          <Evidence trust={trust} head={head} assumed={assumed} />
        </details>
      )}
      {anchor.fewWitnesses && <p className="warn small">{fewWitnessesText}</p>}
    </Fold>
  );
}

function Evidence({ trust, head, assumed }: Pick<Props, 'trust' | 'head' | 'assumed'>) {
  const { anchor, checked } = trust;
  const counts = countsShown(checked);
  return (
    <>
      <h3 className="label">{texts.checked}</h3>
      {counts.length === 0 && <p className="quiet small">{texts.nothingChecked}</p>}
      <ul className="ledger">
        {counts.map(({ name, count, words }) => (
          <li key={name}>
            <strong>{formatNumber(count)}</strong> {words}
          </li>
        ))}
        {checked.milliseconds > 0 && (
          <li>
            <strong>{formatTook(checked.milliseconds)}</strong> {texts.forThePast}
          </li>
        )}
      </ul>
      {counts.map(({ name, hint }) => hint && <p key={name} className="quiet small">{hint}</p>)}
      <h3 className="label">{texts.assumed}</h3>
      <ul className="assumed small">
        {(assumed ?? assumptionsOf(trust, head).map((key) => assumptionTexts[key](anchor))).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <dl className="small">
        <div>
          <dt>{texts.anchor}</dt>
          <dd>
            {texts.block(formatNumber(anchor.height))} <a href={blockHref(anchor.hash)}><code title={anchor.hash}>{shortHash(anchor.hash)}</code></a>, {texts.anchorKinds[anchor.kind]}
          </dd>
        </div>
        {anchor.proof && (
          <div>
            <dt>{texts.proofUpTo}</dt>
            <dd>
              {texts.block(formatNumber(anchor.proof.height))} <a href={blockHref(anchor.proof.hash)}><code title={anchor.proof.hash}>{shortHash(anchor.proof.hash)}</code></a>
            </dd>
          </div>
        )}
        {anchor.witnesses.length > 0 && (
          <div>
            <dt>{texts.witnesses}</dt>
            <dd>
              <ul className="witnesses">
                {anchor.witnesses.map(({ peer, subnet, saidAt }) => (
                  <li key={peer} title={`${peer} (${subnet})`}>
                    <code>{shortPeer(peer)}</code> <time dateTime={new Date(saidAt).toISOString()}>{formatMoment(saidAt)}</time>
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}
