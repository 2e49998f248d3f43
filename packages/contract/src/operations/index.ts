import * as access from './access.ts';
import * as chat from './chat.ts';
import * as gateway from './gateway.ts';
import * as memory from './memory.ts';
import * as search from './search.ts';
import * as system from './system.ts';
import * as turns from './turns.ts';

export const operations = {
  sendMessage: gateway.sendMessage,
  streamMessage: gateway.streamMessage,
  stopChat: gateway.stopChat,
  listSessions: gateway.listSessions,
  resetSession: gateway.resetSession,
  reapSessions: gateway.reapSessions,
  queueStatus: gateway.queueStatus,
  listTurns: turns.listTurns,
  getTurn: turns.getTurn,
  cancelTurn: turns.cancelTurn,
  followTurn: turns.followTurn,
  listChatSessions: chat.listChatSessions,
  getChatSession: chat.getChatSession,
  addChatMessage: chat.addChatMessage,
  searchChat: chat.searchChat,
  listMemories: memory.listMemories,
  addMemory: memory.addMemory,
  updateMemory: memory.updateMemory,
  deleteMemory: memory.deleteMemory,
  searchMemories: memory.searchMemories,
  searchStatus: search.searchStatus,
  createToken: access.createToken,
  listTokens: access.listTokens,
  revokeToken: access.revokeToken,
  ping: system.ping,
  health: system.health,
} as const;

export type Operations = typeof operations;
export type OperationId = keyof Operations;
