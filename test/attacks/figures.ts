/** What one attack came to. */
export interface Figures {
  readonly attack: string;
  /** How often the attacker did what it does. */
  readonly acts: number;
  /** How often it wanted to. */
  readonly of: number;
  /** Heights of the heads when it was over. */
  readonly network: number;
  readonly client: number;
  /** Bytes from and to the attackers, as their sockets count them. */
  readonly received: number;
  readonly sent: number;
  /** Bytes in use after a collection, less those before; attackers and network live in the same process, so it is an upper bound. */
  readonly heap: number;
  /** Streams and connections between the client and the attackers, before these end. */
  readonly streams: number;
  readonly connections: number;
  /** Verification jobs that the client did. */
  readonly jobs: number;
  /** Attackers that are banned; honest peers that are. */
  readonly banned: number;
  readonly wronged: number;
  /** Honest peers that are live. */
  readonly live: number;
  /** Why the client closed connections to attackers. */
  readonly reasons: readonly string[];
  /** Milliseconds between two turns of the event loop, which all share: for information. */
  readonly longestTurn: number;
}
