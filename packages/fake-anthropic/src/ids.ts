import { randomBytes } from 'node:crypto';

/** Makes ids of the API's shape, such as `msg_01…`; the prefix is `msg`, `toolu` or `req`. */
export type IdSource = (prefix: string) => string;

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789';

export const randomIds: IdSource = (prefix) => {
  const letters = [...randomBytes(22)].map((byte) => alphabet.charAt(byte % alphabet.length));
  return `${prefix}_01${letters.join('')}`;
};
