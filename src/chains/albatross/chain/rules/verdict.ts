import type { BlockErrorCode } from './codes.ts';

/**
 * What a refusal says about the peer that sent the block. `ban`: no honest peer sends it. `ignore`: an honest peer with another clock or
 * another chain may send it. `client-too-old`: the block may be fine, but this client cannot judge it.
 */
export type Verdict = 'ban' | 'ignore' | 'client-too-old';

const mild: Partial<Record<BlockErrorCode, Verdict>> = {
  'unsupported-version': 'client-too-old',
  // Clocks differ; the block may be acceptable a moment later.
  'timestamp-too-far-ahead': 'ignore',
  // These say only that the block does not follow from our macro head. A peer ahead of us, or on another chain than the one we took on
  // trust, sends such blocks in good faith. The official client skips them without a ban. Albatross block reference, 6.4.
  'not-after-macro-head': 'ignore',
  'jumps-over-election-block': 'ignore',
  'wrong-parent-election-hash': 'ignore',
};

export function verdictOf(code: BlockErrorCode): Verdict {
  return mild[code] ?? 'ban';
}
