import type { BlockErrorCode } from './codes.ts';

/**
 * What a refusal says about the peer that sent the block. `ban`: no honest peer sends it. `ignore`: an honest peer may, for it can have
 * another clock or another chain. `client-too-old`: the block may be fine, and it is we who cannot tell.
 */
export type Verdict = 'ban' | 'ignore' | 'client-too-old';

const mild: Partial<Record<BlockErrorCode, Verdict>> = {
  'unsupported-version': 'client-too-old',
  // Clocks differ; it may be acceptable in a moment.
  'timestamp-too-far-ahead': 'ignore',
  // These say that the block does not follow from our macro head, not that it is wrong: a peer ahead of us, or on another chain than the
  // one we took on trust, sends such blocks in good faith. The official client skips them without a ban. Albatross block reference, 6.4.
  'not-after-macro-head': 'ignore',
  'jumps-over-election-block': 'ignore',
  'wrong-parent-election-hash': 'ignore',
};

export function verdictOf(code: BlockErrorCode): Verdict {
  return mild[code] ?? 'ban';
}
