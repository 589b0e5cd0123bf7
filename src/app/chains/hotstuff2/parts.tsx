import { formatNumber } from '../../../page/format.ts';
import type { UnderBlock } from '../../parts/BlockDrawing.tsx';
import { ExplainedField } from '../../parts/ExplainedField.tsx';
import { Row } from '../../parts/Row.tsx';
import '../chain-facts.css';
import type { ChainParts } from '../chain-parts.ts';
import { RecentRow } from '../RecentRow.tsx';
import { heightOfDots, VoteDots } from '../VoteDots.tsx';
import { hotStuff2Block, hotStuff2Head, hotStuff2Network } from './details-of.ts';
import { ValueReader } from './ValueReader.tsx';
import { gradeTextOf, hotStuff2FieldTexts, hotStuff2Texts as texts, hotStuff2Words } from './hotstuff2-words.ts';

const keys = ['final', 'pending', 'reverted'] as const;
const roots = ['stateRoot', 'payloadRoot', 'validatorsHash', 'nextValidatorsHash'] as const;

const votesUnder = (validators: number): UnderBlock => ({
  height: heightOfDots(validators),
  draw: ({ details }, x, y) => {
    const own = hotStuff2Head(details);
    return own?.signers !== undefined && <VoteDots x={x} y={y} count={own.validators} filled={own.signers} />;
  },
});

/** In place of a root that the block's format does not have. */
const NONE = '0'.repeat(64);

/** What the page shows of HotStuff-2 only: the view, who votes, and how many voted for each block. */
export const hotStuff2Parts: ChainParts = {
  words: hotStuff2Words,
  Reader: ValueReader,
  Overview: ({ network, head }) => {
    const [own, latest] = [hotStuff2Network(network), hotStuff2Head(head.latest.details)];
    return (
      <dl className="chain-facts small">
        {latest && <Row title={texts.view}>{formatNumber(latest.view)}</Row>}
        {latest && <Row title={texts.proposer}>{texts.proposerOf(latest.proposer, latest.validators)}</Row>}
        {own && <Row title={texts.quorum}>{texts.quorumOf(own)}</Row>}
      </dl>
    );
  },
  Recent: ({ network, head, recent }) => {
    const quorum = hotStuff2Network(network)?.quorum;
    const shown = recent.main.map(({ height, details }) => ({ height, own: hotStuff2Head(details) }));
    const validators = Math.max(1, ...shown.map(({ own }) => own?.validators ?? 0));
    const voted = shown.findLast(({ own }) => own?.signers !== undefined);
    return (
      <RecentRow alone recent={recent} finalHeight={head.final.height} keys={keys} legend={texts.legend} under={votesUnder(validators)}>
        {voted?.own?.signers !== undefined && (
          <p className="small" data-testid="votes">
            {texts.newest(voted.height, voted.own.signers, voted.own.validators)} {quorum !== undefined && <span className="quiet">{texts.dots(quorum)}</span>}
          </p>
        )}
      </RecentRow>
    );
  },
  BlockKind: ({ block }) => {
    const own = hotStuff2Block(block);
    if (!own) return null;
    const { name, text } = gradeTextOf(own.grade, block.height);
    return <p data-testid="grade"><strong>{name}.</strong> {text}</p>;
  },
  BlockFields: ({ block }) => {
    const own = hotStuff2Block(block);
    if (!own) return null;
    const field = (name: keyof typeof hotStuff2FieldTexts) => ({ name, title: hotStuff2FieldTexts[name][0], text: hotStuff2FieldTexts[name][1] });
    return (
      <>
        <ExplainedField {...field('view')}>{formatNumber(own.view)}</ExplainedField>
        <ExplainedField {...field('proposer')}>{texts.proposerOf(own.proposer, own.validators)}</ExplainedField>
        <ExplainedField {...field('signers')}>{own.signers === undefined ? texts.noVotes : texts.votesFor(own.signers, own.validators)}</ExplainedField>
        {roots.filter((name) => own[name] !== NONE).map((name) => (
          <ExplainedField key={name} {...field(name)}>
            <code>{own[name]}</code>
          </ExplainedField>
        ))}
      </>
    );
  },
};
