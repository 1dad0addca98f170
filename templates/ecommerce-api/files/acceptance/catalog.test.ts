import { makeCatalogWorld } from './catalog-world.ts';
import { finding } from './catalog/finding.ts';
import { goods } from './catalog/goods.ts';
import { keeping } from './catalog/keeping.ts';
import { refusals } from './catalog/refusals.ts';
import { stock } from './catalog/stock.ts';
import { tree } from './catalog/tree.ts';
import { walks } from './catalog/walks.ts';
import { suite } from './support/suite.ts';

const { leaf } = suite('catalog', makeCatalogWorld);

for (const { id, title, body } of [...tree, ...goods, ...finding, ...walks, ...keeping, ...stock, ...refusals]) leaf(id, title, body);
