import type { FastifyInstance } from 'fastify';
import { pagePolicy } from '../security-headers.ts';

/** Where a link that signs in leads. It stands by itself, so that it works whatever page is built. */
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>mini-claude-bot</title>
<link rel="stylesheet" href="/open.css">
<script src="/open.js" defer></script>
</head>
<body>
<main>
<p id="words" role="status" aria-live="polite">…</p>
<noscript>JavaScript is needed.</noscript>
</main>
</body>
</html>
`;

const style = `body { font: 1.1rem/1.6 system-ui, sans-serif; margin: 30vh auto 0; max-width: 34rem; padding: 0 1.5rem; text-align: center }
`;

// The code stands behind the "#", which no server is sent; it leaves the address, and the history, before it is used.
const script = `(async () => {
  const chinese = navigator.language.startsWith('zh');
  const say = (en, zh) => {
    document.documentElement.lang = chinese ? 'zh' : 'en';
    document.getElementById('words').textContent = chinese ? zh : en;
  };
  const code = location.hash.slice(1);
  history.replaceState(null, '', '/open');
  if (code === '') return location.replace('/');
  say('Signing in …', '正在登录……');
  try {
    const answer = await fetch('/api/access/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    if (answer.ok) return location.replace('/');
    say(
      answer.status === 401
        ? 'This link was used already, or is too old. Make another one with: mini-claude-bot open'
        : 'The gateway did not sign you in (' + answer.status + '). Try again in a minute.',
      answer.status === 401
        ? '此链接已被使用或已过期。请重新运行：mini-claude-bot open'
        : '登录失败（' + answer.status + '）。请稍后再试。',
    );
  } catch {
    say('The gateway does not answer. Is it running?', '网关没有响应，它在运行吗？');
  }
})();
`;

/** Serve `/open`, which signs a browser in with the code behind its "#". */
export function serveOpenPage(app: FastifyInstance): void {
  const config = { open: () => true };
  app.get('/open', { config }, (_request, reply) =>
    reply.header('content-security-policy', pagePolicy).type('text/html; charset=utf-8').send(page),
  );
  app.get('/open.css', { config }, (_request, reply) => reply.type('text/css').send(style));
  app.get('/open.js', { config }, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(script),
  );
}
