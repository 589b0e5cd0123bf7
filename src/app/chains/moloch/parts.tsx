import { shortHash } from '../../../page/format.ts';
import type { UnderBlock } from '../../parts/BlockDrawing.tsx';
import { ExplainedField } from '../../parts/ExplainedField.tsx';
import { Row } from '../../parts/Row.tsx';
import { blockHref } from '../../route.ts';
import '../chain-facts.css';
import type { ChainParts } from '../chain-parts.ts';
import { RecentRow } from '../RecentRow.tsx';
import { EventList } from './EventList.tsx';
import { molochBlock, molochHead, molochNetwork } from './details-of.ts';
import { gradeTexts, molochFieldTexts, molochTexts as texts, molochWords } from './moloch-words.ts';
import { BAR_HEIGHT, SignatureBar } from './SignatureBar.tsx';

const keys = ['final', 'pending', 'reverted'] as const;
const roots = ['eventsRoot', 'mmrRoot', 'validatorsHash'] as const;

const signaturesUnder = (threshold: number | undefined): UnderBlock => ({
  height: BAR_HEIGHT,
  draw: ({ details }, x, y) => {
    const of = molochHead(details);
    return of?.signatures !== undefined && <SignatureBar x={x} y={y} signatures={of.signatures} validators={of.validators} threshold={threshold} />;
  },
});

/** What the page shows of Moloch only: who seals, and the signatures of each block against the threshold. */
export const molochParts: ChainParts = {
  words: molochWords,
  BlockContent: EventList,
  Overview: ({ network, head }) => {
    const [own, latest] = [molochNetwork(network), molochHead(head.latest.details)];
    return (
      <dl className="chain-facts small">
        {own && <Row title={texts.chainId}>{own.chainId}</Row>}
        {own && <Row title={texts.threshold}>{texts.thresholdOf(own)}</Row>}
        {latest && <Row title={texts.inNewest}><a href={blockHref(head.latest.height)}>{texts.events(latest.events)}</a></Row>}
        {latest && <Row title={texts.sealer}><code title={latest.sealer}>{shortHash(latest.sealer)}</code></Row>}
      </dl>
    );
  },
  Recent: ({ network, head, recent }) => {
    const own = molochNetwork(network);
    const signed = recent.main.map(({ height, details }) => ({ height, of: molochHead(details) })).findLast(({ of }) => of?.signatures !== undefined);
    return (
      <RecentRow alone recent={recent} finalHeight={head.final.height} keys={keys} legend={texts.legend} under={signaturesUnder(own?.threshold)}>
        {signed?.of?.signatures !== undefined && (
          <p className="small" data-testid="signatures">
            {texts.newest(signed.height, signed.of.signatures, signed.of.validators)} <span className="quiet">{texts.bars}</span>
          </p>
        )}
      </RecentRow>
    );
  },
  BlockKind: ({ block }) => {
    const own = molochBlock(block);
    return own && <p data-testid="grade"><strong>{gradeTexts[own.grade].name}.</strong> {gradeTexts[own.grade].text}</p>;
  },
  BlockFields: ({ block }) => {
    const own = molochBlock(block);
    if (!own) return null;
    const field = (name: keyof typeof molochFieldTexts) => ({ name, title: molochFieldTexts[name][0], text: molochFieldTexts[name][1] });
    return (
      <>
        <ExplainedField {...field('sealer')}><code>{own.sealer}</code></ExplainedField>
        <ExplainedField {...field('events')}>{texts.events(own.events)}</ExplainedField>
        <ExplainedField {...field('signatures')}>{own.signatures === undefined ? texts.noSignatures : texts.signed(own.signatures, own.validators)}</ExplainedField>
        {roots.map((name) => (
          <ExplainedField key={name} {...field(name)}>
            <code>{own[name]}</code>
          </ExplainedField>
        ))}
      </>
    );
  },
};
