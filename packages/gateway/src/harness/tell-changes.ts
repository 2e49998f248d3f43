import { createHash } from 'node:crypto';
import type { ContextSource } from '../turns/turn-context.ts';
import type { ToldRepo } from './told-repo.ts';

/**
 * A source that speaks only when it has something new: what a conversation was told stays in it, so that
 * to say it again would cost tokens, and tell nothing.
 */
export const tellChanges = (told: ToldRepo, source: ContextSource): ContextSource => ({
  name: source.name,
  tell: async (turn, signal) => {
    const piece = await source.tell(turn, signal);
    if (piece === undefined) return undefined;
    const digest = createHash('sha256').update(piece.text).digest('base64');
    if (told.find(turn, source.name)?.digest === digest) return undefined;
    return {
      text: piece.text,
      onTold: () => {
        told.set(turn, source.name, digest);
        piece.onTold?.();
      },
    };
  },
});
