import { checkEntities } from './check-entities.ts';
import type { Entity, Message, SentDocument } from './message.ts';

const longestText = 4096;
const longestCaption = 1024;

/** The real one says no, and why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(description: string, status = 400) {
    super(description);
    this.status = status;
  }
}

interface Draft {
  readonly token: string;
  readonly chatId: string;
  readonly text: string;
  readonly entities: readonly Entity[];
  readonly document?: SentDocument;
}

/** What stands in the chats. */
export class Chats {
  readonly #messages: Message[] = [];
  #lastId = 0;

  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** @throws Refusal as the real server has it, and where that would change what was sent */
  send(draft: Draft): Message {
    check(draft);
    this.#lastId += 1;
    const message = { ...draft, messageId: this.#lastId, edits: 0 };
    this.#messages.push(message);
    return message;
  }

  edit(draft: Draft, messageId: number): Message {
    check(draft);
    const index = this.#indexOf(draft, messageId, 'message to edit not found');
    const before = this.#messages[index];
    if (before === undefined) throw new Refusal('Bad Request: message to edit not found');
    if (before.text === draft.text && sameEntities(before.entities, draft.entities)) {
      throw new Refusal(
        'Bad Request: message is not modified: specified new message content and reply markup are exactly ' +
          'the same as a current content and reply markup of the message',
      );
    }
    const after = {
      ...before,
      text: draft.text,
      entities: draft.entities,
      edits: before.edits + 1,
    };
    this.#messages[index] = after;
    return after;
  }

  remove(where: Pick<Draft, 'token' | 'chatId'>, messageId: number): void {
    this.#messages.splice(this.#indexOf(where, messageId, 'message to delete not found'), 1);
  }

  #indexOf(
    { token, chatId }: Pick<Draft, 'token' | 'chatId'>,
    messageId: number,
    fault: string,
  ): number {
    const index = this.#messages.findIndex(
      (message) =>
        message.messageId === messageId && message.chatId === chatId && message.token === token,
    );
    if (index === -1) throw new Refusal(`Bad Request: ${fault}`);
    return index;
  }
}

const sameEntities = (a: readonly Entity[], b: readonly Entity[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

function check({ chatId, text, entities, document }: Draft): void {
  if (!/^(-?[1-9]\d*|@[A-Za-z]\w{3,31})$/.test(chatId)) {
    throw new Refusal(
      chatId === '' ? 'Bad Request: chat_id is empty' : 'Bad Request: chat not found',
    );
  }
  const longest = document === undefined ? longestText : longestCaption;
  if (document === undefined && text.trim() === '') {
    throw new Refusal('Bad Request: message text is empty');
  }
  if (text.length > longest) {
    throw new Refusal(
      document === undefined
        ? 'Bad Request: message is too long'
        : 'Bad Request: message caption is too long',
    );
  }
  const fault = checkEntities(text, entities);
  if (fault !== undefined) throw new Refusal(`Bad Request: ${fault}`);
}
