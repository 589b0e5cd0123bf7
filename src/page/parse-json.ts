/** Levels of lists and objects in a network file: the deepest value has three, so there is room for fields of later releases. */
const MAX_DEPTH = 16;

/** Why a text is no JSON object that can be used. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly code: 'not-json' | 'too-deep' | 'no-parameters';
  constructor(code: JsonError['code']) {
    super(code);
    this.code = code;
  }
}

/**
 * Reads a text from outside as a JSON object. Its depth is measured before it is parsed: what parses, copies to another thread or prints a
 * deep value calls itself for each level, and runs out of stack.
 * @throws JsonError
 */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> {
  if (depthOf(text) > MAX_DEPTH) throw new JsonError('too-deep');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new JsonError('not-json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new JsonError('no-parameters');
  return value as Readonly<Record<string, unknown>>;
}

/** The greatest number of brackets that are open at once, outside of texts. */
function depthOf(text: string): number {
  let [depth, most, quoted] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted && char === '\\') at += 1;
    else if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === '[' || char === '{') most = Math.max(most, (depth += 1));
    else if (char === ']' || char === '}') depth -= 1;
  }
  return most;
}
