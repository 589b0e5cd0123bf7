import { MIN_PASSWORD } from '../../vault/password-key.ts';

export type PasswordStrength = 'short' | 'weak' | 'fair' | 'strong';

/** Words that lists of stolen passwords begin with. */
const common = ['password', 'passwort', 'qwerty', 'qwertz', 'azerty', 'letmein', 'welcome', 'admin', 'iloveyou', 'monkey', 'dragon', 'nimiq', 'bitcoin', 'petrel', 'wallet', '12345678', '123456', 'abc123'];

/**
 * How hard a password is to guess, roughly: each character counts by the kinds of characters there are, and counts little where it follows
 * from the one before. A whole sentence is strong without any digit.
 */
export function passwordStrength(password: string): PasswordStrength {
  const characters = Array.from(password);
  if (characters.length < MIN_PASSWORD) return 'short';
  const pool = [/\p{Ll}/u, /\p{Lu}/u, /\d/u, /[^\p{L}\d]/u].reduce((sum, kind, place) => sum + (kind.test(password) ? [26, 26, 10, 20][place]! : 0), 0);
  const plain = common.reduce((text, word) => text.toLowerCase().replaceAll(word, ''), password);
  let count = 0;
  for (const [place, character] of Array.from(plain).entries()) {
    const step = place === 0 ? 9 : character.codePointAt(0)! - Array.from(plain)[place - 1]!.codePointAt(0)!;
    count += Math.abs(step) <= 1 ? 0.2 : 1;
  }
  const bits = Math.min(count, new Set(plain).size * 2) * Math.log2(pool);
  return bits < 40 ? 'weak' : bits < 60 ? 'fair' : 'strong';
}
