/** Where mail goes out, as `SMTP_URL` says. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** Encrypted from the beginning; else as soon as the server offers it (STARTTLS). */
  readonly secure: boolean;
  readonly login: { readonly user: string; readonly pass: string } | undefined;
}

/** `smtps://name:password@host:port`, or `smtp://…`. @returns undefined for what is none */
export function readSmtpUrl(text: string): SmtpServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const secure = url.protocol === 'smtps:';
  if ((!secure && url.protocol !== 'smtp:') || url.hostname === '') return undefined;
  // Options behind a question mark would be passed over in silence.
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') return undefined;
  try {
    const user = decodeURIComponent(url.username);
    const pass = decodeURIComponent(url.password);
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
      secure,
      login: user === '' ? undefined : { user, pass },
    };
  } catch {
    return undefined;
  }
}
