import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pagePolicy } from '../security-headers.ts';
import { notBuilt } from './not-built.ts';
import type { PageFiles, PageRequest } from './page-files.ts';

const oneYearMs = 365 * 24 * 3600 * 1000;

export const pageRequest = ({ method, raw, headers }: FastifyRequest): PageRequest => ({
  method,
  url: raw.url ?? '/',
  accept: headers.accept,
});

/**
 * Serve the owner's page at `/`, and at every address inside of it. Its files are the same for everybody, so they are
 * given to whoever asks; what they then show comes from the API. Files in `assets/` have a hash of what is in them in
 * their names, so that they are kept for good. A file beside one with `.br` or `.gz` is sent to those who take it.
 */
export async function servePage(app: FastifyInstance, files: PageFiles): Promise<void> {
  const { directory } = files;
  await app.register((page, _options, done) => {
    page.register(fastifyStatic, { serve: false, preCompressed: true });
    page.route({
      method: ['GET', 'HEAD'],
      url: '/*',
      config: { open: (request) => files.find(pageRequest(request)) !== undefined },
      handler: (request, reply) => {
        const found = files.find(pageRequest(request));
        if (found === undefined) return reply.callNotFound();
        reply.header('content-security-policy', pagePolicy);
        if (directory === undefined || !files.there) return sendNotBuilt(reply);
        return found.kind === 'file'
          ? sendFile(reply, found.path, directory)
          : sendFile(reply, '/index.html', directory);
      },
    });
    done();
  });
}

function sendFile(reply: FastifyReply, path: string, root: string): FastifyReply {
  reply.header('vary', 'accept-encoding');
  reply.removeHeader('cache-control');
  if (path.startsWith('/assets/'))
    return reply.sendFile(path, root, { maxAge: oneYearMs, immutable: true });
  // Asked for each time, and sent again only when it is another one.
  return reply.sendFile(path, root, { maxAge: 0 });
}

const sendNotBuilt = (reply: FastifyReply): FastifyReply =>
  reply.code(503).type('text/html; charset=utf-8').send(notBuilt);
