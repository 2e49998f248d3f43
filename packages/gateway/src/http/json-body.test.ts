import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerErrors } from './error-answers.ts';
import { acceptJson } from './json-body.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = Fastify({ bodyLimit: 1024 });
  acceptJson(app);
  answerErrors(app, 1);
  app.post('/echo', ({ body }) => (body === undefined ? { nothing: true } : { body }));
  await app.ready();
});
afterAll(() => app.close());

async function send(payload: string | Buffer, type?: string) {
  const headers = type === undefined ? {} : { 'content-type': type };
  const answer = await app.inject({ method: 'POST', url: '/echo', payload, headers });
  return { status: answer.statusCode, body: answer.json<unknown>() };
}

const sendJson = (payload: string | Buffer) => send(payload, 'application/json');

describe('what is taken', () => {
  test.each([
    ['{"a": [1, null, "界😀"]}', { a: [1, null, '界😀'] }],
    ['[]', []],
    ['null', null],
    ['"text"', 'text'],
    [' {} \n', {}],
  ])('%s', async (payload, body) => {
    expect(await sendJson(payload)).toEqual({ status: 200, body: { body } });
  });

  test('brackets in a text are text, and 64 levels are not too deep', async () => {
    const text = `${'['.repeat(200)}\\"${'{'.repeat(100)}`;
    expect((await sendJson(JSON.stringify([text, text]))).body).toEqual({ body: [text, text] });
    expect(
      (await sendJson(`[${'[],'.repeat(100)}${'['.repeat(63)}${']'.repeat(63)}]`)).status,
    ).toBe(200);
  });

  test('an empty body is none', async () => {
    expect(await sendJson('')).toEqual({ status: 200, body: { nothing: true } });
  });

  test('a request without a body or a type', async () => {
    const answer = await app.inject({ method: 'POST', url: '/echo' });
    expect(answer.json()).toEqual({ nothing: true });
  });

  test('the type may have parameters, and any case', async () => {
    expect((await send('{}', 'application/json; charset=utf-8')).status).toBe(200);
    expect((await send('{}', 'Application/JSON')).status).toBe(200);
  });

  test('a body to the last byte of the limit', async () => {
    const payload = JSON.stringify('a'.repeat(1022));
    expect((await sendJson(payload)).status).toBe(200);
  });
});

describe('what is refused', () => {
  test.each<[string, string | Buffer]>([
    ['a piece of JSON', '{"a": '],
    ['more than one value', '{} {}'],
    ['65 levels', '['.repeat(65) + ']'.repeat(65)],
    ['levels without an end', '{"a":'.repeat(200)],
    ['a text without an end', `["\\`],
    ['words', 'hello'],
    ['single quotes', "{'a': 1}"],
    ['white space alone', ' '],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['half a character', Buffer.from([0x22, 0xe7, 0x95, 0x22])],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0xbd, 0x22])],
    ['a slash in two bytes', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
  ])('%s', async (_what, payload) => {
    const { status, body } = await sendJson(payload);
    expect(status).toBe(422);
    expect(body).toEqual({
      detail: [
        {
          loc: ['body'],
          msg: expect.stringMatching(/^The body is not valid JSON: ./),
          type: 'json_invalid',
        },
      ],
    });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'text/json', 'application/jsonp'])(
    'the type %s',
    async (type) => {
      const { status, body } = await send('{}', type);
      expect(status).toBe(415);
      expect(body).toEqual({ detail: expect.stringContaining('application/json') });
    },
  );

  test('one byte over the limit', async () => {
    const { status, body } = await sendJson(JSON.stringify('a'.repeat(1023)));
    expect(status).toBe(413);
    expect(body).toEqual({ detail: expect.stringContaining('1 MB (GATEWAY_MAX_BODY_MB)') });
  });
});
