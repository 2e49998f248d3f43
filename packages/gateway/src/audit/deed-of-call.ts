import { type Audited, type Operation, pathFields } from '@mini-claude-bot/contract';
import type { Deed } from './audit.ts';

/** Whose call it is. */
export interface CallOrigin {
  readonly caller: string;
  /** Undefined: not over the network. */
  readonly address?: string | undefined;
}

/** What the audit tells of a call: the ids in its input, what it says besides, and nothing else of it. */
export function deedOfCall(
  operation: Operation & { readonly audit: Audited },
  origin: CallOrigin,
  input: Readonly<Record<string, unknown>>,
): Deed {
  const botId = input.bot_id;
  return {
    ...origin,
    operation: operation.id,
    kind: operation.audit,
    botId: typeof botId === 'string' ? botId : undefined,
    about: Object.fromEntries(
      idFields(operation).flatMap((name) => {
        const id = input[name];
        return typeof id === 'string' || typeof id === 'number' ? [[name, String(id)]] : [];
      }),
    ),
  };
}

/** Who says something is not what is done to; where a reader left off is neither. */
const notWhatItIsAbout = ['bot_id', 'user_id', 'last_event_id', 'telegram_chat_id'];

const idFields = (operation: Operation): string[] => {
  const inPath = pathFields(operation.path);
  const named = [...inPath, ...(operation.auditFields ?? [])];
  return Object.keys(operation.input.shape).filter(
    (name) =>
      !notWhatItIsAbout.includes(name) && (named.includes(name) || /^(\w+_)?(uu)?id$/.test(name)),
  );
};
