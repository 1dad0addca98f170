import { after } from 'node:test';
import { fresh } from './caching/fresh.ts';
import { outage } from './caching/outage.ts';
import { outcomes } from './caching/outcomes.ts';
import { poison } from './caching/poison.ts';
import { stampede } from './caching/stampede.ts';
import { closeWorld, makeWorld } from './caching/world.ts';
import { suite } from './support/suite.ts';

const { leaf } = suite('caching', makeWorld);

for (const { id, title, body } of [...outcomes, ...fresh, ...stampede, ...outage, ...poison]) leaf(id, title, body);

// After the processes have ended, which would go on writing.
after(closeWorld);
