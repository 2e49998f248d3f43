import { hash, randomBytes } from 'node:crypto';

/** 256 bits: nobody guesses that, at any speed. */
const randomLength = 32;

/** A new token. The prefix is for people and programs that look for secrets where none should be. */
export const newTokenText = (): string => `mcb_${randomBytes(randomLength).toString('base64url')}`;

/**
 * What is stored of a token. One round of SHA-256 and no salt: slow hashes protect what people make up, and
 * a token has more chance in it than can be searched, whoever chose it ({@link tokenFault}).
 */
export const tokenDigest = (text: string): Buffer => hash('sha256', text, 'buffer');

const shortest = 32;
const longest = 256;
const fewestCharacters = 12;

/** Words that stand in examples, and rows of keys. */
const wellKnown =
  /change[-_ ]?me|password|passwd|secret|token|default|example|sample|admin|root|test|demo|your|insert|here|letmein|qwerty(uiop)?|asdf(ghjkl)?|zxcvb(nm)?|1q2w3e4r|abc(def)?|mini|claude|bot|telegram|hero|api|key|deadbeef|cafebabe|(0?123456789?0?)|(9?876543210?)/gi;

/**
 * Why a token that somebody chose can't be one; undefined: it can. One that is short, repeats itself, or is
 * mostly words, could be guessed.
 */
export function tokenFault(text: string): string | undefined {
  // RFC 6750, 2.1: what can follow `Bearer` as it is. None of it means anything in an address or in Basic.
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(text))
    return 'must consist of letters, digits and . _ ~ + / - (and = at the end)';
  if (text.length < shortest || text.length > longest)
    return `must have ${shortest} to ${longest} characters`;
  const rest = text.replace(wellKnown, '').replace(/[^A-Za-z0-9]/g, '');
  if (rest.length < shortest / 2 || new Set(rest).size < fewestCharacters || repeatsItself(text))
    return 'is too easy to guess; one can be made with: openssl rand -hex 32';
  return undefined;
}

/** `abcabcabc`, and rows of characters one after another. */
function repeatsItself(text: string): boolean {
  // A text that occurs in itself, moved by at most half, is made of one piece.
  if ((text + text).indexOf(text, 1) <= text.length / 2) return true;
  let steps = 0;
  for (let n = 1; n < text.length; n += 1) {
    const step = text.charCodeAt(n) - text.charCodeAt(n - 1);
    if (Math.abs(step) <= 1) steps += 1;
  }
  return steps > text.length / 2;
}
