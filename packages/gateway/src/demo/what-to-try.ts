/** What a newcomer sees once the demo is up. @param url where its gateway listens */
export function whatToTry(url: string): string {
  const there = url === 'http://127.0.0.1:8000' ? '' : ` --url ${url}`;
  return `
The demo is ready at ${url}
Nothing here leaves this machine: the replies come from a script, and Claude Code itself is real.

Look at the page, in a browser: chats, tasks, jobs, memories, what Claude costs:
  ${url}

Talk to a chat, from another terminal:
  npx mini-claude-bot chat demo${there}
  echo "请写一个小函数" | npx mini-claude-bot chat 10001${there}

Send a message, whole and streamed:
  curl -s ${url}/api/gateway/send -H 'content-type: application/json' \\
    -d '{"chat_id": "demo", "message": "Which files do you see?"}'
  curl -sN ${url}/api/gateway/send-stream -H 'content-type: application/json' \\
    -d '{"chat_id": "demo", "message": "A plan for a picnic, as a list, please"}'

See what is there:
  curl -s ${url}/api/gateway/sessions
  curl -s ${url}/api/chat/sessions
  curl -s '${url}/api/chat/sessions/gw-default-demo?limit=2'

Every call, to read and to try, in a browser:
  ${url}/docs

A message can say what the model does: [[bash:uname -a]] [[/]] [[text:done]], [[slow:200]], [[status:529]]
(docs/fake-anthropic.md has them all). Ctrl-C ends the demo and removes what it made.
`;
}
