import { type Operation, placeOf } from '@mini-claude-bot/contract';

/** An operation's call, with whatever values: they are sent as they are, whether it takes them or not. */
export interface OperationRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** Half characters have no form in an address: they become what stands for them in UTF-8. */
const encoded = (value: unknown): string =>
  encodeURIComponent(Buffer.from(asText(value), 'utf8').toString('utf8'));

export function operationRequest(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
): OperationRequest {
  let path: string = operation.path;
  const query: string[] = [];
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue;
    const place = placeOf(operation, name);
    if (place === 'path') path = path.replace(`{${name}}`, () => encoded(value) || '%20');
    else if (place === 'query') query.push(`${encodeURIComponent(name)}=${encoded(value)}`);
    else body[name] = value;
  }
  const hasBody = operation.method === 'POST' || operation.method === 'PUT';
  return {
    method: operation.method,
    path: query.length === 0 ? path : `${path}?${query.join('&')}`,
    headers: hasBody ? { 'content-type': 'application/json' } : {},
    body: hasBody ? JSON.stringify(body) : undefined,
  };
}
