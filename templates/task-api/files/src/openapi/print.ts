import { readConfig } from '../config.ts';
import { api, credentialFor } from '../features/index.ts';
import { describeApi } from './document.ts';
import { platform } from './platform.ts';

const document = describeApi([platform, ...api], credentialFor(readConfig(process.env)));
process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
