import type { MolochMessage } from '../../src/chains/moloch/wire/frame.ts';

/** A message that a client sent to a node, as the network saw it. */
export interface LoggedMessage {
  readonly node: number;
  /** Counts the connections to all nodes, from 1 on. */
  readonly connection: number;
  /** The client's node key. */
  readonly client: string;
  readonly kind: MolochMessage['kind'];
  /** Of requests for ranges, snapshots and proofs, and of statuses. */
  readonly start?: number;
  readonly count?: number;
  readonly height?: number | undefined;
  readonly index?: number;
}

/** Messages that are kept. At the bound the oldest are dropped. */
const MAX_MESSAGES = 100_000;

/** What clients asked, in the order of arrival: tests judge a client by it. */
export class RequestLog {
  readonly #messages: LoggedMessage[] = [];

  get all(): readonly LoggedMessage[] {
    return this.#messages;
  }

  add(node: number, connection: number, client: string, message: MolochMessage): void {
    const { start, count, height, index } = message as { readonly start?: number; readonly count?: number; readonly height?: number | undefined; readonly index?: number };
    this.#messages.push({
      node,
      connection,
      client,
      kind: message.kind,
      ...(start === undefined ? {} : { start }),
      ...(count === undefined ? {} : { count }),
      ...(height === undefined ? {} : { height }),
      ...(index === undefined ? {} : { index }),
    });
    if (this.#messages.length > MAX_MESSAGES) this.#messages.shift();
  }

  /** The messages of one kind: a short way to compare a log with a diagram. */
  of(...kinds: readonly MolochMessage['kind'][]): readonly LoggedMessage[] {
    return this.#messages.filter(({ kind }) => kinds.includes(kind));
  }

  clear(): void {
    this.#messages.length = 0;
  }
}
