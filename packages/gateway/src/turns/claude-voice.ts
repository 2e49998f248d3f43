import type { ClaudeEvent } from '@mini-claude-bot/claude';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { SecretStream } from '../secrets/secret-stream.ts';
import type { TurnFeed } from './turn-feed.ts';

type Spoken = 'text' | 'thinking';

/** Puts what Claude says into a turn's feed, less the secrets that it may have come upon. */
export class ClaudeVoice {
  readonly #feed: TurnFeed;
  readonly #secrets: KnownSecrets;
  readonly #stream: SecretStream;
  /** What the last pieces belong to. */
  #speaking: Spoken = 'text';

  constructor(feed: TurnFeed, secrets: KnownSecrets) {
    this.#feed = feed;
    this.#secrets = secrets;
    this.#stream = new SecretStream(secrets);
  }

  show(event: Exclude<ClaudeEvent, { type: 'session' }>): void {
    const hide = (text: string): string => this.#secrets.hide(text);
    switch (event.type) {
      case 'text':
      case 'thinking':
        if (event.type !== this.#speaking) this.end();
        this.#speaking = event.type;
        this.#say(this.#stream.push(event.text));
        break;
      case 'tool':
        this.end();
        this.#feed.append({ type: 'tool', name: event.name, content: hide(event.input) });
        break;
      case 'notice':
        this.end();
        this.#feed.append({ type: 'notice', content: hide(event.text) });
        break;
      case 'restart':
        this.#stream.end();
        this.#speaking = 'text';
        // What stands may end with the beginning of a secret, as any piece may.
        this.#feed.restart(hide(event.reason), this.#stream.push(event.kept));
        break;
    }
  }

  /** Say what was held back, because it might have become a secret. */
  end(): void {
    this.#say(this.#stream.end());
  }

  #say(content: string): void {
    if (content !== '') this.#feed.append({ type: this.#speaking, content });
  }
}
