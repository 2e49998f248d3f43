/** An address of a server, apart from the name and password that may be written in it. */
export interface ServerAddress {
  /** Without a slash at its end: `fetch` takes no password in it, and people may see it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function serverAddress(address: string): ServerAddress {
  const url = new URL(address);
  const name = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  const known = Buffer.from(`${name}:${password}`).toString('base64');
  return {
    url: `${url.origin}${url.pathname}`.replace(/\/+$/, ''),
    headers: name + password === '' ? {} : { authorization: `Basic ${known}` },
  };
}
