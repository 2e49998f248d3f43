import { type Operation, placeOf } from '@mini-claude-bot/contract';

/** An operation's call, ready for `fetch`. */
export interface PreparedRequest {
  /** Path and query, to be put behind the gateway's address. */
  readonly path: string;
  readonly method: string;
  readonly body: string | undefined;
}

/** Put each field of an input where the operation says it travels. */
export function prepareRequest(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
): PreparedRequest {
  let path = operation.path;
  const query = new URLSearchParams();
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue;
    const place = placeOf(operation, name);
    if (place === 'path') path = path.replace(`{${name}}`, pathPart(String(value)));
    else if (place === 'query') query.set(name, String(value));
    else body[name] = value;
  }
  const search = query.size === 0 ? '' : `?${query}`;
  const hasBody = Object.keys(body).length > 0;
  return {
    path: path + search,
    method: operation.method,
    body: hasBody ? JSON.stringify(body) : undefined,
  };
}

/** `.` and `..` would be taken for directories by whoever resolves the address, also when encoded. */
function pathPart(value: string): string {
  if (value === '' || value === '.' || value === '..')
    throw new RangeError(`"${value}" can't be part of an address`);
  return encodeURIComponent(value);
}
