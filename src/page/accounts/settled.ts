import type { Answer } from '../../client/types.ts';
import type { KnownAnswer } from '../../react/answer-stores.ts';

/** The answer to show: the final one if the newest says the same, for then nothing of it can change; else the newest. */
export function settled<View>({ latest, final }: KnownAnswer<View>): Answer<View> | undefined {
  return latest && final && JSON.stringify(latest.value) === JSON.stringify(final.value) ? final : latest;
}
