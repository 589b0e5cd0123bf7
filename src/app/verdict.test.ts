import { expect, it } from 'vitest';
import { FakeChain, fakeDraw, fakeVerify } from '../../test/support/fake-chain.ts';
import { LightChain } from '../chains/albatross/chain/light-chain.ts';
import { unitAlbatross } from '../chains/albatross/chain/networks/unit-albatross.ts';
import type { TrustLevel, TrustRecord } from '../client/types.ts';
import { Evidence, genesisAnchor } from '../chains/albatross/client/evidence.ts';
import { headOf } from '../chains/albatross/client/block-views.ts';
import { settingDefinitions } from '../engine/settings.ts';
import { assumptionsOf } from '../page/assumptions.ts';
import { textOf } from '../page/code-texts.ts';
import { provenByProof, texts, trustTexts } from '../page/texts.ts';

type Anchor = TrustRecord['anchor'];

const witness = { peer: 'p', subnet: '10.0.0.0/24', saidAt: 0 };
const anchors: Readonly<Record<string, (genesis: Anchor) => Anchor>> = {
  genesis: (genesis) => genesis,
  'a proof': (genesis) => ({ ...genesis, proof: { height: genesis.height, hash: genesis.hash } }),
  'what is stored': (genesis) => ({ ...genesis, unchecked: true }),
  'a pinned block': (genesis) => ({ ...genesis, kind: 'pinned' }),
  witnesses: (genesis) => ({ ...genesis, kind: 'witnesses', witnesses: [witness] }),
  nothing: (genesis) => ({ ...genesis, kind: 'witnesses' }),
};

/** The report of a client with a chain of five blocks after a checkpoint, on this anchor. */
async function shown(anchorOf: (genesis: Anchor) => Anchor, keysProven: boolean) {
  const fake = new FakeChain().growTo(237);
  const chain = new LightChain({ network: unitAlbatross, verify: fakeVerify, draw: fakeDraw, clock: { now: () => fake.head.block.header.timestamp + 100_000 } });
  for (let height = 201; height <= 237; height += 1) await chain.push(fake.at(height).block);
  const { record } = new Evidence(chain, anchorOf(genesisAnchor(chain)));
  const { genesis, head, macroHead, policy } = chain;
  return { record, head: headOf({ genesis, head, macroHead, policy, pendingProven: keysProven, unbuiltFrom: undefined }, record.level, true) };
}

for (const [name, anchorOf] of Object.entries(anchors)) {
  it.each([true, false])(`on ${name}, signing keys proven: %s: the sentence says the same as the record`, async (keysProven) => {
    const { record, head } = await shown(anchorOf, keysProven);
    const sentence = record.level === 'proven' && record.anchor.proof ? provenByProof : trustTexts[record.level].text;
    const assumed = assumptionsOf(record, head);
    // Only final blocks that are proven get the words "No peer had to be trusted".
    expect(sentence.includes('No peer had to be trusted')).toBe(head.final.trust === 'proven');
    expect(sentence.includes('No peer had to be trusted for it')).toBe(false);
    expect(!assumed.includes('signing-keys') || sentence.includes('final')).toBe(true);
    expect(assumed.includes('everything')).toBe(record.level === 'claimed');
    // A stored chain has its own sentence.
    expect(record.anchor.unchecked === true || /witnesses/.test(sentence) === assumed.includes('witnesses')).toBe(true);
  });
}

it('the sentence names only levels that the chain has had', () => {
  expect(Object.entries(texts.rungPlaces).flatMap(([place, text]) => (/passed|stood/i.test(text) ? [place] : []))).toEqual(['before']);
});

it('levels have the names of the settings', () => {
  for (const level of settingDefinitions.trustAtLeast.values as readonly TrustLevel[]) expect(trustTexts[level].title.toLowerCase()).toContain(level);
  expect(textOf('trust-too-low', { level: 'witnessed', wanted: 'proven' })).toContain('Witnessed');
});
