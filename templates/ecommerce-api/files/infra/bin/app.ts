import path from 'node:path';
import { addStacks, newApp } from '../lib/stacks.ts';

// The CLI of the CDK says where to write; `npm run synth` does without it.
const app = newApp({ outdir: process.env['CDK_OUTDIR'] ?? path.join(import.meta.dirname, '..', 'cdk.out') });
addStacks(app);
app.synth();
