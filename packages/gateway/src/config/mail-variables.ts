import { z } from 'zod';
import { readSmtpUrl } from '../mail/read-smtp-url.ts';
import { choice, path, seconds, text } from './variable-kinds.ts';

/** How reports are set and mailed. */
export const mailVariables = {
  MAIL_TRANSPORT: {
    ...choice(
      ['auto', 'smtp', 'mail-app', 'none'],
      'How mail goes out; auto: by SMTP where SMTP_URL is set, else by Mail on a Mac.',
    ),
    default: 'auto',
  },
  SMTP_URL: {
    parse: z.string().refine((value) => readSmtpUrl(value) !== undefined),
    form: 'smtps://name:password@host, or smtp:// for one that encrypts later (STARTTLS); special characters as %40',
    say: 'The server that mail goes out by.',
    secret: true as const,
  },
  SMTP_CA_PATH: path(
    'Certificates (PEM) of authorities that the SMTP server may be signed by, too.',
  ),
  XELATEX_BIN: { ...text('XeLaTeX, which sets reports: a name or a path.'), default: 'xelatex' },
  REPORT_TYPESET_TIMEOUT: { ...seconds('How long setting a report may take'), default: '120' },
};
