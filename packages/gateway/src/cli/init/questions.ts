import type { VariableName } from '../../config/variables.ts';

/** What a newcomer is asked. */
export interface Question {
  readonly name: VariableName;
  readonly words: readonly string[];
}

/** In the order in which they are put. What has a value already is not asked. */
export const questions: readonly Question[] = [
  {
    name: 'HOST',
    words: [
      'Who reaches the gateway?  127.0.0.1: programs of this machine alone.',
      '0.0.0.0: other machines too, which then need a token (mini-claude-bot token create).',
    ],
  },
  { name: 'PORT', words: ['On which port does it listen?'] },
  {
    name: 'CLAUDE_PERMISSION_MODE',
    words: [
      'What may Claude do in a chat, where nobody can be asked?  bypassPermissions: whatever your user may.',
      'acceptEdits: change files, and run no commands.  plan: only look.  (docs/claude.md has the others.)',
    ],
  },
  {
    name: 'EMBEDDINGS_PROVIDER',
    words: [
      'What lets searches go by meaning?  ollama: Ollama on this machine, if it runs.  openai: a server with',
      'that API.  none: searches go by words.',
    ],
  },
  {
    name: 'TELEGRAM_BOT_TOKEN',
    words: [
      'The token of your Telegram bot, from @BotFather, for what is told to chats by itself? A bot such as',
      'telegram-claude-hero sends its own. (It is not shown; Enter: none.)',
    ],
  },
];
