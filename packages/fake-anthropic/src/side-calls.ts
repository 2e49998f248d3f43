import { isObject, objectsOf } from './json.ts';
import { type MessagePlan, reply, text } from './plan.ts';
import type { MessagesRequest } from './request.ts';
import type { ScriptCall } from './script.ts';

const compactionOpening = 'CRITICAL: Respond with TEXT ONLY';

/**
 * Answer what the CLI asks on its own, beside the conversation: a structured value such as a title, and the
 * summary that compaction replaces a conversation with. Undefined for a call of the conversation itself.
 */
export function sideCallReply({ request, conversation }: ScriptCall): MessagePlan | undefined {
  if (request.outputSchema !== undefined && request.tools.length === 0)
    return reply(text(JSON.stringify(fill(request.outputSchema, titleOf(request)))));
  if (conversation.prompt.startsWith(compactionOpening))
    return reply(text(summaryOf(conversation.earlierPrompts)));
  return undefined;
}

/** The smallest value that follows a JSON schema; strings become the given text. */
function fill(schema: unknown, words: string): unknown {
  if (!isObject(schema)) return words;
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const alternatives = objectsOf(schema.anyOf ?? schema.oneOf);
  if (alternatives.length > 0) return fill(alternatives[0], words);
  switch (schema.type) {
    case 'object': {
      const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
      return Object.fromEntries(properties.map(([name, inner]) => [name, fill(inner, words)]));
    }
    case 'array':
      return [];
    case 'number':
    case 'integer':
      return 0;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return words;
  }
}

/** The last text of the request: the title call wraps the prompt in text of its own. */
function titleOf(request: MessagesRequest): string {
  const texts = request.messages.flatMap(({ role, blocks }) =>
    blocks.flatMap((block) => (role === 'user' && block.type === 'text' ? [block.text] : [])),
  );
  const words = plainWords(texts.at(-1) ?? '').split(' ');
  return words.slice(0, 6).join(' ').slice(0, 60) || 'New conversation';
}

function summaryOf(prompts: readonly string[]): string {
  const items = prompts.map((prompt, index) => `${index + 1}. ${plainWords(prompt).slice(0, 200)}`);
  const list = items.length === 0 ? '(nothing yet)' : items.join('\n');
  return `<analysis>\nThe conversation so far, prompt by prompt.\n</analysis>\n\n<summary>\nThe user asked:\n${list}\n</summary>`;
}

/** Without markup and without brackets, so that no marker of an old prompt comes to life again. */
function plainWords(source: string): string {
  return source
    .replaceAll(/<[^>]{1,100}>/g, ' ')
    .replaceAll(/[[\]]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
