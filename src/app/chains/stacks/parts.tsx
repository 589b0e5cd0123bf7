// Tests: `e2e/stacks.spec.ts`.
import { formatNumber, shortHash } from '../../../page/format.ts';
import type { UnderBlock } from '../../parts/BlockDrawing.tsx';
import { ExplainedField } from '../../parts/ExplainedField.tsx';
import { Row } from '../../parts/Row.tsx';
import '../chain-facts.css';
import type { ChainParts } from '../chain-parts.ts';
import { RecentRow } from '../RecentRow.tsx';
import { stacksBlock, stacksHead } from './details-of.ts';
import { gradeTexts, stacksAssumed, stacksFieldTexts, stacksTexts as texts, stacksWords } from './stacks-words.ts';
import './stacks.css';
import { CycleReaders, StateReaders } from './StacksReaders.tsx';
import { TenureList } from './TenureList.tsx';
import { tenuresOf, tenureStarts } from './tenures.ts';
import { MARK_HEIGHT, WeightBar, WeightMark } from './WeightBar.tsx';

const keys = ['final', 'pending', 'reverted'] as const;

const weightUnder = (starts: ReadonlySet<number>): UnderBlock => ({
  height: MARK_HEIGHT,
  draw: ({ height, details }, x, y) => {
    const own = stacksHead(details);
    return own && <WeightMark x={x} y={y} weight={own.weight} starts={starts.has(height)} />;
  },
});

/** What the page shows of Stacks only: tenures, the signers' weight, the chain of signer sets, and what a state proof is asked for. */
export const stacksParts: ChainParts = {
  words: stacksWords,
  assumed: stacksAssumed,
  highestLevel: 'pinned',
  // On a narrow page the first column comes first: what a person asks for most.
  Reader: StateReaders,
  WideReader: CycleReaders,
  Overview: ({ head }) => {
    const latest = stacksHead(head.latest.details);
    if (!latest) return null;
    return (
      <dl className="chain-facts small" data-testid="stacks-overview">
        <Row title={texts.tenure}><code title={latest.tenure}>{shortHash(latest.tenure)}</code></Row>
        <Row title={texts.cycle}>{texts.cycleOf(latest.cycle)}</Row>
        <Row title={texts.bitcoin}>{texts.bitcoinTold(latest.burnHeight)}</Row>
        <Row title={texts.anchoring}>{texts.notVerified}</Row>
        <div className="weight-row">
          <dt>{texts.weight}</dt>
          <dd>{latest.weight ? <><WeightBar weight={latest.weight} /> {texts.weightOf(latest.weight)}</> : texts.noWeight}</dd>
        </div>
      </dl>
    );
  },
  Recent: ({ head, recent }) => {
    const tenures = tenuresOf(recent.main, head.final.height);
    return (
      <RecentRow alone recent={recent} finalHeight={head.final.height} keys={keys} legend={texts.legend} under={weightUnder(tenureStarts(tenures))}>
        <p className="small quiet">{texts.bars}</p>
        <TenureList tenures={tenures} />
      </RecentRow>
    );
  },
  BlockKind: ({ block }) => {
    const own = stacksBlock(block);
    return own && <p data-testid="grade"><strong>{gradeTexts[own.grade].name}.</strong> {gradeTexts[own.grade].text}</p>;
  },
  BlockFields: ({ block }) => {
    const own = stacksBlock(block);
    if (!own) return null;
    const field = (name: keyof typeof stacksFieldTexts) => ({ name, title: stacksFieldTexts[name][0], text: stacksFieldTexts[name][1] });
    return (
      <>
        <ExplainedField {...field('tenure')}><code>{own.tenure}</code></ExplainedField>
        <ExplainedField {...field('cycle')}>{formatNumber(own.cycle)}</ExplainedField>
        <ExplainedField {...field('burnHeight')}>{texts.bitcoinTold(own.burnHeight)}</ExplainedField>
        <ExplainedField {...field('weight')}>{own.weight ? <><WeightBar weight={own.weight} /> {texts.weightOf(own.weight)}</> : texts.noWeight}</ExplainedField>
        <ExplainedField {...field('signatures')}>{texts.signatures(own.signatures)}</ExplainedField>
        <ExplainedField {...field('minerKeyHash')}>{own.minerKeyHash === undefined ? texts.unknown : <code>{own.minerKeyHash}</code>}</ExplainedField>
        <ExplainedField {...field('stateRoot')}><code>{own.stateRoot}</code></ExplainedField>
        <ExplainedField {...field('transactionRoot')}><code>{own.transactionRoot}</code></ExplainedField>
        <ExplainedField {...field('burnSpent')}>{texts.satoshis(own.burnSpent)}</ExplainedField>
        <ExplainedField {...field('version')}>{texts.version(own.version)}</ExplainedField>
      </>
    );
  },
};
