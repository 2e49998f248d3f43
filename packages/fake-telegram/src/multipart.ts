/** One field of a form: a text, or a file. */
export interface FormPart {
  readonly name: string;
  readonly fileName: string | undefined;
  readonly type: string;
  readonly content: Buffer;
}

/**
 * The parts of a `multipart/form-data` body (RFC 7578). Node's own parser is stricter with blanks in
 * headers than Telegram is.
 * @throws when it is no such body
 */
export function readMultipart(body: Buffer, contentType: string): FormPart[] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) throw new Error('Bad Request: the form has no boundary');
  const parts: FormPart[] = [];
  // The first delimiter has no line break before it.
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  let at = whole.indexOf(delimiter);
  for (;;) {
    const from = at + delimiter.length;
    if (at === -1) throw new Error('Bad Request: the form is cut off');
    if (whole.subarray(from, from + 2).toString() === '--') return parts;
    at = whole.indexOf(delimiter, from);
    parts.push(readPart(whole.subarray(from + 2, at === -1 ? from : at)));
  }
}

function readPart(part: Buffer): FormPart {
  const end = part.indexOf('\r\n\r\n');
  const headers = part.subarray(0, Math.max(0, end)).toString('utf8');
  const name = /;\s*name="?([^";\r\n]*)"?/i.exec(headers)?.[1];
  if (end === -1 || name === undefined)
    throw new Error('Bad Request: a part of the form has no name');
  const quotedName = /;\s*filename="([^"\r\n]*)"/i.exec(headers);
  return {
    name,
    fileName: quotedName?.[1] ?? /;\s*filename=([^";\r\n]*)/i.exec(headers)?.[1],
    type: /^content-type:\s*(.+)$/im.exec(headers)?.[1]?.trim() ?? '',
    content: part.subarray(end + 4),
  };
}
