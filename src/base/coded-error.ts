/** Values that explain an error: what was expected, what came. */
export type ErrorData = Readonly<Record<string, string | number>>;

const noData: ErrorData = Object.freeze({});

/**
 * The base of all errors with a code. The code says what happened, and `data` has its values: texts are made from both. The message is for
 * people who debug.
 *
 * Every class states its `name` as a literal, because bundlers shorten the names of classes. Structured clone keeps neither the class nor
 * these fields: between threads an error travels as the plain value of `bridge/errors.ts`.
 */
export abstract class CodedError<Code extends string = string> extends Error {
  abstract override readonly name: string;
  readonly code: Code;
  readonly data: ErrorData;

  constructor(code: Code, message: string, data: ErrorData = noData, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.data = data;
  }
}

/** The code of an error of any class, ours or not; `internal` for an error without a code, and for what is no error. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
}
