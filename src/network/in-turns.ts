import { createTurnTaker } from '../base/yield-turn.ts';

/** Pieces that are handled in one turn of the event loop. */
const PIECES = 4;
const turns = createTurnTaker();

/**
 * Passes pieces on, a few in each turn of the event loop. Otherwise all pieces that have come would be handled in one task, and everything
 * else would wait.
 */
export function inTurns(onPiece: (piece: Uint8Array) => void, onError: (error: Error) => void): (piece: Uint8Array) => void {
  const waiting: Uint8Array[] = [];
  let passed = 0;
  const pass = (piece: Uint8Array): void => {
    passed += 1;
    if (passed === PIECES) void turns.turn().then(next);
    onPiece(piece);
  };
  const next = (): void => {
    passed = 0;
    try {
      for (const piece of waiting.splice(0, PIECES)) pass(piece);
    } catch (error) {
      waiting.length = 0;
      onError(error as Error);
    }
  };
  return (piece) => {
    if (passed < PIECES && waiting.length === 0) pass(piece);
    else waiting.push(piece);
  };
}
