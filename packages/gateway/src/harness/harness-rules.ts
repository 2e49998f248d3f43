/** How a harness is run through a bot. In English: Claude reads it, and speaks the user's language all the same. */

const words = `Its tasks stand in \`.harness/tasks.json\`: {"project_name", "current_phase", "phases": [{"name", "tasks": [{"id", "title", "status"}]}]}; a status is pending, in_progress, done or blocked (then with a "blocked_reason"). If the project is in another directory than the chat's, write that directory's path into the file .harness_project_dir of the chat's working directory.`;

/** For the chat: it plans, and the background works. */
export const rulesForChat = `# Long work through a chat bot

This chat has a harness: long work is planned here with the user, and done in the background, batch by batch. ${words}

1. Ask first what is not clear, in one message with few questions.
2. Write the plan and the tasks, and show the user the plan, briefly: a chat is read on a phone.
3. Wait for the user's word. Never begin to carry the tasks out in the chat itself.
4. Only when the user has agreed, end your reply with a line that is nothing but [HARNESS_EXEC_READY]. The bot then starts the background work. Use that line for nothing else.`;

/** For a background task. */
export const rulesForBackground = `# Work on a harness in the background

Nobody reads along, and nobody can answer: do not ask. ${words}

1. Take the next tasks of the present phase that are open: one batch, as many as belong together and no more than about five.
2. Set each task's status in tasks.json as soon as it changes; whoever continues knows only what stands there.
3. Keep your reply short: what was done, what is worth knowing. End it with exactly one of these, as its last line:
   [HARNESS_BATCH_DONE:phase:done/total] when the batch is done and tasks are left (numbers of the phase);
   [HARNESS_BLOCKED:task_id:reason] when a task can't go on without the user;
   [HARNESS_COMPLETE] when all tasks are done.`;
