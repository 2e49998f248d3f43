import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A site with https on this machine, whose certificate whoever is given it trusts. */
export interface SecureSite {
  /** `https://127.0.0.1:4711` */
  readonly url: string;
  /** For NODE_EXTRA_CA_CERTS. */
  readonly certificate: string;
  /** What was asked for: `HEAD /page`. */
  readonly requests: string[];
  readonly close: () => Promise<void>;
}

/** @param pages status of each path, or 0: it never answers, or where it redirects to; what is not there is 404 */
export async function startSecureSite(
  directory: string,
  pages: Readonly<Record<string, number | string>>,
): Promise<SecureSite> {
  const key = join(directory, 'site-key.pem');
  const certificate = join(directory, 'site.pem');
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...name];
  await promisify(execFile)('openssl', [...words, '-keyout', key, '-out', certificate]);
  const requests: string[] = [];
  const secrets = { key: readFileSync(key), cert: readFileSync(certificate) };
  const server: Server = createServer(secrets, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const page = pages[request.url ?? ''] ?? 404;
    if (page === 0) return;
    if (typeof page === 'string') response.writeHead(302, { location: page });
    else response.writeHead(page, { 'content-type': 'text/html' });
    response.end('<html><body><h1>A page</h1><p>It says forty-two.</p></body></html>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen');
  return {
    url: `https://127.0.0.1:${address.port}`,
    certificate,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
