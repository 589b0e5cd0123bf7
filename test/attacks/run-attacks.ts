import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Devnet } from '../../devnet/devnet.ts';
import type { RawPeer } from '../support/raw-peer-fixture.ts';
import { AttackWorld, type Attacker } from './attack-world.ts';
import { madeNodes } from './client-nodes.ts';
import type { Figures } from './figures.ts';
import type { NodeClientOptions } from '../support/node-client.ts';

/** Set for a run at full size, as in `npm run test:long`. The report is a file with one line of JSON per attack. */
const report = process.env['PETREL_ATTACKS_REPORT'];
export const long = report !== undefined;

/** Bytes that the client may hold because of an attack while it lasts. */
export const HEAP = 8_000_000;

/** One attack. It has its own attackers, and runs beside honest peers that make blocks. */
export interface Attack {
  readonly name: string;
  /** How often the attackers repeat their act, in `npm test` and at full size. */
  readonly size: { readonly short: number; readonly long: number };
  /** Default 1. */
  readonly attackers?: number;
  /** The attackers do not answer the client's handshake. */
  readonly silent?: boolean;
  /** Called for each attacker before the client starts. */
  readonly prepare?: (attacker: RawPeer, devnet: Devnet) => Promise<void> | void;
  /** Number of blocks made during the attack. The client must follow each before the next. Default 1. */
  readonly blocks?: number;
  /** Number of blocks that the client's head may be behind the network's during the attack; afterwards it must be equal. Default 0. */
  readonly lag?: number;
  /** Performs the attack at most `size` times. Resolves with the number of times. */
  act(attackers: readonly Attacker[], size: number, world: AttackWorld): Promise<number>;
  /** Bytes that the client may hold because of this attack while it lasts, if other than for most attacks. Default 8 MB. */
  readonly heap?: number;
  /** Streams that may be open per attacker. Default 192: as many as the client accepts, and 16 of its own. */
  readonly streams?: number;
  /** Why the client must end connections to the attackers, in alphabetical order. The figures are taken when it has. */
  readonly ends?: readonly string[];
  /** Further checks. */
  readonly verdict?: (figures: Figures, world: AttackWorld) => void | Promise<void>;
}

/**
 * Runs attacks one after the other in one world. After every attack, the client has the network's head, within the same number of
 * blocks; its three honest peers are live and not blamed; its memory is bounded. No check depends on time.
 */
export function runAttacks(title: string, attacks: readonly Attack[], client?: Partial<NodeClientOptions>): void {
  describe(`${title} (issue 11.12)`, () => {
    let world: AttackWorld;
    const owner: Attack[] = attacks.flatMap((attack) => Array.from({ length: attack.attackers ?? 1 }, () => attack));
    beforeAll(async () => {
      world = await AttackWorld.open({
        attackers: owner.length, client,
        silent: (index) => owner[index]?.silent === true,
        prepare: (raw, index, devnet) => owner[index]?.prepare?.(raw, devnet),
      }, () => madeNodes);
    });
    afterAll(() => world?.close());

    it.each(attacks.map((attack) => [attack.name, attack] as const))('%s', async (name, attack) => {
      const attackers = world.attackers.filter((_, index) => owner[index] === attack);
      const size = long ? attack.size.long : attack.size.short;
      await Promise.all(attackers.map((attacker) => attacker.nextConnection()));
      await world.begin();
      const [acts] = await Promise.all([attack.act(attackers, size, world), world.follow(attack.blocks ?? 1, attack.lag)]);
      // If the client was on another branch of the same length, the second block decides between the branches.
      await world.devnet.produce(attack.lag ?? 0);
      await world.follow(1);
      // The attack may be over before the client has read all of it.
      while (attackers.some(({ open }) => open) && attack.ends?.some((reason) => !world.reasons(attackers).includes(reason))) await nextTurn();
      const figures = await world.end(name, attackers, acts, size, attack.heap ?? HEAP);
      record(figures);
      expect(wrongIn(figures, attack)).toEqual([]);
      await attack.verdict?.(figures, world);
    });
  });
}

/** What must not be in the figures of an attack, in words, because the summary of a run shows only that. */
function wrongIn(figures: Figures, { attackers = 1, heap = HEAP, streams = 208, ends }: Attack): readonly string[] {
  const wrong = {
    'not at the network\'s head': figures.client !== figures.network,
    'honest peers banned': figures.wronged !== 0,
    'not all honest peers live': figures.live !== 3,
    'too much memory': figures.heap >= heap,
    'too many streams': figures.streams > streams * attackers,
    'too many connections': figures.connections > 2 * attackers,
    'other ends': ends !== undefined && figures.reasons.join(' ') !== ends.join(' '),
    'no attack took place': figures.acts === 0,
  };
  return Object.entries(wrong).flatMap(([what, is]) => (is ? [`${what}: ${JSON.stringify(figures)}`] : []));
}

/** Appends a line to the report, if there is one. */
export function record(figures: Figures): void {
  if (report) appendFileSync(report, `${JSON.stringify(figures)}\n`);
}

/** Waits for one turn of the event loop, in which socket events run. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

/** Repeats `step` until it was done `size` times or the client has closed the connection. Resolves with the number of times. */
export async function whileOpen(attacker: Attacker, size: number, step: (from: number, count: number) => void, perTurn = 500): Promise<number> {
  let done = 0;
  while (done < size && attacker.open) {
    const count = Math.min(perTurn, size - done);
    step(done, count);
    done += count;
    await nextTurn();
  }
  return done;
}
