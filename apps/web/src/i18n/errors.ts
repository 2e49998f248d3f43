import { ConnectionLostError, UnreachableError } from '@mini-claude-bot/client';
import { GatewayError } from '@mini-claude-bot/contract';
import { useWords } from '../settings/settings.tsx';
import { errorsEn } from './errors.en.ts';
import { errorsZh } from './errors.zh.ts';
import { dictionary } from './words.ts';

export const errors = dictionary(errorsEn, errorsZh);

/** An error in the reader's language, and the gateway's own words where it has some. */
export interface ErrorWords {
  readonly title: string;
  readonly detail: string | undefined;
}

export function useErrorWords(): (error: unknown) => ErrorWords {
  const words = useWords(errors);
  return (error) => {
    if (error instanceof GatewayError) {
      return { title: words.codes[error.code], detail: error.message };
    }
    if (error instanceof UnreachableError) return { title: words.unreachable, detail: undefined };
    if (error instanceof ConnectionLostError) return { title: words.lost, detail: undefined };
    return { title: words.unknown, detail: error instanceof Error ? error.message : undefined };
  };
}
