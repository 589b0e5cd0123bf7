import { beforeEach, describe, expect, it } from 'vitest';
import { FakeChain, withPoisonedValidators } from '../../../test/support/fake-chain.ts';
import type { FakeBlock } from '../../../test/support/fake-chain.ts';
import { policyOf } from '../chain/policy.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import type { MacroBlock } from '../wire/types.ts';
import { ElectionWitnesses } from './election-witnesses.ts';

const chain = new FakeChain().growTo(712);
const other = new FakeChain(2).growTo(712);
let witnesses: ElectionWitnesses;
const say = (peer: string, { hash, block }: FakeBlock, subnet = peer) => witnesses.add({ peer, subnet, saidAt: 7, hash, block: block as MacroBlock });
beforeEach(() => {
  witnesses = new ElectionWitnesses(policyOf(unitAlbatross), 3);
});

describe('ElectionWitnesses', () => {
  it('has nothing to say about nothing', () => {
    expect(witnesses.decide(true)).toEqual({ kind: 'wait' });
  });

  it('agrees when three name the same block', () => {
    say('a', chain.at(584));
    say('b', chain.at(584));
    expect(witnesses.decide(false)).toEqual({ kind: 'wait' });
    say('c', chain.at(584));
    expect(witnesses.decide(false)).toMatchObject({ kind: 'agreed', hash: chain.at(584).hash, fewWitnesses: false, dissenting: [], witnesses: [{ peer: 'a', subnet: 'a', saidAt: 7 }, { peer: 'b' }, { peer: 'c' }] });
  });

  it('counts a subnet and a peer once', () => {
    say('a', chain.at(584), 'x');
    say('b', chain.at(584), 'x');
    say('b', chain.at(584), 'x');
    say('c', chain.at(584), 'y');
    expect(witnesses.decide(false)).toEqual({ kind: 'wait' });
    expect(witnesses.decide(true)).toMatchObject({ kind: 'agreed', fewWitnesses: true, witnesses: [{ peer: 'a' }, { peer: 'c' }] });
  });

  it('lets a neighbour stand for its parent, and asks it for a copy of that', () => {
    say('a', chain.at(584));
    say('b', chain.at(712));
    say('c', chain.at(712));
    const decision = witnesses.decide(false);
    expect(decision).toEqual({ kind: 'need-copy', hash: chain.at(584).hash, from: ['b', 'c'] });
    witnesses.addCopy(chain.at(584).hash, 'b', undefined);
    expect(witnesses.decide(false)).toMatchObject({ from: ['c'] });
    witnesses.addCopy(chain.at(584).hash, 'c', chain.at(584).block as MacroBlock);
    expect(witnesses.decide(false)).toMatchObject({ kind: 'agreed', hash: chain.at(584).hash, fewWitnesses: false });
  });

  it('prefers the newer of two blocks that have enough', () => {
    say('a', chain.at(584));
    for (const peer of ['b', 'c', 'd']) say(peer, chain.at(712));
    expect(witnesses.decide(false)).toMatchObject({ kind: 'agreed', hash: chain.at(712).hash });
  });

  it('goes with three against one, and with nobody in a draw', () => {
    for (const peer of ['a', 'b', 'c']) say(peer, chain.at(584));
    say('d', other.at(584));
    expect(witnesses.decide(false)).toMatchObject({ kind: 'agreed', hash: chain.at(584).hash });
    witnesses.remove('a');
    expect(witnesses.decide(false)).toEqual({ kind: 'wait' });
    expect(witnesses.decide(true)).toEqual({ kind: 'disagree' });
  });

  it('sees that an adjacent election block does not follow', () => {
    say('a', chain.at(584));
    say('b', other.at(712));
    expect(witnesses.decide(true)).toEqual({ kind: 'disagree' });
    witnesses.clear();
    say('a', chain.at(712));
    say('b', other.at(584));
    expect(witnesses.decide(true)).toEqual({ kind: 'disagree' });
  });

  it('does not mind a peer that is many epochs behind', () => {
    say('a', chain.at(328));
    say('b', chain.at(712));
    expect(witnesses.decide(true)).toMatchObject({ kind: 'agreed', hash: chain.at(712).hash, fewWitnesses: true, witnesses: [{ peer: 'b' }] });
  });

  it('believes the validator list that two give', () => {
    say('a', withPoisonedValidators(chain.at(584)));
    for (const peer of ['b', 'c', 'd']) say(peer, chain.at(584));
    const decision = witnesses.decide(false);
    expect(decision).toMatchObject({ kind: 'agreed', fewWitnesses: false, dissenting: ['a'], witnesses: [{ peer: 'b' }, { peer: 'c' }, { peer: 'd' }] });
    expect(decision.kind === 'agreed' && decision.block.header.validators).toEqual((chain.at(584).block as MacroBlock).header.validators);
  });

  it('waits for more when it is two lists against one', () => {
    for (const peer of ['a', 'b']) say(peer, withPoisonedValidators(chain.at(584)));
    say('c', chain.at(584));
    expect(witnesses.decide(false)).toEqual({ kind: 'wait' });
    expect(witnesses.decide(true)).toMatchObject({ kind: 'agreed', dissenting: ['c'], fewWitnesses: true });
    for (const peer of ['d', 'e']) say(peer, chain.at(584));
    expect(witnesses.decide(false)).toMatchObject({ kind: 'agreed', dissenting: ['a', 'b'], fewWitnesses: false });
  });

  it('leaves it to the blocks that follow which of two lists with one supporter each is true', () => {
    say('a', withPoisonedValidators(chain.at(584)));
    say('b', chain.at(584));
    expect(witnesses.decide(false)).toEqual({ kind: 'wait' });
    expect(witnesses.decide(true)).toMatchObject({ kind: 'agreed', fewWitnesses: true, dissenting: [], witnesses: [{ peer: 'a' }, { peer: 'b' }] });
  });

  it('takes genesis at once: nothing is trusted there', () => {
    say('a', chain.at(200));
    expect(witnesses.decide(false)).toMatchObject({ kind: 'agreed', hash: unitAlbatross.genesisHash, fewWitnesses: false });
    say('b', chain.at(584));
    expect(witnesses.decide(false)).toEqual({ kind: 'wait' });
  });

  it('stays bounded', () => {
    for (let i = 0; i < 500; i += 1) say(`peer${i}`, chain.at(584));
    expect(witnesses.size).toBe(64);
  });
});
