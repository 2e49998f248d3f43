/** Instead of the page, where it was never built. */
export const notBuilt = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>mini-claude-bot</title>
<style>
body { font: 1rem/1.6 system-ui, sans-serif; margin: 15vh auto 0; max-width: 34rem; padding: 0 1.5rem }
code { font-family: ui-monospace, monospace; background: #8883; border-radius: 4px; padding: .1em .4em }
</style>
</head>
<body>
<h1>The gateway runs, but its page is not built yet.</h1>
<p>Build it, in the directory of the project, and open this address again: <code>npm run build</code></p>
<p>Everything else is there: <a href="/docs">the API</a>, and <code>mini-claude-bot chat</code> in a terminal.</p>
</body>
</html>
`;
