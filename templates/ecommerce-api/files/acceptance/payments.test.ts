import { books } from './payments/books.ts';
import { events } from './payments/events.ts';
import { lateness } from './payments/late.ts';
import { opening } from './payments/opening.ts';
import { refunds } from './payments/refunds.ts';
import { makePayingShop } from './payments/world.ts';
import { suite } from './support/suite.ts';

const { leaf } = suite('payments', makePayingShop);

for (const { id, title, body } of [...opening, ...events, ...lateness, ...refunds, ...books]) leaf(id, title, body);
