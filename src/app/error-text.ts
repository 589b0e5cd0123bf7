import { textOf } from './texts.ts';

/** What went wrong, for people: by its code where it has one. */
export function errorText(error: unknown): string {
  const { code, data } = error as { code?: string; data?: Readonly<Record<string, string | number>> };
  return textOf(code ?? 'unexpected', data ?? { message: String(error) });
}
