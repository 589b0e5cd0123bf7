import { CodedError } from '../base/coded-error.ts';

/** `store-ahead`: the database has a chain that reaches above ours; a client that works in memory goes back to it when its own has come as far. `data.height`: where it ends. */
export class StoreAheadError extends CodedError<'store-ahead'> {
  override readonly name = 'StoreAheadError';
  constructor(height: number, tip: number) {
    super('store-ahead', `the database reaches ${height}, we are at ${tip}`, { height, tip });
  }
}
