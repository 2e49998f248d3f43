export { type HttpPeer, McpSessions } from './http-sessions.ts';
export { createMcpServer, type McpServerParts } from './server.ts';
export type { Scope, Speaker } from './speaker.ts';
export { serveStdio } from './stdio.ts';
