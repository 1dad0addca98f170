import type { Leaf } from '../world.ts';
import { isolation } from './isolation.ts';
import { lists } from './lists.ts';
import { projects } from './projects.ts';
import { reading } from './reading.ts';
import { writing } from './writing.ts';

/** Everything that is asked of projects and tasks, whatever keeps them. */
export const taskCrud: readonly Leaf[] = Object.freeze([...projects, ...writing, ...reading, ...lists, ...isolation]);
