import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { StoreReturn } from './store-return.ts';

/** Attempts that fail with the codes of `failures` and then succeed. */
function setup(...failures: string[]) {
  const clock = new ManualClock();
  const begun = clock.monotonic();
  const tries: number[] = [];
  const failed: string[] = [];
  const returning = new StoreReturn({
    clock,
    attempt: async () => {
      tries.push((clock.monotonic() - begun) / 1_000);
      const code = failures.shift();
      if (code !== undefined) throw Object.assign(new Error(code), { code });
    },
    onFailed: (code) => failed.push(code),
  });
  const advance = async (seconds: number) => {
    const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
    await settled();
    for (; seconds > 0; seconds--) {
      clock.advance(1_000);
      await settled();
    }
  };
  return { clock, tries, failed, returning, advance };
}

describe('StoreReturn', () => {
  it('tries with back-off until it works, and then stops', async () => {
    const { clock, tries, failed, returning, advance } = setup(...Array.from({ length: 8 }, () => 'quota'));
    returning.begin();
    returning.begin();
    await advance(1_300);
    expect(tries).toEqual([5, 15, 35, 75, 155, 315, 615, 915, 1215]);
    expect(failed).toHaveLength(8);
    expect(clock.waiting).toBe(0);
  });

  it('tries at once when an attempt is likely to work, and starts anew when asked again', async () => {
    const { tries, returning, advance } = setup('no-answer');
    returning.begin();
    returning.begin(true);
    await advance(5);
    expect(tries).toEqual([0, 5]);
    returning.begin();
    await advance(5);
    expect(tries).toEqual([0, 5, 10]);
  });

  it.each(['stale-owner', 'schema-from-the-future', 'closed'])('does not try again after `%s`', async (code) => {
    const { clock, tries, returning } = setup(code);
    returning.begin(true);
    await returning.stop();
    expect(tries).toEqual([0]);
    expect(clock.waiting).toBe(0);
  });

  it('stops', async () => {
    const { clock, tries, returning } = setup();
    returning.begin();
    await returning.stop();
    returning.begin(true);
    expect(clock.waiting).toBe(0);
    expect(tries).toEqual([]);
  });
});
