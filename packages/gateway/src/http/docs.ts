import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import { allOperations, openApiDocument } from '@mini-claude-bot/contract';
import type { FastifyInstance } from 'fastify';
import { version } from '../host/version.ts';
import { pagePolicy } from './security-headers.ts';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mini-claude-bot: API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

// The validator would be somebody else's.
const start = `SwaggerUIBundle({
  url: '/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null,
});
`;

/** `/openapi.json`, made from the contract, and `/docs`, where it can be browsed and tried. */
export async function serveDocs(app: FastifyInstance): Promise<void> {
  let document: string | undefined;
  app.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(allOperations(), version));
    return reply.type('application/json').send(document);
  });
  app.get('/docs', (_request, reply) =>
    reply.header('content-security-policy', pagePolicy).type('text/html; charset=utf-8').send(page),
  );
  app.get('/docs/start.js', (_request, reply) => reply.type('text/javascript').send(start));
  await app.register(fastifyStatic, {
    root: dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')),
    prefix: '/docs/assets/',
    decorateReply: false,
    allowedPath: (path) => /^\/swagger-ui(-bundle\.js|\.css)$/.test(path),
    wildcard: true,
  });
}
