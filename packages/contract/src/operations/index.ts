import * as access from './access.ts';
import * as away from './away.ts';
import * as chat from './chat.ts';
import * as gateway from './gateway.ts';
import * as outbox from './outbox.ts';
import * as system from './system.ts';
import * as tasks from './tasks.ts';
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
  startTask: tasks.startTask,
  taskStatus: tasks.taskStatus,
  harnessStatus: tasks.harnessStatus,
  cleanUp: tasks.cleanUp,
  listTasks: tasks.listTasks,
  getTask: tasks.getTask,
  cancelTask: tasks.cancelTask,
  setAway: away.setAway,
  awayStatus: away.awayStatus,
  startAwayWork: away.startAwayWork,
  stopAwayWork: away.stopAwayWork,
  listChatSessions: chat.listChatSessions,
  getChatSession: chat.getChatSession,
  addChatMessage: chat.addChatMessage,
  createToken: access.createToken,
  listTokens: access.listTokens,
  revokeToken: access.revokeToken,
  listDeliveries: outbox.listDeliveries,
  getDelivery: outbox.getDelivery,
  retryDelivery: outbox.retryDelivery,
  ping: system.ping,
  health: system.health,
} as const;

export type Operations = typeof operations;
export type OperationId = keyof Operations;
