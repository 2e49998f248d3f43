import type { Command } from 'commander';

/** What each command is used for, by the words that lead to it: a line to type, and what it does. */
const examples: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  start: [
    ['mini-claude-bot start', 'with the settings of .env here'],
    ['PORT=8001 mini-claude-bot start', 'on another port'],
  ],
  init: [
    ['mini-claude-bot init', 'answer questions'],
    ['mini-claude-bot init --yes --set PORT=8001', 'from a script'],
    ['mini-claude-bot init --yes --set TELEGRAM_BOT_TOKEN=- < token', 'a secret, from a file'],
  ],
  doctor: [
    ['mini-claude-bot doctor', 'is this machine ready?'],
    ['mini-claude-bot doctor --security', 'who could get in?'],
    ['mini-claude-bot doctor --json', 'for a script: exits with 1 when there is a problem'],
  ],
  audit: [
    ['mini-claude-bot audit --limit 10', 'the last ten entries'],
    ['mini-claude-bot audit --bot hero --json', 'of one bot, for a script'],
    ['mini-claude-bot audit --delete-before 2026-01-31', 'forget what is older'],
  ],
  login: [
    ['mini-claude-bot login', 'with a subscription'],
    ['mini-claude-bot login --console', 'with an account that is billed by use'],
  ],
  demo: [
    ['mini-claude-bot demo', 'on port 8000'],
    ['PORT=8001 mini-claude-bot demo', 'on another'],
  ],
  'outbox list': [
    ['mini-claude-bot outbox list', 'the newest deliveries'],
    ['mini-claude-bot outbox list --state dead', 'what could not be told'],
  ],
  'outbox retry': [['mini-claude-bot outbox retry ID', 'with an id from the list']],
  'mcp install': [
    ['mini-claude-bot mcp install', 'for all of your projects'],
    [
      'mini-claude-bot mcp install --bot hero --replace --yes',
      'for another bot, without being asked',
    ],
  ],
  'mcp uninstall': [['mini-claude-bot mcp uninstall', 'take it out again']],
  'token create': [
    ['mini-claude-bot token create laptop', 'for all bots, as their owner'],
    ['mini-claude-bot token create hero --bot hero --expires 90d', 'for one bot, for a time'],
  ],
  'token list': [['mini-claude-bot token list', 'who may call']],
  'token revoke': [['mini-claude-bot token revoke laptop', 'refused from now on']],
  'cron list': [['mini-claude-bot cron list --bot hero', 'the jobs of one bot']],
  'cron add': [
    [
      `mini-claude-bot cron add backup "0 3 * * *" 'tar cf ~/b.tar ~/notes'`,
      'a command, each night',
    ],
    [
      `mini-claude-bot cron add --claude --notify 42 news "30 7 * * 1-5" 'What is new?'`,
      'Claude, told to a chat',
    ],
    [`mini-claude-bot cron add once "@at 2026-12-24T18:00" 'echo now'`, 'once'],
  ],
  'cron run': [['mini-claude-bot cron run 1', 'now, and print its result']],
  'cron pause': [['mini-claude-bot cron pause 1', 'until it is resumed']],
  'cron resume': [['mini-claude-bot cron resume 1', 'from now on']],
  'cron remove': [['mini-claude-bot cron remove 1', 'with its history']],
  'cron history': [['mini-claude-bot cron history 1 --limit 5', 'the last five runs']],
  open: [
    ['mini-claude-bot open', 'the page, in a browser of this machine'],
    ['mini-claude-bot open --print', 'only the link, which signs in once'],
  ],
  'backup list': [['mini-claude-bot backup list', 'what there is, newest first']],
  'service install': [['mini-claude-bot service install', 'from now on the system runs it']],
  'service status': [['mini-claude-bot service status', 'does it run, and is it well?']],
  'service logs': [['mini-claude-bot service logs', 'what it has printed last']],
  'service watch': [['mini-claude-bot service watch', 'ask it how it is, as the watchdog does']],
  'service uninstall': [['mini-claude-bot service uninstall', 'the system runs it no more']],
  'report list': [['mini-claude-bot report list', 'which there are, and when each is written']],
  'report new': [['mini-claude-bot report new family --from daily-en', 'a file of your own']],
  'report run': [
    ['mini-claude-bot report run daily-zh --preview', 'now, to those of REPORT_CC alone'],
    ['mini-claude-bot report run daily-en --no-send --date 2026-03-01', 'for a day, to nobody'],
  ],
  'report runs': [['mini-claude-bot report runs daily-zh', 'what was made, newest first']],
  'report stop': [['mini-claude-bot report stop 3', 'with an id from the list']],
  'away status': [['mini-claude-bot away status', 'which issues were worked on']],
  'away retry': [['mini-claude-bot away retry 3', 'after a network that was away']],
  'away stop': [['mini-claude-bot away stop 3', 'with an id from the list']],
  'metrics show': [['mini-claude-bot metrics show', 'all of them']],
  'metrics push': [['mini-claude-bot metrics push', 'now, not at its time']],
};

/** Give each command its examples, below its help. */
export function addExamples(command: Command, path: readonly string[] = []): void {
  const own = examples[path.join(' ')] ?? [];
  const width = Math.max(0, ...own.map(([line]) => line.length));
  const lines = own.map(([line, what]) => `  ${line.padEnd(width)}   ${what}`);
  if (lines.length > 0) command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  for (const inner of command.commands) addExamples(inner, [...path, inner.name()]);
}
