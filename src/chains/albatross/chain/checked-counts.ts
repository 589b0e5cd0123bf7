/** What of Albatross was verified since the anchor. It is stored, and shown to pages, as this plain object. A type and not an interface, so that it is a `CheckedCounts`. */
export type AlbatrossCounts = {
  readonly electionBlocks: number;
  readonly checkpoints: number;
  readonly microBlocks: number;
  /** Aggregate signatures of macro blocks. */
  readonly justifications: number;
  /** Zero-knowledge proofs. */
  readonly proofs: number;
  /** As in `CheckedCounts`. */
  readonly milliseconds: number;
};

export const nothingChecked: AlbatrossCounts = { electionBlocks: 0, checkpoints: 0, microBlocks: 0, justifications: 0, proofs: 0, milliseconds: 0 };
