import { z } from 'zod';

const encoder = new TextEncoder();

/** Length of a text in UTF-8 bytes. */
export const utf8Length = (text: string): number => encoder.encode(text).byteLength;

/** A lone half of a surrogate pair has no UTF-8 form: stored and read back it would be another text. */
const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Text that survives every part it passes through: no NUL, no lone surrogate. */
export const plainText = z
  .string()
  .refine((text) => !text.includes('\0'), { error: 'must not contain NUL (U+0000)' })
  .refine((text) => !loneSurrogate.test(text), {
    error: 'must not contain a lone surrogate (half of a character)',
  });

/** {@link plainText} with something in it besides white space. */
export const nonBlankText = plainText.refine((text) => text.trim() !== '', {
  error: 'must not be empty',
});
