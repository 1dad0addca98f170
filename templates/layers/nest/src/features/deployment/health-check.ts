import { readConfig } from '../../config.ts';

const { port, role } = readConfig(process.env);

async function answersReady(): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4000) }).catch(() => undefined);
  return response?.ok ?? false;
}

// A worker has nothing to ask. It is well as long as it runs.
process.exitCode = role === 'worker' || (await answersReady()) ? 0 : 1;
