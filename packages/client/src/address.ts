/** An address apart from the token that may be written in it. */
export interface SplitAddress {
  /** Without name and password: `fetch` takes none, and an address is shown to people. */
  readonly url: string;
  readonly token: string | undefined;
}

/** Take the token out of an address such as `http://name:TOKEN@host:8000`. What is no address stays as it is. */
export function splitAddress(address: string): SplitAddress {
  if (!URL.canParse(address)) return { url: address, token: undefined };
  const url = new URL(address);
  if (url.username === '' && url.password === '') return { url: address, token: undefined };
  const token = decoded(url.password);
  url.username = '';
  url.password = '';
  return { url: url.href.replace(/\/$/, ''), token: token === '' ? undefined : token };
}

/** A password may be written as it is or percent-encoded; one that is neither is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
