import type { Variable } from './variable-kinds.ts';
import { variables } from './variables.ts';

const describe = (name: string, { say, form, default: standard, secret }: Variable): string =>
  [
    `# ${say}`,
    `# ${form[0]?.toUpperCase()}${form.slice(1)}.${secret === true ? ' A secret.' : ''}`,
    `#${name}=${standard ?? ''}`,
  ].join('\n');

/** The text of `.env.example`: every variable with what it is for, what it may be, and its default. */
export const envExample = (): string =>
  `${[
    '# Copy this file to .env and uncomment what you want to change.',
    '# Made from packages/gateway/src/config/variables.ts by: npm run generate',
    '',
    Object.entries<Variable>(variables)
      .map(([name, entry]) => describe(name, entry))
      .join('\n\n'),
  ].join('\n')}\n`;
