import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';

const Fields = z.record(z.string(), z.unknown());

/**
 * The fields of a call: JSON, a form, or a form with files (`multipart/form-data`).
 * @throws when the body is none of them
 */
export async function readFields(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await buffer(request);
  const type = request.headers['content-type'] ?? '';
  if (body.length === 0) return {};
  if (type.startsWith('application/json')) return Fields.parse(JSON.parse(body.toString('utf8')));
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': type },
  }).formData();
  const fields: Record<string, unknown> = {};
  // A field refers to a file with `attach://` and the name of its part.
  for (const [name, value] of form.entries()) {
    const attached = typeof value === 'string' ? /^attach:\/\/(.+)$/.exec(value)?.[1] : undefined;
    fields[name] = attached === undefined ? value : (form.get(attached) ?? value);
  }
  return fields;
}
