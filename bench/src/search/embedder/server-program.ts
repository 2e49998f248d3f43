import { SyntheticVectors } from '../scale/synthetic-vectors.ts';
import { Embedder } from './embedder.ts';
import { startOllamaServer } from './ollama-server.ts';

// A server in a process of its own: what it costs must not be paid by those who measure.
const [kind, port] = process.argv.slice(2);
const embedder = kind === 'synthetic' ? new SyntheticVectors() : new Embedder();
await startOllamaServer(embedder, Number(port));
// It ends with who started it.
process.once('disconnect', () => process.exit(0));
process.send?.('listening');
