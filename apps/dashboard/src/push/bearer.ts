import { createHash, timingSafeEqual } from 'node:crypto';

/** Takes as long for a wrong secret as for the right one, whatever its length. */
export function hasBearer(header: string | null, secret: string): boolean {
  const given = /^Bearer +(.+)$/i.exec(header ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(secret));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
