/** What a request says of who it is. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  /** It says something, but no token can be found in it. */
  | { readonly kind: 'unreadable' };

/**
 * Find the token in an `Authorization` header: after `Bearer` (RFC 6750), or as the password of `Basic`
 * (RFC 7617), with any name, since clients that know only addresses write it there: `http://hero:TOKEN@host`.
 */
export function credentialsIn(header: string | undefined): Credentials {
  if (header === undefined) return { kind: 'none' };
  const [, scheme, value = ''] = /^ *(\w+) +(\S+) *$/.exec(header) ?? [];
  switch (scheme?.toLowerCase()) {
    case 'bearer':
      return { kind: 'token', token: value };
    case 'basic':
      return passwordOf(Buffer.from(value, 'base64').toString('utf8'));
    default:
      return { kind: 'unreadable' };
  }
}

function passwordOf(pair: string): Credentials {
  const colon = pair.indexOf(':');
  const token = pair.slice(colon + 1);
  return colon === -1 || token === '' ? { kind: 'unreadable' } : { kind: 'token', token };
}
