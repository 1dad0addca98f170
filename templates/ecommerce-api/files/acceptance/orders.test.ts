import { checkout } from './orders/checkout.ts';
import { cart } from './orders/cart.ts';
import { expiry } from './orders/expiry.ts';
import { ledger } from './orders/ledger.ts';
import { moves } from './orders/moves.ts';
import { makeOrderShop } from './orders/world.ts';
import { suite } from './support/suite.ts';

const { leaf } = suite('orders', makeOrderShop);

for (const { id, title, body } of [...cart, ...checkout, ...moves, ...expiry, ...ledger]) leaf(id, title, body);
