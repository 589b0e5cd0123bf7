/** The measured result of one attack. */
export interface Figures {
  readonly attack: string;
  /** How often the attacker repeated its act. */
  readonly acts: number;
  /** How often it meant to. */
  readonly of: number;
  /** Heights of the two heads at the end. */
  readonly network: number;
  readonly client: number;
  /** Bytes from and to the attackers, as their sockets count them. */
  readonly received: number;
  readonly sent: number;
  /**
   * Bytes in use after a garbage collection, minus those before the attack. An upper bound, because attackers and network run in
   * the same process.
   */
  readonly heap: number;
  /** Streams and connections between the client and the attackers at the end of the attack, before they are closed. */
  readonly streams: number;
  readonly connections: number;
  /** Number of verification jobs of the client. */
  readonly jobs: number;
  /** Number of banned attackers, and of banned honest peers. */
  readonly banned: number;
  readonly wronged: number;
  /** Number of live honest peers. */
  readonly live: number;
  /** The client's reasons for closing connections to attackers. */
  readonly reasons: readonly string[];
  /** Milliseconds between two event loop turns of the shared process; for information only. */
  readonly longestTurn: number;
}
