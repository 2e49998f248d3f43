import { z } from 'zod';
import { type Chats, Refusal } from './chats.ts';
import { Entity, type Message } from './message.ts';
import { SentFile } from './read-call.ts';

const text = z.union([z.string(), z.number()]).transform(String);
/** A form has a list as JSON in a text. */
const entities = z.preprocess(
  (value) => (typeof value === 'string' ? JSON.parse(value) : value),
  z.array(Entity).default([]),
);
const Send = z.object({ chat_id: text, text: z.string().default(''), entities });
const Edit = Send.extend({ message_id: z.coerce.number() });
const Remove = z.object({ chat_id: text, message_id: z.coerce.number() });
const SendDocument = z.object({
  chat_id: text,
  document: z.instanceof(SentFile),
  caption: z.string().default(''),
  caption_entities: entities,
});

/**
 * Carry a call out.
 * @returns the `result` of the answer
 * @throws Refusal
 */
export function perform(
  method: string,
  fields: Readonly<Record<string, unknown>>,
  token: string,
  chats: Chats,
): unknown {
  switch (method.toLowerCase()) {
    case 'getme': {
      const id = Number(token.split(':')[0]);
      return { id, is_bot: true, first_name: 'Fake', username: `fake_${id}_bot` };
    }
    case 'sendmessage': {
      const { chat_id, ...rest } = parse(Send, fields);
      return messageJson(chats.send({ token, chatId: chat_id, ...rest }));
    }
    case 'editmessagetext': {
      const { chat_id, message_id, ...rest } = parse(Edit, fields);
      return messageJson(chats.edit({ token, chatId: chat_id, ...rest }, message_id));
    }
    case 'deletemessage': {
      const { chat_id, message_id } = parse(Remove, fields);
      chats.remove({ token, chatId: chat_id }, message_id);
      return true;
    }
    case 'senddocument':
      return sendDocument(fields, token, chats);
    default:
      throw new Refusal('Not Found: method not found', 404);
  }
}

function sendDocument(
  fields: Readonly<Record<string, unknown>>,
  token: string,
  chats: Chats,
): unknown {
  const { chat_id, document, caption, caption_entities } = parse(SendDocument, fields);
  const content = document.content.toString('utf8');
  if (content === '') throw new Refusal('Bad Request: file must be non-empty');
  const file = { fileName: document.fileName, mimeType: document.mimeType, content };
  const draft = { token, chatId: chat_id, text: caption, entities: caption_entities };
  return messageJson(chats.send({ ...draft, document: file }));
}

function parse<S extends z.ZodType>(schema: S, fields: unknown): z.output<S> {
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal(`Bad Request: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** The message as the Bot API has it (https://core.telegram.org/bots/api#message). */
function messageJson({ messageId, chatId, text, entities, document }: Message): object {
  const id = Number(chatId);
  const chat = Number.isNaN(id)
    ? { id: -1, type: 'channel', username: chatId.slice(1) }
    : { id, type: id < 0 ? 'group' : 'private' };
  const base = { message_id: messageId, date: Math.floor(Date.now() / 1000), chat };
  if (document === undefined) return { ...base, text, entities };
  const { fileName: file_name, mimeType: mime_type } = document;
  return {
    ...base,
    caption: text,
    document: { file_id: 'file', file_unique_id: 'f', file_name, mime_type },
  };
}
