export function bundle(entries: Record<string, string>, directory: string): Promise<void>;
