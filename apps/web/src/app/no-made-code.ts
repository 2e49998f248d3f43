import { config } from 'zod';

// The page may not make code at run time (its policy forbids it), so zod need not try.
config({ jitless: true });
