import {
  hosts,
  mailAddresses,
  path,
  seconds,
  text,
  type Variable,
  wholeNumber,
} from './variable-kinds.ts';

const home = '~/.mini-claude-bot';

/** Variables of reports. */
export const reportVariables = {
  REPORT_SENDER: mailAddresses('Sender of the daily reports.'),
  REPORT_TO_PRIMARY: mailAddresses('Recipients of the Chinese report.'),
  REPORT_CC: mailAddresses('Copies, and previews.'),
  REPORT_TO_SECONDARY: mailAddresses('Recipients of the English report.'),
  REPORTS_CONFIG_DIR: {
    ...path('Your own reports, a file each, and templates of yours in `templates`.'),
    default: `${home}/reports`,
  },
  REPORTS_DIR: { ...path('Where finished reports are kept.'), default: `${home}/finished-reports` },
  REPORTS_KEEP: {
    ...wholeNumber(1, 100_000, 'Finished reports of each kind that are kept.'),
    default: '100',
  },
  REPORTS_KEEP_DAYS: {
    ...wholeNumber(1, 36_500, 'How long they are kept, in days.'),
    default: '400',
  },
  REPORT_TIMEOUT: { ...seconds('Longest turn in which a report is written'), default: '3600' },
  REPORT_ALERT_CHAT: text(
    'The chat of the bot `default` that is told when a report fails; unset: the log alone.',
  ),
  REPORT_TRUSTED_HOSTS: hosts(
    'Hosts in your own network that reports may read and link to, such as a wiki; unset: none.',
  ),
} as const satisfies Record<string, Variable>;
