import { describe, expect, it } from 'vitest';
import { OwnerJudge } from '../e2e/support/chaos/owner-judge.ts';
import { hosts, MAX_TABS, PEERS, planChaos } from '../e2e/support/chaos/plan.ts';

describe('the chaos test', () => {
  it.each(hosts)('has the same actions for the same seed on the %s host, and other actions for another seed', (host) => {
    const plan = planChaos('a', 200, host);
    expect(planChaos('a', 200, host)).toEqual(plan);
    expect(planChaos('b', 200, host)).not.toEqual(plan);
    expect(new Set(plan.map((action) => action.do)).size).toBe(13);
  });

  it.each(hosts)('limits actions on the %s host to what exists there, and stays within its bounds', (host) => {
    const wrong: string[] = [];
    for (let seed = 0; seed < 50; seed++) {
      const tabs = new Map<number, boolean>();
      const stopped = new Set<number>();
      for (const action of planChaos(String(seed), 100, host)) {
        if (action.do === 'open') tabs.set(action.tab, false);
        else if ('tab' in action && !tabs.has(action.tab)) wrong.push(`${seed}: no tab ${action.tab} to ${action.do}`);
        if (action.do === 'close') tabs.delete(action.tab);
        if (action.do === 'freeze') tabs.set(action.tab, true);
        if (action.do === 'thaw') {
          if (!tabs.get(action.tab)) wrong.push(`${seed}: tab ${action.tab} is not frozen`);
          tabs.set(action.tab, false);
        }
        if (action.do === 'stop') stopped.add(action.peer);
        if (action.do === 'start') stopped.delete(action.peer);
        if (tabs.size > MAX_TABS || PEERS - stopped.size < 3) wrong.push(`${seed}: ${tabs.size} tabs, ${stopped.size} peers stopped`);
        if (action.do === 'judge' && ![...tabs.values()].includes(false)) wrong.push(`${seed}: nobody is awake`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has a judge that sees every write by a hub that is not the owner', () => {
    const judge = new OwnerJudge();
    expect(judge.judge({ total: 3, entries: [['grant', 'a'], ['write', 'a'], ['grant', 'b']] })).toEqual([]);
    expect(judge.judge({ total: 5, entries: [['grant', 'b'], ['release', 'a'], ['write', 'b']] })).toEqual([]);
    expect(judge.judge({ total: 6, entries: [['write', 'b'], ['write', 'a']] })).toEqual(['a write of a while b is the owner (grant 2)']);
    expect(judge.judge({ total: 8, entries: [['release', 'b'], ['write', 'b']] })).toEqual(['a write of b while nobody is the owner (grant 2)']);
    expect(judge.judge({ total: 20, entries: [['write', 'b']] })).toEqual(['12 entries since the last look, 1 kept']);
  });
});
