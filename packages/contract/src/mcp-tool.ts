/** Kinds of tools that Claude has inside a chat; each can be switched off by its name. */
export const chatToolGroups = ['memory', 'cron', 'history', 'tasks', 'files', 'status'] as const;
export type ChatToolGroup = (typeof chatToolGroups)[number];

/** Fields of inputs that name whose things are meant; the last one says who is told. */
export const chatFields = ['bot_id', 'chat_id', 'session_id', 'notify_chat_id'] as const;
export type ChatField = (typeof chatFields)[number];

/**
 * An operation as a tool of the Model Context Protocol. Its arguments are the fields of the input, its result
 * is the output, and it is read-only where the method is GET; here stands only what can't be told from those.
 */
export interface McpTool {
  readonly name: string;
  readonly title: string;
  /** When a model should use it, and what comes of it; absent: the operation's own words. */
  readonly description?: string;
  /** It removes or ends something that can't be had back. */
  readonly destructive?: true;
  /** The same call once more changes nothing more. */
  readonly idempotent?: true;
  /** It reaches beyond the gateway: Claude or a command goes to work. */
  readonly openWorld?: true;
  /** It takes as long as Claude takes, and not as long as an answer of the gateway. */
  readonly slow?: true;
  /** Fields that are no arguments, besides those that may come in a header. */
  readonly omit?: readonly string[];
  /** Arguments that clients know by another name than the field's: argument → field. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Values of fields that are left out, where they are others than the input's own. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /**
   * Claude has it inside every chat, in this group. There the {@link chatFields} are no arguments: the gateway puts
   * in those of the chat that asks.
   */
  readonly chat?: ChatToolGroup;
  /** Fields that are no arguments inside chats, and that the gateway doesn't put in either. */
  readonly omitInChat?: readonly string[];
  /** The resource that the output is the content of, with fields in braces: `chat://{session_id}`. */
  readonly resource?: string;
  /** The resource that each item of the output names, by the same fields. */
  readonly lists?: string;
}
