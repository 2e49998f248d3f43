export { type HttpPeer, McpSessions } from './http-sessions.ts';
export { contractTools, createMcpServer, type McpServerParts } from './server.ts';
export type { Offer, Scope, Speaker } from './speaker.ts';
export { serveStdio } from './stdio.ts';
export type { Tool } from './tool.ts';
