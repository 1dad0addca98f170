import { readConfig } from '../../config.ts';

const { port } = readConfig(process.env);
const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4000) }).catch(() => undefined);
process.exitCode = response?.ok ? 0 : 1;
