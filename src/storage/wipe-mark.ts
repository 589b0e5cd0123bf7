/**
 * A mark that a database is to be emptied before anything in it is read: for a wipe that could not reach it. The mark is a database of its own with the name
 * of the other one and `/wiped`, which is there or not: it can mostly be made where the other one has no room, is locked, or has a newer schema.
 * @module
 */
import { deleteDB, openDB } from 'idb';

/** Milliseconds that the browser may take for it; a wipe and a start wait for it. */
const DEADLINE = 2_000;

const nameOf = (database: string): string => `${database}/wiped`;

/** Makes the mark. False: it could not be made, so that a wipe counts for this run only. */
export function markForWipe(database: string): Promise<boolean> {
  return inTime(async () => openDB(nameOf(database), 1).then((made) => (made.close(), true)));
}

/** Whether there is a mark. It is not made by asking. */
export function isMarkedForWipe(database: string): Promise<boolean> {
  const open = async () => openDB(nameOf(database), 1, {
    upgrade(_made, _before, _after, transaction) {
      transaction.done.catch(() => undefined);
      transaction.abort();
    },
  });
  return inTime(async () => open().then((found) => (found.close(), true)));
}

/** Takes the mark away. False: it stays. */
export function unmarkForWipe(database: string): Promise<boolean> {
  return inTime(async () => deleteDB(nameOf(database)).then(() => true));
}

/** False if it fails, or takes too long. */
async function inTime(work: () => Promise<boolean>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), DEADLINE)));
  try {
    return await Promise.race([work(), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
