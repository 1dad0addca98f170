import { suite } from './support/suite.ts';
import { taskCrud } from './task-crud/index.ts';
import { makeWorld } from './world.ts';

const { leaf } = suite('task-crud', makeWorld);

for (const { id, title, body } of taskCrud) leaf(id, title, body);
