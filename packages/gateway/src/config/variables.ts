import { chatToolGroups, privateFields } from '@mini-claude-bot/contract';
import { z } from 'zod';

import {
  choice,
  hosts,
  listOf,
  mailAddresses,
  oneYear,
  origins,
  path,
  paths,
  seconds,
  splitList,
  text,
  timeZone,
  url,
  type Variable,
  wholeNumber,
} from './variable-kinds.ts';

const home = '~/.mini-claude-bot';

/** Every variable that the program reads, in the order of the documentation. */
export const variables = {
  HOST: {
    ...text('Address to listen on. One that others can reach needs a token to be there.'),
    default: '127.0.0.1',
  },
  PORT: {
    ...wholeNumber(0, 65_535, 'Port to listen on; 0 takes any that is free.'),
    default: '8000',
  },
  MCB_AUTH: {
    ...choice(
      ['loopback', 'token'],
      'Who needs a token: everybody but those who call from this machine itself, or everybody.',
    ),
    default: 'loopback',
  },
  MCB_ALLOWED_HOSTS: hosts(
    'Names by which the gateway is called, besides HOST and those of the machine itself.',
  ),
  MCB_ALLOWED_ORIGINS: origins("Other sites' pages that may use the gateway; unset: none."),
  LOG_LEVEL: {
    ...choice(
      ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
      'How much is logged, as JSON lines on stderr.',
    ),
    default: 'info',
  },
  DATABASE_PATH: { ...path('The SQLite database.'), default: `${home}/gateway.db` },
  GATEWAY_MAX_BODY_MB: {
    ...wholeNumber(1, 1024, 'Largest request body, in megabytes.'),
    default: '10',
  },
  GATEWAY_MAX_MESSAGE_KB: {
    ...wholeNumber(1, 65_536, 'Longest message to a chat, in kilobytes.'),
    default: '1024',
  },

  GATEWAY_MAX_URL_KB: {
    ...wholeNumber(1, 64, 'Longest address of a request, in kilobytes.'),
    default: '8',
  },
  GATEWAY_MAX_HEADER_KB: {
    ...wholeNumber(4, 256, 'Largest head of a request, its address included, in kilobytes.'),
    default: '16',
  },
  GATEWAY_REQUEST_TIMEOUT: {
    ...seconds('How long a request may take to arrive, and an answer to be fetched'),
    default: '60',
  },
  GATEWAY_KEEP_ALIVE_TIMEOUT: {
    ...seconds('How long a connection is kept between two requests'),
    default: '72',
  },
  GATEWAY_MAX_CONNECTIONS: {
    ...wholeNumber(1, 100_000, 'Connections at the same time.'),
    default: '1000',
  },
  GATEWAY_MAX_STREAMS: {
    ...wholeNumber(1, 100_000, 'Streams of one caller at the same time.'),
    default: '500',
  },
  GATEWAY_MESSAGES_PER_MINUTE: {
    ...wholeNumber(0, 100_000, 'Messages of one chat that are taken in a minute; 0: any number.'),
    default: '0',
  },
  GATEWAY_FAILED_TRIES_PER_MINUTE: {
    ...wholeNumber(1, 100_000, 'Wrong tokens that one address may try in a minute.'),
    default: '10',
  },

  CLAUDE_BIN: path('The Claude Code program; unset: the one that npm installed.'),
  CLAUDE_MODEL: text("The model; unset: Claude Code's own choice."),
  CLAUDE_PERMISSION_MODE: {
    ...choice(
      ['bypassPermissions', 'acceptEdits', 'default', 'dontAsk', 'plan', 'auto'],
      'What Claude may do. Nobody is there to be asked: what would need asking is refused.',
    ),
    default: 'bypassPermissions',
  },
  CLAUDE_SETTING_SOURCES: {
    ...listOf(
      ['user', 'project', 'local'],
      "Which of the owner's Claude settings, CLAUDE.md files and skills are loaded.",
    ),
    default: 'user,project,local',
  },
  CLAUDE_SPARE_PROCESSES: {
    ...wholeNumber(
      0,
      8,
      'Claude processes kept ready for new chats, about 250 MB each: their first answer comes sooner.',
    ),
    default: '0',
  },

  CHAT_TOOLS: {
    parse: z
      .string()
      .transform((value) => {
        if (value === 'all') return [...chatToolGroups];
        return value === 'off' ? [] : splitList(value);
      })
      .pipe(z.array(z.enum(chatToolGroups))),
    form: `all, off, or a comma-separated list of ${chatToolGroups.join(', ')}`,
    say: "The gateway's tools that Claude has inside every chat.",
    default: 'all',
  },
  CHAT_TOOLS_UNATTENDED_COMMANDS: {
    ...choice(
      ['off', 'on'],
      'Whether Claude may schedule shell commands with them while it works by itself, in the background or by schedule.',
    ),
    default: 'off',
  },

  GATEWAY_SESSION_DIR: {
    ...path("The chats' working directories."),
    default: '~/claude-gateway-sessions',
  },
  GATEWAY_MAX_CLAUDE_PROCESSES: {
    ...wholeNumber(1, 256, 'Turns that run at the same time.'),
    default: '4',
  },
  GATEWAY_MAX_WARM_SESSIONS: {
    ...wholeNumber(
      1,
      1024,
      'Claude processes kept between turns; over that, the one idle longest is closed.',
    ),
    default: '12',
  },
  GATEWAY_QUEUE_MAX: {
    ...wholeNumber(1, 100_000, 'Messages of one chat that may wait.'),
    default: '50',
  },
  GATEWAY_QUEUE_WAIT_TIMEOUT: {
    ...seconds('How long a message waits for its turn'),
    default: '120',
  },
  GATEWAY_CLAUDE_TIMEOUT: { ...seconds('Longest time of one turn'), default: '600' },
  GATEWAY_BUSY_STUCK_TIMEOUT: {
    ...seconds('Longest time that a turn may make no progress'),
    default: '660',
  },
  GATEWAY_SESSION_TIMEOUT: {
    ...seconds('Idle time after which a chat is closed (its conversation stays)'),
    default: '7200',
  },
  GATEWAY_BG_SESSION_IDLE_TIMEOUT: {
    ...seconds('The same for sessions of background tasks'),
    default: '14400',
  },
  HARNESS_SESSION_TIMEOUT: {
    ...seconds('The same for sessions with a harness'),
    default: '259200',
  },
  GATEWAY_MIN_FREE_MB: {
    ...wholeNumber(0, 1_048_576, 'Free memory that must be left to start a turn, in megabytes.'),
    default: '512',
  },
  GATEWAY_MEMORY_WAIT_TIMEOUT: {
    ...seconds('How long a turn waits for free memory before it is refused'),
    default: '30',
  },
  GATEWAY_MAX_WARM_MB: {
    ...wholeNumber(
      0,
      1_048_576,
      'Memory that idle Claude processes may hold together, in megabytes; 0: half of what the machine has.',
    ),
    default: '0',
  },
  GATEWAY_SHUTDOWN_GRACE: {
    ...seconds('How long running turns have to end when the gateway is asked to stop'),
    default: '10',
  },
  GATEWAY_ARCHIVE_DIR: {
    ...path('Where harnesses of ended chats are kept.'),
    default: '~/.claude-gateway-archives',
  },
  GATEWAY_LANGUAGE: {
    ...choice(
      ['auto', 'en', 'zh'],
      'The language of what the gateway itself tells a chat; auto: that of the message it is about.',
    ),
    default: 'auto',
  },
  HARNESS_ALLOWED_DIRS: {
    ...paths(
      "Where projects with a harness may be, besides the chats' own directories, with all below.",
    ),
    default: '~',
  },
  HARNESS_CHAIN_DELAY: {
    ...wholeNumber(0, oneYear, 'Pause before the next batch of a harness, in seconds.'),
    default: '5',
  },
  HARNESS_MEMORY_FILE: {
    ...path(
      "The owner's memory file: told to chats with a harness, unless Claude reads it anyhow.",
    ),
    default: '~/.claude/CLAUDE.md',
  },
  NIRMANA_DIR: {
    ...path('Where away mode keeps its snapshots, in `state`.'),
    default: '~/eddie-nirmana',
  },
  AWAY_REPOS_FILE: {
    ...path('The list of repositories whose issues are worked on while the owner is away.'),
    default: '~/.away-repos.json',
  },
  AWAY_MAX_ISSUES: {
    ...wholeNumber(1, 100, 'Issues that are begun each time the owner goes away, at most.'),
    default: '5',
  },
  AWAY_PARALLEL: {
    ...wholeNumber(
      1,
      100,
      'Issues that are worked on at the same time, of different repositories.',
    ),
    default: '2',
  },
  AWAY_WORKTREE_DIR: {
    ...path('Where those issues are worked on, in a worktree each.'),
    default: '~/.away-worktrees',
  },
  GH_BIN: { ...text('The GitHub command line: a name or a path.'), default: 'gh' },
  NIRMANA_PERSONA_FILE: {
    ...path('What Claude is told while the owner is away.'),
    default: '~/eddie-nirmana/PERSONA.md',
  },

  TELEGRAM_API_ROOT: {
    ...url('The Telegram Bot API; another one for a local Bot API server.'),
    default: 'https://api.telegram.org',
  },
  TELEGRAM_BOT_TOKEN: {
    ...text('The token of the bot `default`, until that bot has sent one itself.'),
    secret: true,
  },

  CRON_SHELL_TIMEOUT: { ...seconds('Longest run of a shell job'), default: '900' },
  CRON_MAX_SHELL_RUNS: {
    ...wholeNumber(1, 256, 'Shell jobs that run at the same time.'),
    default: '4',
  },
  CRON_HISTORY_KEEP: {
    ...wholeNumber(1, 100_000, 'Runs of each job that are kept.'),
    default: '200',
  },
  CRON_CLAUDE_TIMEOUT: { ...seconds('Longest run of a Claude job'), default: '900' },

  EMBEDDINGS_PROVIDER: {
    ...choice(
      ['ollama', 'openai', 'none'],
      'What turns texts into vectors, so that searches go by meaning too: Ollama, a server with the API of OpenAI, or nothing.',
    ),
    default: 'ollama',
  },
  OLLAMA_BASE_URL: { ...url('Where Ollama is.'), default: 'http://localhost:11434' },
  OLLAMA_EMBED_MODEL: {
    ...text('The embedding model of Ollama.'),
    default: 'nomic-embed-text',
  },
  EMBEDDINGS_BASE_URL: {
    ...url('Where the server with the API of OpenAI is.'),
    default: 'https://api.openai.com/v1',
  },
  EMBEDDINGS_MODEL: text(
    "Its embedding model; unset: text-embedding-3-small. With Ollama, over Ollama's own variable.",
  ),
  EMBEDDINGS_API_KEY: { ...text('Its key; unset: it wants none.'), secret: true },

  MEMORY_RECALL: {
    ...choice(
      ['on', 'off'],
      'Whether Claude is told, beside each message, the memories near to it.',
    ),
    default: 'off',
  },
  MEMORY_RECALL_MAX: {
    ...wholeNumber(1, 50, 'How many memories it is told at most.'),
    default: '5',
  },
  MEMORY_RECALL_MAX_CHARS: {
    ...wholeNumber(100, 100_000, 'How many characters of them at most.'),
    default: '2000',
  },

  REPORT_SENDER: mailAddresses('Sender of the daily reports.'),
  REPORT_TO_PRIMARY: mailAddresses('Recipients of the Chinese report.'),
  REPORT_CC: mailAddresses('Copies, and previews.'),
  REPORT_TO_SECONDARY: mailAddresses('Recipients of the English report.'),

  METRICS_CACHE_PATH: {
    ...path('Where collected metrics are kept.'),
    default: `${home}/metrics-cache.json`,
  },
  DASHBOARD_PUSH_URL: url('Where metrics are sent to; unset: nowhere.'),
  METRICS_SECRET: {
    ...text('The secret that the dashboard asks for.'),
    secret: true,
  },
  PUBLIC_FIELDS: {
    ...listOf(
      privateFields,
      'What is public of the metrics beside counts, times, states and names of jobs.',
    ),
    default: 'none',
  },
  METRICS_PRICES_PATH: {
    ...path('Your own prices of models, over the built-in ones; the file need not be there.'),
    default: `${home}/prices.json`,
  },
  MCB_TIMEZONE: timeZone("Your time zone, for what is told by day; unset: the system's."),

  MCB_API_BASE: {
    ...url('The gateway, for the command line and the MCP server.'),
    default: 'http://localhost:8000/api',
  },
  MCB_TOKEN: {
    ...text('The token of the command line and the MCP server, where the gateway asks for one.'),
    secret: true,
  },
  MCB_BOT_ID: {
    ...text('The bot that the command line and the MCP server speak for.'),
    default: 'default',
  },
  MCB_MCP_TIMEOUT: { ...seconds('How long the MCP server waits for an answer'), default: '30' },
  MCB_GATEWAY_TIMEOUT: {
    ...seconds('How long the MCP server waits for a reply of Claude'),
    default: '960',
  },
} as const satisfies Record<string, Variable>;

export type Variables = typeof variables;
export type VariableName = keyof Variables;

/** Names of the variables that never leave the gateway. */
export const secretNames: readonly string[] = Object.entries<Variable>(variables).flatMap(
  ([name, { secret }]) => (secret === true ? [name] : []),
);
