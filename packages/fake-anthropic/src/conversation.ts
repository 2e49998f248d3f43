import type { MessagesRequest } from './request.ts';

/** Where a request stands in its conversation. */
export type Conversation = {
  /** The text of the last user prompt, exactly as received; empty if there is none. */
  readonly prompt: string;
  /** The texts of the user prompts before it, oldest first. */
  readonly earlierPrompts: readonly string[];
  /**
   * How many assistant messages came since the prompt: 0 for the first call of a turn. One that was cut off
   * does not count.
   */
  readonly step: number;
  /** Whether the CLI asks to go on after a reply that was cut off with some blocks complete. */
  readonly resumes: boolean;
  /** The text of the last tool result since the prompt, or undefined. */
  readonly lastToolResult: string | undefined;
};

/**
 * Find the user's prompts among what the CLI puts into user messages on its own.
 *
 * The CLI sends a prompt as a text block (or a plain string) of a user message. Around it stand reminders in
 * blocks of their own, messages of the role `system`, and, since adjacent user messages are merged, notes
 * such as `[Request interrupted by user]`. So a prompt is a text block that is none of these, and the last
 * one counts. Messages sent during a tool call come as `system` and start no new count.
 */
export function readConversation(request: MessagesRequest): Conversation {
  const prompts: string[] = [];
  let since: Since = fresh;
  for (const message of request.messages) {
    if (message.role === 'assistant' && !isFiller(message))
      since = { ...since, step: since.step + 1, resumes: false };
    if (message.role !== 'user') continue;
    for (const [index, block] of message.blocks.entries()) {
      if (block.type === 'tool_result') since = { ...since, lastToolResult: block.text };
      if (block.type !== 'text') continue;
      if (resumeNote.test(block.text))
        since = { ...since, step: Math.max(0, since.step - 1), resumes: true };
      else if (isPrompt(block.text)) {
        const prompt = unmerged(block.text, index === message.blocks.length - 1);
        // Sent again before there was an answer, as after a death of the CLI, it is the same one.
        const again = prompts.at(-1) === prompt && since.step === 0 && !since.resumes;
        if (!again) prompts.push(prompt);
        since = fresh;
      }
    }
  }
  const prompt = prompts.pop() ?? '';
  return { prompt, earlierPrompts: prompts, ...since };
}

type Since = Pick<Conversation, 'step' | 'resumes' | 'lastToolResult'>;
const fresh: Since = { step: 0, resumes: false, lastToolResult: undefined };

const resumeNote = /^Your response above was cut off mid-stream\./;

const notPrompts = [
  /^\s*<system-reminder>[\s\S]*<\/system-reminder>\s*$/,
  /^\s*\[Request interrupted by user(?: for tool use)?\]\s*$/,
  /^\s*<(?:local-command-(?:caveat|stdout|stderr)|command-name|command-message)>/,
  /^This session is being continued from a previous conversation/,
];

/** The CLI puts it behind a prompt that was never answered, when it resumes the conversation. */
const isFiller = ({ blocks }: MessagesRequest['messages'][number]): boolean =>
  blocks.every((block) => block.type === 'text' && block.text === 'No response requested.');

function isPrompt(text: string): boolean {
  return text.trim() !== '' && !notPrompts.some((pattern) => pattern.test(text));
}

/** Where the CLI merges two user messages, it ends the first one's text with a line break. */
function unmerged(text: string, last: boolean): string {
  return !last && text.endsWith('\n') ? text.slice(0, -1) : text;
}
