import { textOf } from './code-texts.ts';

/** Message for an error that cannot even be read. */
const unreadable = 'an error that says nothing';

export interface ProblemFacts {
  readonly code: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/**
 * The code and data of any thrown value: one of our errors, a `DOMException` (whose `code` is a number), a string, or nothing at all. Never
 * throws, so that every error can be displayed.
 */
export function problemOf(thrown: unknown): ProblemFacts {
  try {
    return factsOf(thrown);
  } catch {
    return { code: 'unexpected', data: { message: unreadable } };
  }
}

function factsOf(thrown: unknown): ProblemFacts {
  const fields = typeof thrown === 'object' && thrown !== null ? (thrown as { readonly code?: unknown; readonly data?: unknown }) : {};
  // Browsers throw this from locks, workers and databases if the user blocks site data.
  if (thrown instanceof DOMException && thrown.name === 'SecurityError') return { code: 'site-data-blocked', data: {} };
  if (typeof fields.code !== 'string') return { code: 'unexpected', data: { message: messageOf(thrown) } };
  const data = typeof fields.data === 'object' && fields.data !== null ? Object.entries(fields.data) : [];
  return { code: fields.code, data: Object.fromEntries(data.filter((entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number')) };
}

/** The error's text for display: by its code if it has one. */
export function errorText(thrown: unknown): string {
  const { code, data } = problemOf(thrown);
  return textOf(code, data);
}

function messageOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return unreadable;
  }
}
