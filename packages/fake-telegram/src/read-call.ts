import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { type FormPart, readMultipart } from './multipart.ts';

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
  if (type.startsWith('multipart/form-data')) return readForm(readMultipart(body, type));
  return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
}

/** A field refers to a file with `attach://` and the name of its part. */
function readForm(parts: readonly FormPart[]): Record<string, unknown> {
  const readValue = ({ content, fileName, type }: FormPart): string | SentFile =>
    fileName === undefined ? content.toString('utf8') : new SentFile(fileName, type, content);
  const values = new Map(parts.map((part) => [part.name, readValue(part)]));
  const resolved = [...values].map(([name, value]) => {
    const attached = typeof value === 'string' ? /^attach:\/\/(.+)$/.exec(value)?.[1] : undefined;
    return [name, attached === undefined ? value : (values.get(attached) ?? value)] as const;
  });
  return Object.fromEntries(resolved);
}

/** A file as it came. */
export class SentFile {
  readonly fileName: string;
  readonly mimeType: string;
  readonly content: Buffer;

  constructor(fileName: string, mimeType: string, content: Buffer) {
    this.fileName = fileName;
    this.mimeType = mimeType;
    this.content = content;
  }
}
