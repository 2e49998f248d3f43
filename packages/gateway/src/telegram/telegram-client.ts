import type { Api } from 'grammy/web';
import type { Clock } from '../host/clock.ts';
import { classifyFailure } from './classify-failure.ts';
import type { CallResult, Document, StyledText, Target, Telegram } from './telegram.ts';

/** Longest time of a call. Telegram answers within seconds, and a document takes a while. */
const timeoutMs = 60_000;
/** A clock's own limit comes first; this is only larger. */
const clientTimeoutSeconds = 600;

/**
 * Loaded with the first call: most of a gateway's life nothing is sent. The build for the web, since the other
 * one brings an HTTP client of its own, where Node has one.
 */
const grammy = () => import('grammy/web');

/** The Bot API (https://core.telegram.org/bots/api), through grammY's client. It asks for no updates. */
export class TelegramClient implements Telegram {
  readonly #apiRoot: string;
  readonly #clock: Clock;

  /** @param apiRoot such as `https://api.telegram.org`, or a local Bot API server */
  constructor(apiRoot: string, clock: Clock) {
    this.#apiRoot = apiRoot.replace(/\/+$/, '');
    this.#clock = clock;
  }

  sendText({ token, chatId }: Target, { text, entities }: StyledText, signal: AbortSignal) {
    return this.#call(token, signal, async (api) => {
      const options = { entities: [...entities], link_preview_options: { is_disabled: true } };
      return (await api.sendMessage(chatId, text, options)).message_id;
    });
  }

  sendDocument({ token, chatId }: Target, document: Document, signal: AbortSignal) {
    return this.#call(token, signal, async (api) => {
      const { content, name, caption } = document;
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      const { InputFile } = await grammy();
      const file = new InputFile(bytes, quoted(name));
      return (await api.sendDocument(chatId, file, { caption })).message_id;
    });
  }

  editText(
    { token, chatId }: Target,
    messageId: number,
    { text, entities }: StyledText,
    signal: AbortSignal,
  ) {
    return this.#call(token, signal, async (api) => {
      const options = { entities: [...entities], link_preview_options: { is_disabled: true } };
      await api.editMessageText(chatId, messageId, text, options);
      return true as const;
    });
  }

  deleteMessage({ token, chatId }: Target, messageId: number, signal: AbortSignal) {
    return this.#call(token, signal, async (api) => {
      await api.deleteMessage(chatId, messageId);
      return true as const;
    });
  }

  whoAmI(token: string, signal: AbortSignal) {
    return this.#call(token, signal, async (api) => (await api.getMe()).username);
  }

  async #call<T>(
    token: string,
    signal: AbortSignal,
    call: (api: Api) => Promise<T>,
  ): Promise<CallResult<T>> {
    const timeout = new AbortController();
    const cancel = this.#clock.after(timeoutMs, () => timeout.abort());
    const within = AbortSignal.any([signal, timeout.signal]);
    try {
      const { Api } = await grammy();
      const api = new Api(token, {
        apiRoot: this.#apiRoot,
        timeoutSeconds: clientTimeoutSeconds,
        // A file's body is a stream, which Node's fetch takes only when it is told so.
        fetch: (url: string, init: RequestInit) =>
          globalThis.fetch(url, Object.assign({}, init, { signal: within, duplex: 'half' })),
      });
      return { kind: 'ok', value: await call(api) };
    } catch (fault) {
      if (timeout.signal.aborted) {
        return {
          kind: 'unreachable',
          taken: true,
          words: `no answer within ${timeoutMs / 1000} s`,
        };
      }
      return classifyFailure(fault, token);
    } finally {
      cancel();
    }
  }
}

/** As it stands in a form: grammY writes it there as it is, and refuses line breaks. */
const quoted = (name: string): string => `"${name.replace(/["\\\p{Cc}]/gu, '_')}"`;
