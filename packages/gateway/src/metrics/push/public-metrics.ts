import { type Metrics, type PrivateField, publicFields } from '@mini-claude-bot/contract';

/** Fields by name, all the way down; `all`: with everything that is below. */
type Tree = 'all' | Map<string, Tree>;

/** Days that are sent: a calendar of a year. */
const mostDays = 371;

/**
 * What everybody may see of the metrics. It is chosen field by field: what nobody has thought of stays.
 * @param more fields that the owner makes public besides
 */
export function publicMetrics(metrics: Metrics, more: readonly PrivateField[]): unknown {
  const { claude_usage: usage } = metrics;
  const recent = { ...usage, daily_activity: usage.daily_activity.slice(-mostDays) };
  return pick({ ...metrics, claude_usage: recent }, treeOf([...publicFields, ...more]));
}

function treeOf(fields: readonly string[]): Tree {
  const root = new Map<string, Tree>();
  for (const field of fields) {
    const names = field.split('.');
    const last = names.pop() ?? '';
    let at = root;
    for (const name of names) {
      const below = at.get(name);
      if (below === 'all') throw new Error(`${field} is public already`);
      const next = below ?? new Map<string, Tree>();
      at.set(name, next);
      at = next;
    }
    at.set(last, 'all');
  }
  return root;
}

function pick(value: unknown, tree: Tree): unknown {
  if (tree === 'all') return value;
  if (Array.isArray(value)) return value.map((item) => pick(item, tree));
  if (typeof value !== 'object' || value === null) return undefined;
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    const below = tree.get(name);
    return below === undefined ? [] : [[name, pick(inner, below)]];
  });
  return Object.fromEntries(kept);
}
