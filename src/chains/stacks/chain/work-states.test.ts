import { describe, expect, it } from 'vitest';
import { chainA } from '../../../../test/support/stacks-vectors.ts';
import { machinesOf, nextWorkState, supportOf, workStateAfterHint, type WorkState } from './work-states.ts';

describe('PeerNetworkWorkState', () => {
  it('goes round in its order, and a hint jumps from BlockInvSync to BlockDownload only', () => {
    const trace: WorkState[] = ['GetPublicIP'];
    while (trace.length < 6) trace.push(nextWorkState(trace.at(-1)!));
    expect(trace).toEqual(['GetPublicIP', 'BlockInvSync', 'BlockDownload', 'AntiEntropy', 'Prune', 'GetPublicIP']);
    expect(trace.map(workStateAfterHint)).toEqual(['GetPublicIP', 'BlockDownload', 'BlockDownload', 'AntiEntropy', 'Prune', 'GetPublicIP']);
  });

  it('says what a light client does not do, and why', () => {
    expect(supportOf('GetPublicIP', { servesPeers: true })).toEqual({ supported: false, code: 'unsupported', reason: 'listens-nowhere' });
    expect(supportOf('AntiEntropy', { servesPeers: false })).toEqual({ supported: false, code: 'unsupported', reason: 'serves-nobody' });
    for (const state of ['BlockInvSync', 'BlockDownload', 'Prune'] as const) expect(supportOf(state, { servesPeers: false })).toEqual({ supported: true });
    expect(supportOf('AntiEntropy', { servesPeers: true })).toEqual({ supported: true });
  });
});

describe('the transition to Nakamoto (edge 1)', () => {
  it('runs both machines until the tip is a Nakamoto block, so that no height is without one', () => {
    const firstNakamoto = chainA.headers[0]!.height;
    const runs = chainA.sortitions.map((it) => machinesOf({ burnHeight: it.height, isNakamotoBlock: it.canonical_stacks_tip_height >= firstNakamoto }, 42));
    expect(runs.slice(0, 42).every(({ epoch2, nakamoto }) => epoch2 && !nakamoto)).toBe(true);
    expect(runs[42]).toEqual({ epoch2: true, nakamoto: true });
    expect(runs.slice(43).every(({ epoch2, nakamoto }) => !epoch2 && nakamoto)).toBe(true);
  });
});
