import { beforeEach, describe, expect, it } from 'vitest';
import { FakeChain, withPoisonedValidators } from '../../../../../test/support/fake-chain.ts';
import type { FakeBlock } from '../../../../../test/support/fake-chain.ts';
import { policyOf } from '../../chain/policy-of.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import type { MacroBlock } from '../../wire/types.ts';
import { ElectionWitnesses } from './election-witnesses.ts';

const chain = new FakeChain().growTo(712);
const other = new FakeChain(2).growTo(712);
const long = new FakeChain().growTo(200 + 128 * 80);
const electionOf = (epoch: number) => 200 + 128 * epoch;
let witnesses: ElectionWitnesses;
const say = (peer: string, { hash, block }: FakeBlock, subnet = peer) => witnesses.add({ peer, subnet, saidAt: 7, hash, block: block as MacroBlock });
const decide = (waited: boolean, highest = Infinity) => witnesses.decide(waited, highest);
/** The decision when the peers show all blocks between. */
const decideShown = (...chains: readonly FakeChain[]) => {
  for (;;) {
    const decision = decide(true);
    if (decision.kind !== 'need-link') return decision;
    witnesses.addLink(decision.hash, chains.map((shown) => shown.byHash(decision.hash)?.block).find((block) => block !== undefined) as MacroBlock | undefined);
  }
};
beforeEach(() => {
  witnesses = new ElectionWitnesses(policyOf(unitAlbatross), 3);
});

describe('ElectionWitnesses', () => {
  it('waits without witnesses', () => {
    expect(decide(true)).toEqual({ kind: 'wait' });
  });

  it('agrees when three peers name the same block', () => {
    say('a', chain.at(584));
    say('b', chain.at(584));
    expect(decide(false)).toEqual({ kind: 'wait' });
    say('c', chain.at(584));
    expect(decide(false)).toMatchObject({ kind: 'agreed', hash: chain.at(584).hash, fewWitnesses: false, dissenting: [], witnesses: [{ peer: 'a', subnet: 'a', saidAt: 7 }, { peer: 'b' }, { peer: 'c' }] });
  });

  it('counts a subnet and a peer once', () => {
    say('a', chain.at(584), 'x');
    say('b', chain.at(584), 'x');
    say('b', chain.at(584), 'x');
    say('c', chain.at(584), 'y');
    expect(decide(false)).toEqual({ kind: 'wait' });
    expect(decide(true)).toMatchObject({ kind: 'agreed', fewWitnesses: true, witnesses: [{ peer: 'a' }, { peer: 'c' }] });
  });

  it('counts a later election block for its parent, and asks that peer for a copy of the parent', () => {
    say('a', chain.at(584));
    say('b', chain.at(712));
    say('c', chain.at(712));
    const decision = decide(false);
    expect(decision).toEqual({ kind: 'need-copy', hash: chain.at(584).hash, from: ['b', 'c'] });
    witnesses.addCopy(chain.at(584).hash, 'b', undefined);
    expect(decide(false)).toMatchObject({ from: ['c'] });
    witnesses.addCopy(chain.at(584).hash, 'c', chain.at(584).block as MacroBlock);
    expect(decide(false)).toMatchObject({ kind: 'agreed', hash: chain.at(584).hash, fewWitnesses: false });
  });

  it('prefers the newer of two blocks with enough witnesses', () => {
    say('a', chain.at(584));
    for (const peer of ['b', 'c', 'd']) say(peer, chain.at(712));
    expect(decide(false)).toMatchObject({ kind: 'agreed', hash: chain.at(712).hash });
  });

  it('follows three against one, and decides nothing in a draw', () => {
    for (const peer of ['a', 'b', 'c']) say(peer, chain.at(584));
    say('d', other.at(584));
    expect(decide(false)).toMatchObject({ kind: 'agreed', hash: chain.at(584).hash });
    witnesses.remove('a');
    expect(decide(false)).toEqual({ kind: 'wait' });
    expect(decide(true)).toEqual({ kind: 'disagree' });
  });

  it('notices that an adjacent election block does not follow', () => {
    say('a', chain.at(584));
    say('b', other.at(712));
    expect(decide(true)).toEqual({ kind: 'disagree' });
    witnesses.clear();
    say('a', chain.at(712));
    say('b', other.at(584));
    expect(decide(true)).toEqual({ kind: 'disagree' });
  });

  it('ignores a peer that is many epochs behind, once enough agree', () => {
    say('a', chain.at(328));
    say('b', chain.at(712));
    for (const peer of ['c', 'd']) say(peer, chain.at(712));
    expect(decide(false)).toMatchObject({ kind: 'agreed', hash: chain.at(712).hash, fewWitnesses: false, witnesses: [{ peer: 'b' }, { peer: 'c' }, { peer: 'd' }] });
  });

  it('ignores a peer at genesis, because every chain follows from there', () => {
    say('a', chain.at(200));
    say('b', chain.at(712));
    expect(decide(true)).toMatchObject({ kind: 'agreed', hash: chain.at(712).hash, fewWitnesses: true, witnesses: [{ peer: 'b' }] });
  });

  it('issue 11.1: trusts no peer against another whose block cannot be related to its own, whatever their heights', () => {
    for (const [one, two] of [[712, 328], [328, 712], [456, 712]] as const) {
      for (const subnet of ['name:a.example', '9.9.9.0/24']) {
        witnesses.clear();
        say('liar', other.at(one), subnet);
        for (const peer of ['a', 'b', 'c']) say(peer, chain.at(two), `name:${peer}.test`);
        expect(decide(false)).toEqual({ kind: 'wait' });
        expect(decideShown(chain, other)).toEqual({ kind: 'disagree' });
      }
    }
  });

  it('issue 11.1: relates blocks that are epochs apart by the blocks between them, and in a draw takes the lower one', () => {
    for (const height of [328, 456, 584]) say(`at${height}`, chain.at(height));
    expect(decide(true)).toEqual({ kind: 'need-copy', hash: chain.at(328).hash, from: ['at456'] });
  });

  it('issue 11: relates a peer that is epochs behind to the others by the blocks between, and takes the lower block', () => {
    say('behind', long.at(electionOf(3)), 'x');
    say('a', long.at(electionOf(40)));
    say('b', long.at(electionOf(40)));
    expect(decide(false)).toEqual({ kind: 'wait' });
    const shown: number[] = [];
    let decision = decide(true);
    for (; decision.kind === 'need-link'; decision = decide(true)) {
      expect(decision.from).toEqual(['a', 'b']);
      const { block, height } = long.byHash(decision.hash)!;
      shown.push((height - 200) / 128);
      witnesses.addLink(decision.hash, block as MacroBlock);
    }
    // By the interlinks; no block is requested twice.
    expect(shown).toEqual([32, 16, 8, 4]);
    expect(decision).toMatchObject({ kind: 'agreed', hash: long.at(electionOf(3)).hash, fewWitnesses: true, witnesses: [{ peer: 'behind' }] });
  });

  it('issue 11: a block on no other chain, one that no peer shows, or one too far behind, is a disagreement', () => {
    const say2 = (low: FakeBlock) => {
      witnesses.clear();
      say('behind', low, 'x');
      say('a', long.at(electionOf(80)));
    };
    say2(long.at(electionOf(15)));
    expect(decide(true)).toEqual({ kind: 'disagree' });
    say2(other.at(584));
    witnesses.remove('a');
    say('a', long.at(electionOf(4)));
    const missing = decide(true);
    // The newer block names another block in its place.
    expect(missing).toEqual({ kind: 'disagree' });
    say2(long.at(electionOf(20)));
    const decision = decide(true);
    if (decision.kind !== 'need-link') throw new Error(decision.kind);
    witnesses.addLink(decision.hash, undefined);
    expect(decide(true)).toEqual({ kind: 'disagree' });
  });

  it("issue 11: many peers with a made-up block epochs above an honest peer's block do not outvote that peer", () => {
    const made = long.fork(electionOf(10), 9).growTo(electionOf(20));
    say('honest', long.at(electionOf(8)), 'name:b.test');
    for (const peer of ['a', 'b', 'c']) say(peer, made.at(electionOf(20)), `name:${peer}.example`);
    expect(decideShown(made)).toMatchObject({ kind: 'agreed', hash: long.at(electionOf(8)).hash });
  });

  it('issue 11.1: does not prefer a made-up block on top of a block that others name', () => {
    say('liar', chain.fork(584, 9).growTo(712).at(712), 'name:a.example');
    say('honest', chain.at(584), 'name:b.test');
    expect(decide(true)).toMatchObject({ kind: 'need-copy', hash: chain.at(584).hash });
  });

  it('issue 11.1: trusts no peer with a height that time does not allow', () => {
    for (const peer of ['a', 'b', 'c']) say(peer, other.at(712));
    expect(decide(false, 711)).toEqual({ kind: 'wait' });
    expect(decide(true, 711)).toEqual({ kind: 'disagree' });
    expect(decide(true, 712)).toMatchObject({ kind: 'agreed', hash: other.at(712).hash });
    for (const peer of ['d', 'e', 'f']) say(peer, chain.at(584));
    expect(decide(false, 711)).toMatchObject({ kind: 'agreed', hash: chain.at(584).hash });
  });

  it('trusts the validator list that two witnesses give', () => {
    say('a', withPoisonedValidators(chain.at(584)));
    for (const peer of ['b', 'c', 'd']) say(peer, chain.at(584));
    const decision = decide(false);
    expect(decision).toMatchObject({ kind: 'agreed', fewWitnesses: false, dissenting: ['a'], witnesses: [{ peer: 'b' }, { peer: 'c' }, { peer: 'd' }] });
    expect(decision.kind === 'agreed' && decision.block.header.validators).toEqual((chain.at(584).block as MacroBlock).header.validators);
  });

  it('waits for more witnesses when two have one list and one has another', () => {
    for (const peer of ['a', 'b']) say(peer, withPoisonedValidators(chain.at(584)));
    say('c', chain.at(584));
    expect(decide(false)).toEqual({ kind: 'wait' });
    expect(decide(true)).toMatchObject({ kind: 'agreed', dissenting: ['c'], fewWitnesses: true });
    for (const peer of ['d', 'e']) say(peer, chain.at(584));
    expect(decide(false)).toMatchObject({ kind: 'agreed', dissenting: ['a', 'b'], fewWitnesses: false });
  });

  it('leaves two lists with one supporter each to the following blocks', () => {
    say('a', withPoisonedValidators(chain.at(584)));
    say('b', chain.at(584));
    expect(decide(false)).toEqual({ kind: 'wait' });
    expect(decide(true)).toMatchObject({ kind: 'agreed', fewWitnesses: true, dissenting: [], witnesses: [{ peer: 'a' }, { peer: 'b' }] });
  });

  it('takes genesis at once, because that needs no trust', () => {
    say('a', chain.at(200));
    expect(decide(false)).toMatchObject({ kind: 'agreed', hash: unitAlbatross.genesisHash, fewWitnesses: false });
    say('b', chain.at(584));
    expect(decide(false)).toEqual({ kind: 'wait' });
  });

  it('stays bounded', () => {
    for (let i = 0; i < 500; i += 1) say(`peer${i}`, chain.at(584));
    expect(witnesses.size).toBe(64);
  });
});
