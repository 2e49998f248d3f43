import { MailAppTransport } from './mail-app-transport.ts';
import { readSmtpUrl } from './read-smtp-url.ts';
import { SmtpTransport } from './smtp-transport.ts';
import type { MailTransport } from './transport.ts';

/** What decides how mail goes out. */
export interface MailChoice {
  readonly MAIL_TRANSPORT: 'auto' | 'smtp' | 'mail-app' | 'none';
  readonly SMTP_URL: string | undefined;
  readonly SMTP_CA_PATH: string | undefined;
}

/** How mail goes out here; undefined: not at all. */
export function chooseTransport(
  { MAIL_TRANSPORT, SMTP_URL, SMTP_CA_PATH }: MailChoice,
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): MailTransport | undefined {
  const server = SMTP_URL === undefined ? undefined : readSmtpUrl(SMTP_URL);
  const smtp = (): MailTransport | undefined =>
    server === undefined ? undefined : new SmtpTransport(server, SMTP_CA_PATH);
  const mailApp = (): MailTransport => new MailAppTransport({ program: 'osascript', environment });
  switch (MAIL_TRANSPORT) {
    case 'none':
      return undefined;
    case 'smtp':
      return smtp();
    case 'mail-app':
      return mailApp();
    case 'auto':
      return smtp() ?? (platform === 'darwin' ? mailApp() : undefined);
  }
}
