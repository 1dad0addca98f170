import { guard } from './prisma/guard.ts';
import { outage } from './prisma/outage.ts';
import { port } from './prisma/port.ts';
import { swap } from './prisma/swap.ts';
import { makePrismaWorld } from './prisma/world.ts';
import { suite } from './support/suite.ts';
import { taskCrud } from './task-crud/index.ts';

const { leaf } = suite('prisma', makePrismaWorld);

for (const { id, title, body } of taskCrud) leaf('same-suite', `${id}: ${title}`, body);
for (const { id, title, body } of [...port, ...swap, ...outage, ...guard]) leaf(id, title, body);
